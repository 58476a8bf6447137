//! The one statement behind every history: postings that meet, within a time range, from a place in the log on.

use std::fmt::Write as _;

use sqlx::{AssertSqlSafe, SqliteConnection, sqlite::SqliteRow};

use crate::history::{Cursor, Filter, Order, Term};

/// More terms than any filter has. Terms beyond are left to the reader's check of the record.
const TERMS_MAX: usize = 16;

/// Decisions that have all terms of the filter (or share their numbers) and lie within its time range, in order, at most
/// `rows_max`, as rows of `log_index, record`.
pub(super) async fn run(
    connection: &mut SqliteConnection,
    filter: &Filter,
    order: Order,
    cursor: Option<Cursor>,
    rows_max: usize,
) -> Result<Vec<SqliteRow>, sqlx::Error> {
    let terms: Vec<Term> = filter.terms().iter().copied().take(TERMS_MAX).collect();
    let (from, to) = match (
        order,
        cursor.map(|cursor| i64::try_from(cursor.log_index()).unwrap_or(i64::MAX)),
    ) {
        (_, None) => (0, i64::MAX),
        (Order::OldestFirst, Some(last)) => (last.saturating_add(1), i64::MAX),
        (Order::NewestFirst, Some(last)) => (0, last),
    };
    let mut statement = sqlx::query(AssertSqlSafe(sql(terms.len(), order)))
        .bind(from)
        .bind(to)
        .bind(filter.within().after_us.unwrap_or(i64::MIN))
        .bind(filter.within().before_us.unwrap_or(i64::MAX))
        .bind(i64::try_from(rows_max).unwrap_or(i64::MAX));
    for term in terms {
        statement = statement.bind(term.stored());
    }
    statement.fetch_all(connection).await
}

/// The statement's text, one for each number of terms and order.
///
/// `CROSS JOIN` fixes the way: walk the postings of the first term, look each up under the other terms, then fetch the record.
/// The time range becomes a range of log indices, since times never decrease along the log; as part of the same statement its ends
/// cannot move meanwhile.
pub(super) fn sql(terms: usize, order: Order) -> String {
    const FIRST_AT: &str = "coalesce((SELECT t.log_index FROM decision AS t WHERE t.decided_at >= ?WHEN \
        ORDER BY t.decided_at, t.log_index LIMIT 1), 9223372036854775807)";
    let mut sql = String::from("SELECT d.log_index, d.record FROM ");
    for place in 0..terms {
        let _ = write!(sql, "posting AS p{place} CROSS JOIN ");
    }
    let key = if terms == 0 { "d.log_index" } else { "p0.log_index" };
    let (first_after, first_before) = (FIRST_AT.replace("?WHEN", "?3"), FIRST_AT.replace("?WHEN", "?4"));
    let _ = write!(
        sql,
        "decision AS d WHERE {key} >= max(?1, {first_after}) AND {key} < min(?2, {first_before})"
    );
    for place in 0..terms {
        let number = place + 6;
        let _ = write!(sql, " AND p{place}.term = ?{number}");
        if place > 0 {
            let _ = write!(sql, " AND p{place}.log_index = p0.log_index");
        }
    }
    if terms > 0 {
        sql.push_str(" AND d.log_index = p0.log_index");
    }
    let direction = match order {
        Order::NewestFirst => "DESC",
        Order::OldestFirst => "ASC",
    };
    let _ = write!(sql, " ORDER BY {key} {direction} LIMIT ?5");
    sql
}
