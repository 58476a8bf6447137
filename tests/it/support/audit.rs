//! Whether a database is whole, found out without the service: from its rows and the records in them alone.

use std::{collections::BTreeMap, path::Path};

use reimage_rights::{
    history::Term,
    store::Store,
    wire::{decode, pb, projection},
};
use sqlx::{Connection as _, Row as _};

use super::server::sql;

/// Every decision of a database by id, after a check that it is sound: `SQLite` finds no damage, the log has no gaps, times in it never
/// decrease, and ids, times and postings are what the records say, none missing and none more.
pub async fn audit(database: &Path) -> BTreeMap<String, pb::Decision> {
    let mut connection = sql(database).await;
    let sound: String = sqlx::query_scalar("PRAGMA integrity_check")
        .fetch_one(&mut connection)
        .await
        .unwrap();
    assert_eq!(sound, "ok");

    let rows = sqlx::query("SELECT log_index, decision_id, decided_at, record FROM decision ORDER BY log_index");
    let rows = rows.fetch_all(&mut connection).await.unwrap();
    let mut decisions = BTreeMap::new();
    let mut expected = Vec::new();
    let mut last_us = i64::MIN;
    for (place, row) in rows.iter().enumerate() {
        let (log_index, id): (i64, Vec<u8>) = (row.get(0), row.get(1));
        let (decided_at_us, record): (i64, String) = (row.get(2), row.get(3));
        assert_eq!(log_index, i64::try_from(place).unwrap(), "the log has a gap");
        assert!(decided_at_us >= last_us, "time decreases at {log_index}");
        last_us = decided_at_us;

        let decision = decode(&record, log_index.cast_unsigned()).unwrap();
        let projection = projection(&decision).unwrap();
        assert_eq!(projection.decision_id().as_bytes()[..], id[..], "at {log_index}");
        assert_eq!(projection.decided_at_us(), decided_at_us, "at {log_index}");
        expected.extend(projection.terms().iter().map(|term| (term.stored(), log_index)));
        let earlier = decisions.insert(decision.decision_id.clone(), decision);
        assert!(earlier.is_none(), "an id is there twice, at {log_index}");
    }

    connection.close().await.unwrap();
    expected.sort_unstable();
    let mut found: Vec<(i64, i64)> = Vec::new();
    let store = Store::open_reading(database).await.unwrap();
    let give = |term: Term, log_index: u64| found.push((term.stored(), log_index.cast_signed()));
    store.each_posting(give).await.unwrap();
    store.close().await;
    found.sort_unstable();
    assert!(found == expected, "the postings are not what the records say");
    decisions
}
