#!/usr/bin/env python3
"""What SQLite alone does with the rows of a decision log: inserts them into a new database, and says how many a second.

The table is plain: the same columns with the same values, and no index at all, or one on random text. Journal, syncs and page size
are those of the server. Reads the log without changing it; prints one JSON object.

    raw_sqlite.py DATABASE FOLDER --transaction 1000 [--rows 100000] [--indexed]
"""

import argparse
import json
import pathlib
import random
import sqlite3
import tempfile
import time

# Generous: a longer write-ahead log is folded into the database less often.
CHECKPOINT_PAGES = 2048
CACHE_KIB = 65536


def columns(log: sqlite3.Connection) -> list[tuple[str, str]]:
    """Names and types of the columns of the decision log."""
    return [(name, kind) for _, name, kind, *_ in log.execute("PRAGMA table_info(decision)")]


def read(database: str, count: int) -> tuple[list[tuple[str, str]], list[tuple], int]:
    """Columns, newest rows and page size of a decision log."""
    log = sqlite3.connect(f"{pathlib.Path(database).absolute().as_uri()}?mode=ro", uri=True)
    try:
        rows = log.execute("SELECT * FROM decision ORDER BY log_index DESC LIMIT ?", (count,)).fetchall()
        (page_bytes,) = log.execute("PRAGMA page_size").fetchone()
        return columns(log), rows[::-1], page_bytes
    finally:
        log.close()


def create(path: pathlib.Path, table: list[tuple[str, str]], page_bytes: int, indexed: bool) -> sqlite3.Connection:
    """A new database with the plain table."""
    database = sqlite3.connect(path, isolation_level=None)
    database.execute(f"PRAGMA page_size = {page_bytes}")
    database.execute("PRAGMA journal_mode = WAL")
    database.execute("PRAGMA synchronous = FULL")
    database.execute(f"PRAGMA wal_autocheckpoint = {CHECKPOINT_PAGES}")
    database.execute(f"PRAGMA cache_size = -{CACHE_KIB}")
    database.execute(f"CREATE TABLE decision ({', '.join(f'{name} {kind}' for name, kind in table)})")
    if indexed:
        database.execute("ALTER TABLE decision ADD COLUMN random TEXT")
        database.execute("CREATE INDEX by_random ON decision (random)")
    return database


def insert(database: sqlite3.Connection, rows: list[tuple], per_transaction: int) -> float:
    """Inserts the rows, so many in a transaction; gives the seconds it took until the last was synced."""
    places = ", ".join("?" * len(rows[0]))
    statement = f"INSERT INTO decision VALUES ({places})"
    batches = [rows[first : first + per_transaction] for first in range(0, len(rows), per_transaction)]
    began = time.perf_counter()
    for batch in batches:
        database.execute("BEGIN IMMEDIATE")
        database.executemany(statement, batch)
        database.execute("COMMIT")
    return time.perf_counter() - began


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("database", help="decision log to take rows from")
    parser.add_argument("folder", help="folder of the new database, on the disk that is measured")
    parser.add_argument("--transaction", type=int, required=True, help="rows in a transaction")
    parser.add_argument("--rows", type=int, default=100_000, help="rows to insert, at most")
    parser.add_argument("--indexed", action="store_true", help="with one index on random text")
    arguments = parser.parse_args()

    table, rows, page_bytes = read(arguments.database, arguments.rows)
    if not rows:
        raise SystemExit(f"`{arguments.database}` holds no decisions")
    if arguments.indexed:
        draw = random.Random(2011)
        rows = [(*row, f"{draw.getrandbits(64):016x}") for row in rows]
    with tempfile.TemporaryDirectory(dir=arguments.folder) as folder:
        database = create(pathlib.Path(folder) / "raw.db", table, page_bytes, arguments.indexed)
        seconds = insert(database, rows, arguments.transaction)
        (count,) = database.execute("SELECT count(*) FROM decision").fetchone()
        database.close()
    if count != len(rows):
        raise SystemExit(f"{count} rows of {len(rows)} were inserted")
    print(json.dumps({"rows": count, "seconds": seconds, "per_second": count / seconds, "sqlite": sqlite3.sqlite_version}))


if __name__ == "__main__":
    main()
