"""A real Prometheus that watches the real program, by the configuration and the rules that are there for it."""

import json
import subprocess
import time
import urllib.parse
import urllib.request
from pathlib import Path
from typing import Any

from grpcurl import Grpcurl
from refusals import GOOD
from server import Server, free_port
from tally import Tally, equal, holds

SECONDS_MAX = 60
CHECKS = 3


def facts(binary: Path, prometheus: Path, folder: Path, root: Path, tally: Tally) -> None:
    """Scrapes, asks, and looks at the rules."""
    admin = f"127.0.0.1:{free_port()}"
    with Server(binary, folder, options=["--admin-listen", admin]) as server:
        server.start()
        client = Grpcurl(server.address)
        for _ in range(CHECKS):
            client.call("Check", GOOD)
        with tally.fact("the service is alive and ready over HTTP"):
            equal([page(f"http://{admin}/{name}") for name in ["healthz", "readyz"]], ["alive\n", "ready\n"])
        address = f"127.0.0.1:{free_port()}"
        watching = subprocess.Popen(command(prometheus, folder, root, admin, address), cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        try:
            watched_facts(f"http://{address}/api/v1", tally)
        finally:
            watching.terminate()
            watching.wait(SECONDS_MAX)


def command(prometheus: Path, folder: Path, root: Path, admin: str, address: str) -> list[str | Path]:
    """Prometheus with the configuration of the project, but for the address and the pace."""
    example = (root / "deploy/prometheus/prometheus.yml").read_text()
    configured = example.replace("localhost:9464", admin).replace("15s", "1s").replace("alerts.yml", str(root / "deploy/prometheus/alerts.yml"))
    file = folder / "prometheus.yml"
    file.write_text(configured)
    return [prometheus, f"--config.file={file}", f"--storage.tsdb.path={folder / 'tsdb'}", f"--web.listen-address={address}"]


def watched_facts(api: str, tally: Tally) -> None:
    """What Prometheus knows."""
    with tally.fact("Prometheus scrapes the service and reads everything it says"):
        target = until(lambda: [one for one in answer(api, "targets")["activeTargets"] if one["health"] == "up"])[0]
        equal(target["lastError"], "")
    with tally.fact("what Prometheus knows is what happened"):
        decisions = until(lambda: answer(api, "query", query="sum(reimage_rights_decisions_total)")["result"])
        equal(float(decisions[0]["value"][1]), CHECKS)
        calls = answer(api, "query", query='reimage_rights_calls_total{rpc="Check",code="OK"}')["result"]
        equal(float(calls[0]["value"][1]), CHECKS)
    with tally.fact("every rule is evaluated without an error, and none of a healthy service fires"):
        rules = until(lambda: [rule for rule in rules_of(api) if rule["health"] == "ok"] if all(rule["health"] == "ok" for rule in rules_of(api)) else [])
        holds(len(rules) >= 10, f"{len(rules)} rules")
        equal([rule["name"] for rule in rules if rule["state"] == "firing"], [])


def rules_of(api: str) -> list[dict[str, Any]]:
    """All rules of all groups."""
    return [rule for group in answer(api, "rules")["groups"] for rule in group["rules"]]


def answer(api: str, what: str, **parameters: str) -> Any:
    """What the API answers."""
    return json.loads(page(f"{api}/{what}?{urllib.parse.urlencode(parameters)}"))["data"]


def page(url: str) -> str:
    """The text at a URL."""
    with urllib.request.urlopen(url, timeout=10) as response:
        return response.read().decode()


def until(look: Any) -> Any:
    """Looks until there is something."""
    deadline = time.monotonic() + SECONDS_MAX
    while True:
        try:
            if found := look():
                return found
        except OSError:
            pass
        holds(time.monotonic() < deadline, "it does not come about in time")
        time.sleep(0.2)
