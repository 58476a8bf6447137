-- An index that costs an append next to nothing, however long the log is.
--
-- An index kept in order row by row has a page to rewrite for every random device and request. Here the postings of a transaction are
-- added as one row, and folded behind the log into sorted runs, small ones into larger ones. A search reads the tail and a few runs.

-- A decision is found by its time, which its id tells: times never decrease along the log, so that halving finds them, and neither
-- ids nor times need an index.
DROP INDEX decision_by_time;

CREATE TABLE log (
    -- 0, 1, 2 ... without gaps.
    log_index   INTEGER PRIMARY KEY,
    -- The 16 bytes of the decision's UUID.
    decision_id BLOB NOT NULL CHECK (length(decision_id) = 16),
    -- Microseconds since 1970, UTC. Never less than in the row before: a time range is a range of log_index.
    decided_at  INTEGER NOT NULL,
    -- The exact ProtoJSON text of the decision: the evidence. Every other column, and every posting, is computed from it.
    record      TEXT NOT NULL
) STRICT;
INSERT INTO log (log_index, decision_id, decided_at, record)
    SELECT log_index, decision_id, decided_at, record FROM decision ORDER BY log_index;

-- The postings of the last decisions, which no run holds yet: a row for each transaction.
CREATE TABLE posting_tail (
    -- The first decision of the transaction, and how many it has.
    first_index INTEGER PRIMARY KEY,
    length      INTEGER NOT NULL,
    -- 12 bytes a posting, sorted, big-endian: its term in 8, and in 4 the decision's log_index less first_index.
    -- A term is the kind of fact in its top byte (0x08 request, 0x10 device, 0x18 label, 0x20 image, 0x28 product, 0x30 condition,
    -- 0x38 basis, 0x40 verdict, 0x48 caller, 0x50 edition) and 56 bits of SHA-256 of the fact itself.
    postings    BLOB NOT NULL
) STRICT;
INSERT INTO posting_tail (first_index, length, postings)
    SELECT log_index / 256 * 256,
           count(DISTINCT log_index),
           unhex(group_concat(printf('%016x%08x', term, log_index % 256), '' ORDER BY term, log_index))
    FROM posting GROUP BY log_index / 256;

-- A part of the log whose postings are sorted.
CREATE TABLE posting_run (
    run         INTEGER PRIMARY KEY,
    -- Decisions from first_index up to but without end_index.
    first_index INTEGER NOT NULL,
    end_index   INTEGER NOT NULL,
    -- 0 being written, 1 in use, 2 replaced by a larger one and to be deleted.
    state       INTEGER NOT NULL CHECK (state IN (0, 1, 2))
) STRICT;

-- The postings of a run in order, some hundreds to a row.
CREATE TABLE posting_block (
    run         INTEGER NOT NULL,
    -- The first posting in the row.
    first_term  INTEGER NOT NULL,
    first_index INTEGER NOT NULL,
    -- Each posting as two variable-length numbers: its term less the one before, and its log_index, where the term is the same
    -- less the one before.
    postings    BLOB NOT NULL,
    PRIMARY KEY (run, first_term, first_index)
) STRICT, WITHOUT ROWID;

DROP TABLE posting;
DROP TABLE decision;
ALTER TABLE log RENAME TO decision;
