//! Where in the log a time is: times never decrease along it, so halving finds them, and no index of times has to be kept.

use sqlx::SqliteConnection;

/// The first decision made at ?1 or later: the log is halved until one place is left. A step is one look into the table by its key,
/// and ten million decisions take 24.
pub(super) const FIRST_AT_SQL: &str = "\
    WITH RECURSIVE half (low, high) AS (\
        SELECT 0, coalesce((SELECT log_index + 1 FROM decision ORDER BY log_index DESC LIMIT 1), 0) \
        UNION ALL \
        SELECT iif(d.decided_at < ?1, d.log_index + 1, low), iif(d.decided_at < ?1, high, d.log_index) \
        FROM half CROSS JOIN decision AS d WHERE low < high AND d.log_index = (low + high) / 2) \
    SELECT low FROM half WHERE low >= high";

/// The log index of the first decision made at `at_us` or later; where there is none, the one that comes next.
pub(super) async fn first_at(connection: &mut SqliteConnection, at_us: i64) -> Result<i64, sqlx::Error> {
    let first = sqlx::query_scalar(FIRST_AT_SQL).bind(at_us);
    first.fetch_one(connection).await
}
