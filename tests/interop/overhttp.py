"""Two clients of HTTP that the service's own code had no hand in, curl and Python's urllib, and what they rely on. They call as the clients
of gRPC do, so that the same facts hold them."""

import json
import re
import ssl
import subprocess
import urllib.error
import urllib.parse
import urllib.request
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator
from openapi_spec_validator import validate

import decisions
import history
import many
import refusals
from decisions import Exchange
from grpcurl import CODES
from refusal import Refusal
from tally import Tally, equal, holds, refused

SECONDS_MAX = 30
HTTP_STATUS = {"INVALID_ARGUMENT": {400, 413, 415}, "NOT_FOUND": {404}, "ALREADY_EXISTS": {409}, "OUT_OF_RANGE": {413}, "UNAUTHENTICATED": {401}, "PERMISSION_DENIED": {403}}


class OverHttp:
    """What both have in common: which request a call is, and what an answer says."""

    name: str

    def __init__(self, base: str, ca: Path | None = None, token: str | None = None) -> None:
        self.base, self._ca = base, ca
        self._shown = {"Authorization": f"Bearer {token}"} if token else {}

    def call(self, method: str, request: dict[str, Any]) -> dict[str, Any]:
        """Calls a method; raises Refusal where the server answers with an error."""
        match method:
            case "Check":
                return self.ask("/v1/check", request)
            case "BatchCheck":
                return self.ask("/v1/check:batch", request)
            case "GetDecision":
                return self.ask(f"/v1/decisions/{urllib.parse.quote(request['decisionId'], safe='')}")
            case "History":
                return self.ask(f"/v1/decisions?{urllib.parse.urlencode(parameters(request))}")
        raise ValueError(f"{method} is not there over HTTP")

    def ask(self, path: str, message: dict[str, Any] | None = None) -> dict[str, Any]:
        """Gets what is at a path, or posts a message to it."""
        status, text = self.exchange(self.base + path, None if message is None else json.dumps(message).encode())
        answer = json.loads(text)
        if status == 200:
            return answer
        violations = {
            violation["field"]: violation["description"]
            for detail in answer.get("details", [])
            for violation in detail.get("fieldViolations", [])
        }
        code = CODES[answer["code"]]
        holds(status in HTTP_STATUS.get(code, {status}), f"{code} came as {status}")
        raise Refusal(code, answer["message"], violations, text)

    def exchange(self, url: str, body: bytes | None) -> tuple[int, str]:
        """Status and text of an answer."""
        raise NotImplementedError


class Curl(OverHttp):
    """Runs curl once per call."""

    name = "curl"

    def exchange(self, url: str, body: bytes | None) -> tuple[int, str]:
        command = ["curl", "--silent", "--show-error", "--max-time", str(SECONDS_MAX), "--write-out", "\n%{http_code}", url]
        command += ["--cacert", str(self._ca)] if self._ca else []
        for name, value in self._shown.items():
            command += ["--header", f"{name}: {value}"]
        if body is not None:
            command += ["--header", "Content-Type: application/json", "--data-binary", "@-"]
        run = subprocess.run(command, input=body or b"", capture_output=True, timeout=2 * SECONDS_MAX)
        if run.returncode != 0:
            raise ValueError(run.stderr.decode().strip())
        text, _, status = run.stdout.decode().rpartition("\n")
        return int(status), text


class Urllib(OverHttp):
    """Python's own client."""

    name = "urllib"

    def exchange(self, url: str, body: bytes | None) -> tuple[int, str]:
        kind = {"Content-Type": "application/json; charset=utf-8"} if body is not None else {}
        request = urllib.request.Request(url, body, kind | self._shown)
        context = ssl.create_default_context(cafile=self._ca) if self._ca else None
        try:
            with urllib.request.urlopen(request, timeout=SECONDS_MAX, context=context) as response:
                return response.status, response.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode()


def parameters(message: dict[str, Any], before: str = "") -> list[tuple[str, Any]]:
    """The fields of a message as parameters of a URL."""
    found: list[tuple[str, Any]] = []
    for name, value in message.items():
        if isinstance(value, dict):
            found += parameters(value, f"{before}{name}.")
        else:
            found += [(before + name, one) for one in (value if isinstance(value, list) else [value])]
    return found


def facts(client: OverHttp, other: Any, tally: Tally, cases: Path) -> list[Exchange]:
    """Everything that holds of a client of gRPC, as far as it can be asked over HTTP; `other` is one of those. Gives what was recorded."""
    exchanges = decisions.send(client, tally, cases)
    for exchange in exchanges:
        with tally.fact(f"{exchange.request['requestId']}: GetDecision gives what Check gave"):
            equal(client.call("GetDecision", {"decisionId": exchange.decision["decisionId"]})["decision"], exchange.decision)
    with tally.fact(f"{client.name}: a request that was decided over HTTP gets its decision over gRPC"):
        equal(other.call("Check", exchanges[0].request)["decision"], exchanges[0].decision)
    decisions.retry_facts(client, tally, exchanges[0], "at once")
    decisions.conflict_facts(client, tally, exchanges[0])
    with tally.fact(f"{client.name}: a decision that is not there, or whose id is none, is refused"):
        refused("NOT_FOUND", client.call, "GetDecision", {"decisionId": "01900000-0000-7000-8000-000000000000"})
        refused("INVALID_ARGUMENT", client.call, "GetDecision", {"decisionId": "first/../%"})
    history.facts(client, tally, exchanges)
    refusals.facts(client, tally, sends_any_number=False)
    with tally.fact(f"{client.name}: a place where nothing is says what there is"):
        refusal = refused("NOT_FOUND", client.ask, "/v2/check", {})
        holds("POST /v1/check" in refusal.message, refusal.message)
    return exchanges + many.method_facts(client, tally, "BatchCheck", many.batch, exchanges[0])


def document_facts(client: OverHttp, tally: Tally, exchanges: list[Exchange]) -> None:
    """The document that describes the calls: right by itself, and right about what is said."""
    document = client.ask("/v1/openapi.json")
    with tally.fact("the OpenAPI document is valid"):
        validate(document)
    with tally.fact("requests, answers and errors are as the OpenAPI document describes them"):
        for exchange in exchanges:
            conforms(document, "CheckRequest", exchange.request)
            conforms(document, "CheckResponse", {"decision": exchange.decision})
        conforms(document, "HistoryResponse", client.call("History", {"pageSize": 100}))
        refusal = refused("INVALID_ARGUMENT", client.call, "Check", {"edition": "1999-01"})
        conforms(document, "google.rpc.Status", json.loads(refusal.seen))


def example_facts(base: str, root: Path, tally: Tally) -> None:
    """The examples for curl in the documents, tried where the service is."""
    blocks = re.findall(r"^```sh\n(.*?)\n```$", (root / "docs/http.md").read_text(), re.MULTILINE | re.DOTALL)
    examples = [line for block in blocks for line in block.splitlines() if line.startswith("curl ")]
    with tally.fact("there are examples for curl"):
        holds(len(examples) >= 3, f"only {examples}")
    for example in examples:
        with tally.fact(f"docs/http.md: {example}"):
            command = example.replace("http://127.0.0.1:8080", base).replace("curl ", "curl --silent --show-error --fail ", 1)
            run = subprocess.run(["bash", "-c", command], cwd=root, capture_output=True, text=True, timeout=SECONDS_MAX)
            equal(run.returncode, 0, context=run.stderr)
            equal(type(json.loads(run.stdout)), dict)


def conforms(document: dict[str, Any], schema: str, message: dict[str, Any]) -> None:
    """Fails unless a message is as its schema has it, with no other fields."""
    closed = json.loads(json.dumps(document))
    for described in closed["components"]["schemas"].values():
        if "properties" in described:
            described["additionalProperties"] = False
    Draft202012Validator({"$ref": f"#/components/schemas/{schema}", **closed}).validate(message)
