"""Counts facts that held and facts that did not, and carries on after one that did not."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from refusal import Refusal


class Tally:
    """What was tried so far."""

    def __init__(self) -> None:
        self.passed = 0
        self.failed = 0

    @contextmanager
    def fact(self, name: str) -> Iterator[None]:
        """Counts its block as passed, or as failed with what it raised."""
        try:
            yield
        except Exception as failure:  # whatever went wrong, the other facts are still worth knowing
            self.failed += 1
            print(f"FAILED {name}\n       {type(failure).__name__}: {failure}", flush=True)
        else:
            self.passed += 1


def equal(found: Any, expected: Any, context: str = "") -> None:
    """Fails where the two differ."""
    if found != expected:
        raise AssertionError(f"expected {expected!r}, found {found!r}{f' ({context})' if context else ''}")


def holds(condition: bool, otherwise: str) -> None:
    """Fails with `otherwise` where the condition is false."""
    if not condition:
        raise AssertionError(otherwise)


def refused(code: str, call: Callable[..., Any], *arguments: Any) -> Refusal:
    """Makes a call that must be refused with `code`; gives the refusal."""
    try:
        answer = call(*arguments)
    except Refusal as refusal:
        equal(refusal.code, code, context=refusal.message)
        return refusal
    raise AssertionError(f"expected to be refused with {code}, answered {answer}")
