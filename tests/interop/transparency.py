"""Checkpoints, proofs and bundles of a running server hold for verifiers that nobody here wrote, or that were written from docs/evidence.md."""

import base64
import hashlib
import io
import json
import os
import sqlite3
import subprocess
from pathlib import Path
from typing import Any

import evidence
from server import Server
from tally import Tally, equal, holds
from verify_bundle import Tampered, leads_to, leaf_hash, open_checkpoint, read_key, verify

SERVICE = "reimagerights.v1.TransparencyService"
SUMDB = Path(__file__).parent / "sumdb"
# Where Debian keeps the sources of golang.org/x/mod.
GOPATH = "/usr/share/gocode"
SECONDS_MAX = 300


def facts(client: Any, server: Server, tally: Tally) -> dict[str, Any]:
    """What holds of the log of decisions as this client sees it; gives what a later checkpoint is compared with."""
    export = bundle(client)
    checkpoint = client.call("GetCheckpoint", {}, SERVICE)
    with tally.fact(f"{client.name}: an exported bundle is intact to a verifier written from its documentation"):
        opened, count = verify(io.BytesIO(export), [checkpoint["verifierKey"]])
        equal(count, len(records(server)))
        equal(opened.size, count)
    with tally.fact(f"{client.name}: a bundle with one record altered is not"):
        altered = evidence.with_file(export, "records.ndjson", lambda text: evidence.replaced(text, b"VERDICT_", b"VERDICT-"))
        try:
            verify(io.BytesIO(altered), [checkpoint["verifierKey"]])
        except Tampered:
            pass
        else:
            raise AssertionError("it was taken for intact")
    with tally.fact(f"{client.name}: each record is proven in the tree of the checkpoint"):
        keys = dict([read_key(checkpoint["verifierKey"])])
        opened = open_checkpoint(checkpoint["checkpoint"].encode(), keys)
        for index, record in sample(records(server)):
            proof = client.call("ProveInclusion", {"logIndex": str(index), "log": "LOG_DECISIONS"}, SERVICE)
            hashes = [base64.b64decode(text) for text in proof.get("hashes", [])]
            holds(leads_to(opened.root, hashes, leaf_hash(1, record), index, opened.size), f"record {index}")
    return checkpoint


def agrees_with_sumdb(client: Any, server: Server, tally: Tally, earlier: dict[str, Any]) -> None:
    """Go's note and tlog, of its checksum database, open what the server signs, and believe what it proves."""
    bundle(client)
    later = client.call("GetCheckpoint", {}, SERVICE)
    old, new = (int(one["checkpoint"].split("\n")[1]) for one in (earlier, later))
    consistency = client.call("ProveConsistency", {"oldSize": str(old), "newSize": str(new)}, SERVICE)
    inclusions = []
    for index, record in sample(records(server)):
        proof = client.call("ProveInclusion", {"logIndex": str(index), "log": "LOG_DECISIONS"}, SERVICE)
        entry = bytes([1, 1]) + hashlib.sha256(record).digest()
        hashes = proof.get("hashes", [])
        inclusions.append({"logIndex": index, "entry": base64.b64encode(entry).decode(), "hashes": hashes})
    shown = {
        "verifierKey": later["verifierKey"],
        "old": earlier["checkpoint"],
        "new": later["checkpoint"],
        "inclusions": inclusions,
        "consistency": consistency.get("hashes", []),
    }
    with tally.fact("Go's sumdb opens the checkpoints and believes the proofs"):
        holds(new > old, f"the log did not grow: {old} to {new}")
        equal(sumdb(shown), "")
    with tally.fact("Go's sumdb believes no altered checkpoint, entry or path"):
        wrong = json.loads(json.dumps(shown))
        wrong["new"] = wrong["new"].replace(f"\n{new}\n", f"\n{new + 1}\n", 1)
        holds(sumdb(wrong).startswith("new checkpoint:"), "altered checkpoint")
        wrong = json.loads(json.dumps(shown))
        wrong["inclusions"][1]["entry"] = wrong["inclusions"][0]["entry"]
        holds(sumdb(wrong).startswith("inclusion of"), "altered entry")
        wrong = json.loads(json.dumps(shown))
        wrong["consistency"][0] = wrong["inclusions"][0]["hashes"][-1]
        holds(sumdb(wrong).startswith("consistency:"), "altered path")


def sumdb(shown: dict[str, Any]) -> str:
    """What the program in Go finds wrong."""
    done = subprocess.run(
        ["go", "run", "main.go"],
        cwd=SUMDB,
        env=os.environ | {"GO111MODULE": "off", "GOPATH": GOPATH, "GOFLAGS": ""},
        input=json.dumps(shown),
        capture_output=True,
        text=True,
        timeout=SECONDS_MAX,
        check=False,
    )
    return done.stdout if done.returncode == 0 else done.stderr


def sample(all_records: list[bytes]) -> list[tuple[int, bytes]]:
    """Some twenty records with their log indexes, the first and the last among them."""
    numbered = list(enumerate(all_records))
    return [*numbered[:: max(1, len(numbered) // 20)], numbered[-1]]


def bundle(client: Any) -> bytes:
    """An evidence bundle of everything."""
    pieces = client.stream("Export", [{}], SERVICE)
    return b"".join(base64.b64decode(piece["chunk"]) for piece in pieces)


def records(server: Server) -> list[bytes]:
    """The records as any program reads them."""
    with sqlite3.connect(f"file:{server.folder / 'decisions.db'}?mode=ro", uri=True) as database:
        rows = database.execute("SELECT CAST(record AS BLOB) FROM decision ORDER BY log_index").fetchall()
    return [row[0] for row in rows]
