"""Runs every fact against one server, through all clients, ends it as an operator would, and tries the README's examples."""

import sys
import tempfile
from pathlib import Path

import decisions
import evidence
import history
import many
import overhttp
import readme
import refusals
import schema
import transparency
import trust
import watched
from grpcurl import Grpcurl
from reflected import Reflected
from server import Server, free_port
from tally import Tally, equal


ROOT = Path(__file__).parents[2]


def main(binary: Path, prometheus: Path) -> int:
    """Tests `binary`, watched by `prometheus`; gives the exit code."""
    tally = Tally()
    http = f"127.0.0.1:{free_port()}"
    with temporary() as folder, Server(binary, Path(folder), options=["--http-listen", http]) as server:
        try:
            facts(server, f"http://{http}", tally)
        finally:
            print(f"--- log of the server\n{server.log()}---", file=sys.stderr)
    with temporary() as folder, Server(binary, Path(folder), options=["--http-listen", http]) as server:
        server.start()
        overhttp.example_facts(f"http://{http}", ROOT, tally)
    with temporary() as folder:
        readme.facts(binary, Path(folder), ROOT / "README.md", tally)
    with temporary() as folder:
        trust.facts(binary, Path(folder), ROOT, tally)
    with temporary() as folder:
        watched.facts(binary, prometheus, Path(folder), ROOT, tally)
    evidence.facts(ROOT / "tests/golden/bundle/1.zip", tally)
    print(f"interop: {tally.passed} passed, {tally.failed} failed")
    return 1 if tally.failed else 0


def temporary() -> tempfile.TemporaryDirectory[str]:
    """A folder that is gone afterwards."""
    return tempfile.TemporaryDirectory(prefix="reimage-rights-interop-")


def facts(server: Server, http: str, tally: Tally) -> None:
    """Everything a foreign client relies on; over HTTP, the server is at `http`."""
    server.start()
    cases = ROOT / "tests/cases"
    clients = [Grpcurl(server.address), Reflected(server.address)]
    clients_over_http = [overhttp.Curl(http), overhttp.Urllib(http)]
    sent, checkpoints = {}, []
    for client in clients:
        schema.facts(client, tally)
        sent[client.name] = decisions.facts(client, tally, cases)
        history.facts(client, tally, sent[client.name])
        refusals.facts(client, tally)
        sent[client.name] += many.facts(client, tally, sent[client.name])
        checkpoints.append(transparency.facts(client, server, tally))
    transparency.agrees_with_sumdb(clients[1], server, tally, checkpoints[0])
    for client in clients_over_http:
        sent[client.name] = overhttp.facts(client, clients[1], tally, cases)
    overhttp.document_facts(clients_over_http[1], tally, sent["urllib"])
    clients += clients_over_http
    everything = [exchange for exchanges in sent.values() for exchange in exchanges]
    schema.reflection_v1(server.address, tally)
    decisions.both_clients_read_the_same(clients, tally, everything)
    history.nothing_else_was_recorded(clients[1], tally, everything)

    stop(server, tally, "with a client still connected")
    server.start()
    for client in clients:
        decisions.retry_facts(client, tally, sent[client.name][0], "after a restart")
    history.nothing_else_was_recorded(clients[1], tally, everything)
    stop(server, tally, "after the restart")
    refusals.left_no_trace_of_the_key(server.folder, tally)


def stop(server: Server, tally: Tally, when: str) -> None:
    """Sends SIGTERM and expects a clean exit in time."""
    with tally.fact(f"SIGTERM ends the server with exit code 0, {when}"):
        equal(server.terminate(), 0)


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]).resolve(), Path(sys.argv[2]).resolve()))
