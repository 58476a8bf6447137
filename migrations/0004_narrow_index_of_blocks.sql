-- Blocks apart from the key they are found by.
--
-- Kept in the order of their key, only some eight blocks fit a page of the tree above them, so that a look for a term went through six
-- pages in a log of ten million decisions. A key of its own is a thousand to a page.
CREATE TABLE block (
    run         INTEGER NOT NULL,
    -- The first posting in the row.
    first_term  INTEGER NOT NULL,
    first_index INTEGER NOT NULL,
    -- Each posting as two variable-length numbers: its term less the one before, and its log_index, where the term is the same
    -- less the one before.
    postings    BLOB NOT NULL,
    PRIMARY KEY (run, first_term, first_index)
) STRICT;
INSERT INTO block (run, first_term, first_index, postings)
    SELECT run, first_term, first_index, postings FROM posting_block ORDER BY run, first_term, first_index;
DROP TABLE posting_block;
ALTER TABLE block RENAME TO posting_block;
