//! A tile that is wrong is not said of the records under it, which the signed checkpoints prove, nor a record that was added said to be altered.

use std::fs;

use sqlx::Connection as _;

use crate::tamper::{Pristine, changed};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_tile_that_was_changed_is_named_and_no_record_that_is_proven() {
    let pristine = Pristine::make().await;
    let zeroed = |place: &str| format!("UPDATE tile SET hashes = zeroblob(length(hashes)) WHERE place = {place}");
    let last = |hashes: &str| format!("UPDATE tile SET hashes = CAST({hashes} AS BLOB) WHERE place = (1 << 56) + 2");
    let proven = "though the records are those of the signed checkpoints";
    let cases = [
        (
            "a tile above the leaves",
            zeroed("(1 << 56) + (1 << 48)"),
            format!("decisions: tile 0 of level 1 has another hash at 0, {proven}"),
        ),
        (
            "a tile of the operations",
            zeroed("2 << 56"),
            format!("operations: tile 0 of level 0 has another hash at 0, {proven}"),
        ),
        (
            "the last hash",
            last("substr(hashes, 1, length(hashes) - 32) || zeroblob(32)"),
            format!("decisions: tile 2 of level 0 has another hash at 88, {proven}"),
        ),
        (
            "the last hash cut off",
            last("substr(hashes, 1, length(hashes) - 32)"),
            format!("decisions: tile 2 of level 0 has 2816 bytes where 2848 are right, {proven}"),
        ),
        (
            "a hash more",
            last("hashes || zeroblob(32)"),
            "decisions end at 601, and the stored tree goes on to 602".to_owned(),
        ),
        (
            "an operation more",
            "INSERT INTO operation SELECT 5, record FROM operation WHERE log_index = 4".to_owned(),
            "operations 5 was added".to_owned(),
        ),
    ];
    for (what, statement, expected) in cases {
        changed(&pristine, what, statement, &expected).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn behind_the_last_checkpoint_it_is_said_that_nothing_tells_a_record_from_its_tile() {
    let pristine = Pristine::make().await;
    let cases = [
        (
            "UPDATE decision SET record = replace(record, 'VERDICT_PERMITTED', 'VERDICT_NOT_PERMITTED') WHERE log_index = 599",
            "decisions 599 is not the one that the stored tree has",
        ),
        (
            "UPDATE tile SET hashes = zeroblob(length(hashes)) WHERE place = (1 << 56) + (1 << 48)",
            "decisions: tile 0 of level 1 has another hash at 0, though the records are those of the tiles below it",
        ),
        (
            "DELETE FROM decision WHERE log_index = 600",
            "decisions end at 600, and the stored tree goes on to 601",
        ),
    ];
    for (statement, expected) in cases {
        let copy = pristine.copy();
        fs::write(copy.checkpoint_file(), "").unwrap();
        let mut connection = copy.sql().await;
        for statement in ["DELETE FROM checkpoint WHERE log = 1 AND size > 310", statement] {
            sqlx::raw_sql(statement).execute(&mut connection).await.unwrap();
        }
        connection.close().await.unwrap();
        copy.assert_named(statement, expected).await;
    }
}
