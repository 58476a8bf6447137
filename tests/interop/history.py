"""The record read back, page by page."""

from collections import Counter
from typing import Any

from decisions import Exchange
from tally import Tally, equal, holds, refused

PAGE_SIZE = 10
PAGES_MAX = 100


def facts(client, tally: Tally, sent: list[Exchange]) -> None:
    """What one client sent is what it finds, by each filter and in each order."""
    by_label = {"label": {"key": "client", "value": client.name}}
    by_device = {"deviceId": f"device-{client.name}"}
    expected = [exchange.decision for exchange in sent]
    for name, query in {"label": by_label, "device": by_device}.items():
        with tally.fact(f"{client.name}: History by {name} finds all that was sent, newest first, in pages of {PAGE_SIZE}"):
            equal(ids(pages(client, query)), ids(reversed(expected)))
    with tally.fact(f"{client.name}: History gives the decisions whole"):
        equal(pages(client, by_label), expected[::-1])
    with tally.fact(f"{client.name}: History gives the oldest first when asked"):
        equal(ids(pages(client, by_label | {"order": "DECISION_ORDER_OLDEST_FIRST"})), ids(expected))
    for verdict, count in Counter(decision["verdict"] for decision in expected).items():
        with tally.fact(f"{client.name}: History by label and {verdict} finds {count}"):
            equal(len(pages(client, by_label | {"verdict": verdict})), count)
    with tally.fact(f"{client.name}: History before the first decision finds none"):
        equal(pages(client, by_label | {"decidedBefore": expected[0]["decidedAt"]}), [])
    with tally.fact(f"{client.name}: the basic view leaves out request, facts and findings"):
        basic_view(client, by_label, expected)
    token_facts(client, tally, by_label)


def basic_view(client, query: dict[str, Any], expected: list[dict[str, Any]]) -> None:
    """The same decisions without their bulk."""
    found = pages(client, query | {"view": "DECISION_VIEW_BASIC"})
    equal(ids(found), ids(reversed(expected)))
    for decision in found:
        equal({"request", "resolved"} & set(decision), set(), context=decision["decisionId"])
        holds(len(decision["items"]) > 0, f"{decision['decisionId']} has no items")
        for item in decision["items"]:
            holds("findings" not in item, f"{decision['decisionId']} shows findings")


def token_facts(client, tally: Tally, query: dict[str, Any]) -> None:
    """A page token goes on with its own query only."""
    token = client.call("History", query | {"pageSize": 1})["nextPageToken"]
    wrong = {
        "of another query": {"deviceId": "another", "pageSize": 1, "pageToken": token},
        "that is none": query | {"pageToken": "next"},
    }
    for which, request in wrong.items():
        with tally.fact(f"{client.name}: a page token {which} is refused by name"):
            refusal = refused("INVALID_ARGUMENT", client.call, "History", request)
            equal(set(refusal.violations), {"page_token"})
    with tally.fact(f"{client.name}: a page of more than 1,000 is refused by name"):
        refusal = refused("INVALID_ARGUMENT", client.call, "History", query | {"pageSize": 1001})
        equal(set(refusal.violations), {"page_size"})


def nothing_else_was_recorded(client, tally: Tally, sent: list[Exchange]) -> None:
    """Refusals and retries leave no decision, and the log has no gaps."""
    with tally.fact("the log holds what was answered and nothing else, numbered without gaps"):
        found = pages(client, {"order": "DECISION_ORDER_OLDEST_FIRST"})
        equal(ids(found), ids(exchange.decision for exchange in sent))
        equal([int(decision.get("logIndex", 0)) for decision in found], list(range(len(sent))))


def pages(client, query: dict[str, Any]) -> list[dict[str, Any]]:
    """All pages of a query, one after the other."""
    found = []
    token = ""
    for _ in range(PAGES_MAX):
        page = client.call("History", query | {"pageSize": PAGE_SIZE, "pageToken": token})
        decisions = page.get("decisions", [])
        holds(len(decisions) <= PAGE_SIZE, f"a page of {len(decisions)}")
        found += decisions
        token = page.get("nextPageToken", "")
        if not token:
            return found
        equal(len(decisions), PAGE_SIZE, context="a page before the last")
    raise AssertionError(f"more than {PAGES_MAX} pages")


def ids(decisions) -> list[str]:
    """Their ids, in their order."""
    return [decision["decisionId"] for decision in decisions]
