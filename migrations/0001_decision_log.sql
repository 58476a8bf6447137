-- The decision log: what was decided, in order, and the numbers it is found by.
--
-- Readable with nothing but sqlite3, e.g. the last decision:
--     SELECT record FROM decision ORDER BY log_index DESC LIMIT 1;

-- One row per decision; rows are only ever added.
CREATE TABLE decision (
    -- 0, 1, 2 ... without gaps.
    log_index   INTEGER PRIMARY KEY,
    -- The 16 bytes of the decision's UUID.
    decision_id BLOB NOT NULL UNIQUE CHECK (length(decision_id) = 16),
    -- Microseconds since 1970, UTC. Never less than in the row before: a time range is a range of log_index.
    decided_at  INTEGER NOT NULL,
    -- The exact ProtoJSON text of the decision: the evidence. Every other column, and every posting, is computed from it.
    record      TEXT NOT NULL
) STRICT;

-- Turns the two ends of a time range into log indices. Appended at its end, so it costs an append next to nothing.
CREATE INDEX decision_by_time ON decision (decided_at);

-- Which decisions a search term finds. One narrow table serves every filter, in place of an index per filter.
-- A term is the kind of fact in its top byte (0x08 request, 0x10 device, 0x18 label, 0x20 image, 0x28 product, 0x30 condition,
-- 0x38 basis, 0x40 verdict, 0x48 caller, 0x50 edition) and 56 bits of SHA-256 of the fact itself.
CREATE TABLE posting (
    term      INTEGER NOT NULL,
    log_index INTEGER NOT NULL,
    PRIMARY KEY (term, log_index)
) STRICT, WITHOUT ROWID;

-- Every catalogue a decision rests on, so that the decision can be evaluated again with what it knew.
CREATE TABLE catalogue (
    -- SHA-256 of the bytes, in hexadecimal.
    digest TEXT NOT NULL PRIMARY KEY,
    bytes  BLOB NOT NULL
) STRICT;
