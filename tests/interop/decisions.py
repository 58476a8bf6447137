"""Checks and what comes back of them: verdicts, the record, its reproduction, retries."""

import json
import sys
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tally import Tally, equal, refused

# Folders of cases that are sent.
FOLDERS = ["brief-examples", "reports"]


@dataclass
class Exchange:
    """A request and the decision it got."""

    request: dict[str, Any]
    decision: dict[str, Any]


def facts(client, tally: Tally, cases: Path) -> list[Exchange]:
    """Sends every case, and looks at what comes of it; gives what was answered."""
    exchanges = send(client, tally, cases)
    for exchange in exchanges:
        record_facts(client, tally, exchange)
    retry_facts(client, tally, exchanges[0], "at once")
    conflict_facts(client, tally, exchanges[0])
    absence_facts(client, tally)
    return exchanges


def send(client, tally: Tally, cases: Path) -> list[Exchange]:
    """Sends every case; gives what was answered."""
    exchanges = []
    for file in [file for folder in FOLDERS for file in sorted((cases / folder).glob("*.json"))]:
        case = with_samples(json.loads(file.read_text()), cases.parent / "reports")
        request = marked(case["request"], client.name, file.stem)
        verdict = case["expect"]["verdict"]
        with tally.fact(f"{client.name}: {file.stem} gives {verdict}"):
            decision = client.call("Check", request)["decision"]
            exchanges.append(Exchange(request, decision))
            equal(decision["verdict"], verdict)
    if not exchanges:
        sys.exit(f"{client.name}: no case in {cases} was answered, nothing else can be tried")
    return exchanges


def with_samples(value: Any, samples: Path) -> Any:
    """The same, with the text of each sample that a report names."""
    if isinstance(value, list):
        return [with_samples(each, samples) for each in value]
    if not isinstance(value, dict):
        return value
    value = {key: with_samples(each, samples) for key, each in value.items()}
    if "sample" in value:
        raw = (samples / value.pop("sample")).read_bytes()
        value["text"] = raw.decode("utf-16" if raw.startswith(b"\xff\xfe") else "utf-8")
    return value


def marked(request: dict[str, Any], client: str, case: str) -> dict[str, Any]:
    """The request with what finds it again: a key, a device and a label of its own."""
    request = deepcopy(request)
    request.setdefault("device", {})["id"] = f"device-{client}"
    return request | {"requestId": f"{client}-{case}", "labels": {"client": client, "case": case}}


def record_facts(client, tally: Tally, exchange: Exchange) -> None:
    """A decision can be read again and evaluated again."""
    identity = {"decisionId": exchange.decision["decisionId"]}
    key = exchange.request["requestId"]
    with tally.fact(f"{key}: GetDecision gives what Check gave"):
        equal(client.call("GetDecision", identity)["decision"], exchange.decision)
    with tally.fact(f"{key}: the decision holds the request"):
        equal(exchange.decision["request"], exchange.request)
    with tally.fact(f"{key}: reproduces"):
        equal(client.call("Reproduce", identity), {"result": "REPRODUCE_RESULT_SAME"})


def retry_facts(client, tally: Tally, exchange: Exchange, when: str) -> None:
    """The same request under the same key is the same decision."""
    with tally.fact(f"{client.name}: a retry {when} gives the recorded decision"):
        equal(client.call("Check", exchange.request)["decision"], exchange.decision)


def conflict_facts(client, tally: Tally, exchange: Exchange) -> None:
    """Another request under the same key is an error."""
    other = deepcopy(exchange.request)
    other["labels"]["case"] = "another"
    with tally.fact(f"{client.name}: another request under the same key is refused"):
        refused("ALREADY_EXISTS", client.call, "Check", other)


def absence_facts(client, tally: Tally) -> None:
    """Ids that name no decision."""
    unknown = {"decisionId": "01900000-0000-7000-8000-000000000000"}
    for method in ["GetDecision", "Reproduce"]:
        with tally.fact(f"{client.name}: {method} of an unknown decision is refused"):
            refused("NOT_FOUND", client.call, method, unknown)
        with tally.fact(f"{client.name}: {method} of something that is no id is refused by name"):
            refusal = refused("INVALID_ARGUMENT", client.call, method, {"decisionId": "first"})
            equal(set(refusal.violations), {"decision_id"})


def both_clients_read_the_same(clients, tally: Tally, exchanges: list[Exchange]) -> None:
    """Whoever asked for a decision, every client is given the same one."""
    for exchange in exchanges:
        with tally.fact(f"{exchange.request['requestId']}: every client reads the same decision"):
            for client in clients:
                read = client.call("GetDecision", {"decisionId": exchange.decision["decisionId"]})
                equal(read["decision"], exchange.decision, context=client.name)
