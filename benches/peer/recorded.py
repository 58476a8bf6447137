#!/usr/bin/env python3
"""Counts what a server has on record, and fails unless every decision permits, as it must for the body that was sent.

recorded.py ours DATABASE     the decision log
recorded.py peer ADMIN_URL    the audit log, by the peer's admin service
"""

import base64
import contextlib
import json
import pathlib
import sqlite3
import sys
import urllib.request

# The documented default of the peer.
CREDENTIALS = base64.b64encode(b"cerbos:cerbosAdmin").decode()
LOOK_BACK = "24h"


def ours(database: str) -> tuple[int, int]:
    """Decisions, and permissions among them."""
    with contextlib.closing(sqlite3.connect(f"{pathlib.Path(database).absolute().as_uri()}?mode=ro", uri=True)) as log:
        permitted = "sum(json_extract(record, '$.decision.verdict') = 'VERDICT_PERMITTED')"
        return log.execute(f"SELECT count(*), {permitted} FROM decision").fetchone()


def peer(url: str) -> tuple[int, int]:
    """Decisions, and permissions among them."""
    request = urllib.request.Request(f"{url}/admin/auditlog/list/KIND_DECISION?since={LOOK_BACK}")
    request.add_header("Authorization", f"Basic {CREDENTIALS}")
    count = permitted = 0
    with urllib.request.urlopen(request) as entries:
        for line in entries:
            decision = json.loads(line)["result"]["decisionLogEntry"]["checkResources"]
            # A call that was cut off when its round ended is logged as an error, and was not answered.
            if "error" in decision:
                continue
            count += 1
            outputs = decision["outputs"]
            permitted += all(output["actions"]["reimage"]["effect"] == "EFFECT_ALLOW" for output in outputs)
    return count, permitted


def main() -> None:
    count, permitted = {"ours": ours, "peer": peer}[sys.argv[1]](sys.argv[2])
    if count and count != permitted:
        raise SystemExit(f"{count - permitted} of {count} decisions do not permit")
    print(count)


if __name__ == "__main__":
    main()
