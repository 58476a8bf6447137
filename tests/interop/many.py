"""Many requests at once: in a batch, and on a stream."""

from copy import deepcopy
from typing import Any

from decisions import Exchange
from tally import Tally, equal, holds, refused

INVALID_ARGUMENT = 3
BAD_REQUEST = "type.googleapis.com/google.rpc.BadRequest"
WRONG = {"edition": "1999-01", "device": {"id": "x" * 257}}


def facts(client, tally: Tally, sent: list[Exchange]) -> list[Exchange]:
    """Asks in a batch and on a stream; gives what was recorded anew."""
    exchanges = []
    for method, ask in {"BatchCheck": batch, "StreamCheck": stream}.items():
        exchanges += method_facts(client, tally, method, ask, sent[0])
    with tally.fact(f"{client.name}: a batch of more than 1,000 is refused by name"):
        refusal = refused("INVALID_ARGUMENT", client.call, "BatchCheck", {"requests": [{}] * 1001})
        equal(set(refusal.violations), {"requests"})
    return exchanges


def method_facts(client, tally: Tally, method: str, ask, earlier: Exchange) -> list[Exchange]:
    """New requests, one twice, one that was decided before and one that is wrong."""
    one, two = ({**deepcopy(earlier.request), "requestId": f"{client.name}-{method}-{which}"} for which in ["one", "two"])
    results: list[dict[str, Any]] = []
    with tally.fact(f"{client.name}: {method} answers every request"):
        results = ask(client, [one, earlier.request, WRONG, two, one])
        equal(len(results), 5)
    with tally.fact(f"{client.name}: {method} answers in order, and what was decided before with what was decided"):
        found = [results[place]["decision"] for place in [0, 1, 3, 4]]
        equal([decision["request"] for decision in found], [one, earlier.request, two, one])
        equal(found[1], earlier.decision)
        equal(found[3], found[0], context="the same request twice")
    with tally.fact(f"{client.name}: {method} gives a wrong request the error of Check, and no other"):
        refusal = refused("INVALID_ARGUMENT", client.call, "Check", WRONG)
        error = results[2]["error"]
        equal((error["code"], error["message"]), (INVALID_ARGUMENT, refusal.message))
        [detail] = error["details"]
        equal(detail["@type"], BAD_REQUEST)
        violations = {violation["field"]: violation["description"] for violation in detail["fieldViolations"]}
        equal(violations, refusal.violations)
        holds({"edition", "device.id"} <= set(violations), f"only {set(violations)}")
    recorded = {place: result["decision"] for place, result in enumerate(results) if "decision" in result}
    return [Exchange(request, recorded[place]) for place, request in {0: one, 3: two}.items() if place in recorded]


def batch(client, requests: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The results of one call."""
    return client.call("BatchCheck", {"requests": requests})["results"]


def stream(client, requests: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The results of one stream, whose positions must count up."""
    answers = client.stream("StreamCheck", [{"request": request} for request in requests])
    equal([int(answer.get("position", 0)) for answer in answers], list(range(len(answers))))
    return [answer["result"] for answer in answers]
