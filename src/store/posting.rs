//! The table `posting`: which decisions a search term finds.

use sqlx::{AssertSqlSafe, Sqlite, SqliteConnection, Transaction, sqlite::SqliteRow};

use super::{append::NewDecision, decision::chunks};
use crate::history::Term;

const ROWS_MAX: usize = 256;

/// Adds the terms of new decisions, sorted, so that neighbors in the index are written together.
pub(super) async fn insert(
    transaction: &mut Transaction<'_, Sqlite>,
    decisions: &[NewDecision<'_>],
) -> Result<(), sqlx::Error> {
    let terms_of = |decision: &NewDecision<'_>| {
        let log_index = decision.log_index.cast_signed();
        decision
            .projection
            .terms()
            .iter()
            .map(move |term| (term.stored(), log_index))
            .collect::<Vec<_>>()
    };
    let mut postings: Vec<(i64, i64)> = decisions.iter().flat_map(terms_of).collect();
    postings.sort_unstable();
    for chunk in chunks(&postings, ROWS_MAX) {
        let mut statement = sqlx::query(AssertSqlSafe(insert_sql(chunk.len())));
        for &(term, log_index) in chunk {
            statement = statement.bind(term).bind(log_index);
        }
        statement.execute(&mut **transaction).await?;
    }
    Ok(())
}

/// Every decision with one of the terms, as rows of `log_index, record, term`, by term and place in the log.
pub(super) async fn find(connection: &mut SqliteConnection, terms: &[Term]) -> Result<Vec<SqliteRow>, sqlx::Error> {
    let mut rows = Vec::new();
    for chunk in chunks(terms, ROWS_MAX) {
        let mut statement = sqlx::query(AssertSqlSafe(find_sql(chunk.len())));
        for term in chunk {
            statement = statement.bind(term.stored());
        }
        rows.extend(statement.fetch_all(&mut *connection).await?);
    }
    Ok(rows)
}

/// `CROSS JOIN` fixes the way: from the postings to the records.
pub(super) fn find_sql(terms: usize) -> String {
    let terms = vec!["?"; terms].join(", ");
    format!(
        "SELECT d.log_index, d.record, p.term FROM posting AS p CROSS JOIN decision AS d \
         WHERE p.term IN ({terms}) AND d.log_index = p.log_index ORDER BY p.term, p.log_index"
    )
}

fn insert_sql(rows: usize) -> String {
    let values = vec!["(?, ?)"; rows].join(", ");
    format!("INSERT INTO posting (term, log_index) VALUES {values}")
}
