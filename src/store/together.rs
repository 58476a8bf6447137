//! Statements that go to the database in one message.

use sqlx::{Arguments as _, AssertSqlSafe, Encode, Sqlite, Transaction, Type, sqlite::SqliteArguments};

/// Statements with their values, in order.
///
/// `SQLite` runs on a thread of its own. On a busy machine each message to it, and each answer, waits for a core, and those waits are most
/// of what a small transaction takes. So what a transaction always writes is written together.
#[derive(Debug, Default)]
pub(super) struct Together {
    sql: String,
    values: SqliteArguments,
}

impl Together {
    /// Adds a statement; its values follow, one for each `?` in it.
    pub(super) fn push(&mut self, statement: &str) {
        if !self.sql.is_empty() {
            self.sql.push_str("; ");
        }
        self.sql.push_str(statement);
    }

    /// Adds the next value.
    pub(super) fn bind<'v, T: Encode<'v, Sqlite> + Type<Sqlite>>(&mut self, value: T) -> Result<(), sqlx::Error> {
        self.values.add(value).map_err(sqlx::Error::Encode)
    }

    /// Runs all of them.
    pub(super) async fn execute(self, transaction: &mut Transaction<'_, Sqlite>) -> Result<(), sqlx::Error> {
        if self.sql.is_empty() {
            return Ok(());
        }
        // Nearly every number of rows makes another text, so that keeping them prepared would keep very many.
        let all = sqlx::query_with(AssertSqlSafe(self.sql), self.values).persistent(false);
        all.execute(&mut **transaction).await.map(|_| ())
    }
}

#[cfg(test)]
mod tests {
    use sqlx::{Connection as _, SqliteConnection};

    use super::*;

    #[tokio::test]
    async fn statements_run_in_order_each_with_its_values() {
        let mut connection = SqliteConnection::connect("sqlite::memory:").await.unwrap();
        let mut transaction = connection.begin().await.unwrap();
        let mut together = Together::default();
        together.push("CREATE TABLE t (a, b)");
        together.push("INSERT INTO t VALUES (?, ?), (?, ?)");
        for number in [1_i64, 2, 3, 4] {
            together.bind(number).unwrap();
        }
        together.push("UPDATE t SET b = ? WHERE a = ?");
        together.bind("changed").unwrap();
        together.bind(3_i64).unwrap();
        together.execute(&mut transaction).await.unwrap();
        let found: Vec<(i64, String)> = sqlx::query_as("SELECT a, CAST(b AS TEXT) FROM t ORDER BY a")
            .fetch_all(&mut *transaction)
            .await
            .unwrap();
        assert_eq!(found, [(1, "2".to_owned()), (3, "changed".to_owned())]);
    }
}
