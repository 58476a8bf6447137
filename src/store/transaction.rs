//! A transaction that goes to the database in as few messages as it can.

use sqlx::{Arguments as _, AssertSqlSafe, Encode, Sqlite, SqliteConnection, Type, sqlite::SqliteArguments};

/// Statements with their values, in order, all of which are done or none.
///
/// `SQLite` runs on a thread of its own. On a busy machine each message to it, and each answer, waits for a core, and those waits are most
/// of what a small transaction takes. So statements wait until something is to be read, or to the end: a transaction that only writes is
/// one message, from its beginning to its commit.
///
/// Dropped or failed after something was sent it stays open, until its connection is closed.
#[derive(Debug)]
pub(super) struct Transaction<'c> {
    connection: &'c mut SqliteConnection,
    /// What was not sent yet.
    sql: String,
    values: SqliteArguments,
    /// Whether the database knows of it, and nobody else can write.
    begun: bool,
}

impl<'c> Transaction<'c> {
    pub(super) fn new(connection: &'c mut SqliteConnection) -> Self {
        Self {
            connection,
            sql: String::new(),
            values: SqliteArguments::default(),
            begun: false,
        }
    }

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

    /// The database to read from, as what was added so far leaves it. Where that is nothing it is not begun either: there is one writer,
    /// and what it reads before is what it would read within.
    pub(super) async fn reading(&mut self) -> Result<&mut SqliteConnection, sqlx::Error> {
        self.send().await?;
        Ok(self.connection)
    }

    /// Makes everything durable.
    pub(super) async fn commit(mut self) -> Result<(), sqlx::Error> {
        if self.begun || !self.sql.is_empty() {
            self.push("COMMIT");
        }
        self.send().await
    }

    /// Leaves nothing behind.
    pub(super) async fn rollback(mut self) -> Result<(), sqlx::Error> {
        (self.sql, self.values) = Default::default();
        if self.begun {
            self.push("ROLLBACK");
        }
        self.send().await
    }

    async fn send(&mut self) -> Result<(), sqlx::Error> {
        if self.sql.is_empty() {
            return Ok(());
        }
        if !self.begun {
            self.sql.insert_str(0, "BEGIN IMMEDIATE; ");
            self.begun = true;
        }
        let (sql, values) = (std::mem::take(&mut self.sql), std::mem::take(&mut self.values));
        // Nearly every number of rows makes another text, so that keeping them prepared would keep very many.
        let all = sqlx::query_with(AssertSqlSafe(sql), values).persistent(false);
        // The first that fails is the last that runs.
        all.execute(&mut *self.connection).await.map(|_| ())
    }
}

#[cfg(test)]
mod tests {
    use sqlx::Connection as _;

    use super::*;

    async fn table() -> SqliteConnection {
        let mut connection = SqliteConnection::connect("sqlite::memory:").await.unwrap();
        let mut transaction = Transaction::new(&mut connection);
        transaction.push("CREATE TABLE t (a INTEGER PRIMARY KEY, b)");
        transaction.commit().await.unwrap();
        connection
    }

    fn insert(transaction: &mut Transaction<'_>, numbers: [i64; 2]) {
        transaction.push("INSERT INTO t VALUES (?, ?), (?, 0)");
        transaction.bind(numbers[0]).unwrap();
        transaction.bind("first").unwrap();
        transaction.bind(numbers[1]).unwrap();
    }

    async fn rows(connection: &mut SqliteConnection) -> Vec<(i64, String)> {
        let rows = sqlx::query_as("SELECT a, CAST(b AS TEXT) FROM t ORDER BY a");
        rows.fetch_all(connection).await.unwrap()
    }

    #[tokio::test]
    async fn statements_run_in_order_each_with_its_values() {
        let mut connection = table().await;
        let mut transaction = Transaction::new(&mut connection);
        insert(&mut transaction, [1, 3]);
        transaction.push("UPDATE t SET b = ? WHERE a = ?");
        transaction.bind("changed").unwrap();
        transaction.bind(3_i64).unwrap();
        transaction.commit().await.unwrap();
        let found = rows(&mut connection).await;
        assert_eq!(found, [(1, "first".to_owned()), (3, "changed".to_owned())]);
    }

    #[tokio::test]
    async fn what_was_added_is_read_and_gone_when_rolled_back() {
        let mut connection = table().await;
        let mut transaction = Transaction::new(&mut connection);
        insert(&mut transaction, [1, 2]);
        assert_eq!(rows(transaction.reading().await.unwrap()).await.len(), 2);
        insert(&mut transaction, [3, 4]);
        transaction.rollback().await.unwrap();
        assert_eq!(rows(&mut connection).await, []);
    }

    #[tokio::test]
    async fn a_transaction_that_only_reads_is_never_begun() {
        let mut connection = table().await;
        let mut transaction = Transaction::new(&mut connection);
        let connection = transaction.reading().await.unwrap();
        sqlx::raw_sql("BEGIN; ROLLBACK").execute(connection).await.unwrap();
        transaction.commit().await.unwrap();
    }

    #[tokio::test]
    async fn nothing_behind_a_statement_that_fails_is_done_not_even_the_commit() {
        let mut connection = table().await;
        let mut transaction = Transaction::new(&mut connection);
        insert(&mut transaction, [1, 1]);
        insert(&mut transaction, [2, 3]);
        transaction.commit().await.unwrap_err();
        assert_eq!(rows(&mut connection).await, []);
        sqlx::raw_sql("ROLLBACK").execute(&mut connection).await.unwrap();
    }

    #[tokio::test]
    async fn nothing_is_done_where_it_cannot_begin() {
        let mut connection = table().await;
        sqlx::raw_sql("BEGIN").execute(&mut connection).await.unwrap();
        let mut transaction = Transaction::new(&mut connection);
        insert(&mut transaction, [1, 2]);
        transaction.commit().await.unwrap_err();
        assert_eq!(rows(&mut connection).await, []);
    }
}
