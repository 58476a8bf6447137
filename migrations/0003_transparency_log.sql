-- What makes a quiet change of the log impossible: a Merkle tree over its records, and signed notes of how large it was and of its root.

-- What the service itself did: starts, reads, changes of keys. A log like the decisions, with a tree of its own.
CREATE TABLE operation (
    -- 0, 1, 2 ... without gaps.
    log_index INTEGER PRIMARY KEY,
    -- The exact JSON text of the operation.
    record    TEXT NOT NULL
) STRICT;

-- The trees, in tiles as C2SP tlog-tiles has them.
CREATE TABLE tile (
    -- Log (1 decisions, 2 operations) * 2^56 + level * 2^48 + index of the tile within its level.
    place  INTEGER PRIMARY KEY,
    -- The tile's hashes, 32 bytes each, 256 in a full tile; the last one of a level may have less.
    hashes BLOB NOT NULL
) STRICT;

-- Signed checkpoints, the exact text of each.
CREATE TABLE checkpoint (
    -- 1 decisions, 2 operations.
    log  INTEGER NOT NULL,
    -- Records in the log then.
    size INTEGER NOT NULL,
    note TEXT NOT NULL,
    PRIMARY KEY (log, size)
) STRICT, WITHOUT ROWID;
