//! Whose database a file is, and which schema it has.

use std::path::Path;

use sqlx::{
    AssertSqlSafe, ConnectOptions as _, Connection as _, SqliteConnection,
    migrate::{MigrateError, Migrator},
};

use super::{
    connect::{self, Way},
    error::OpenError,
    fault::Fault,
};

/// Marks a `SQLite` file as ours: `RImg`, in the four bytes that `SQLite`'s header keeps for it.
const APPLICATION_ID: i32 = 0x5249_6d67;
const TABLES: [&str; 8] = [
    "catalogue",
    "checkpoint",
    "decision",
    "operation",
    "posting_block",
    "posting_run",
    "posting_tail",
    "tile",
];
const MIGRATIONS_TABLE: &str = "_sqlx_migrations";

static MIGRATOR: Migrator = sqlx::migrate!();

/// What was found at a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Layout {
    /// A database without anything in it.
    Blank,
    /// One of ours whose schema has steps to go, and without a record: new, or the process that was making it was killed.
    Begun,
    /// One of ours with records whose schema has steps to go: an earlier version made it, as far as this step.
    Older(i64),
    /// One of ours as this program makes it.
    Current,
}

/// Looks at a database without changing it.
pub(super) async fn inspect(path: &Path, way: Way) -> Result<Layout, OpenError> {
    let failed = |error| match Fault::of(&error) {
        Fault::Corrupt if is_not_a_database(&error) => OpenError::NotADatabase { path: path.to_owned() },
        _ => OpenError::new(path, error),
    };
    let mut connection = connect::reading(path, way).connect().await.map_err(failed)?;
    let found = read(&mut connection).await.map_err(failed)?;
    connection.close().await.map_err(failed)?;

    let path = path.to_owned();
    let known = MIGRATOR.iter().map(|step| step.version).max().unwrap_or_default();
    let ours = TABLES.iter().all(|table| found.tables.iter().any(|name| name == table));
    match (found.application_id, found.version) {
        (0, None) if found.tables.is_empty() => Ok(Layout::Blank),
        (APPLICATION_ID, None) if found.tables.is_empty() => Ok(Layout::Begun),
        (APPLICATION_ID, Some(found)) if found > known => Err(OpenError::Newer { path, found, known }),
        (APPLICATION_ID, Some(version)) if version < known && found.has_records => Ok(Layout::Older(version)),
        (APPLICATION_ID, Some(version)) if version < known => Ok(Layout::Begun),
        (APPLICATION_ID, Some(_)) if ours => Ok(Layout::Current),
        (APPLICATION_ID, _) => Err(OpenError::Corrupt { path }),
        _ => Err(OpenError::Foreign { path }),
    }
}

/// Marks a blank database as ours and brings an older one up to date, each step whole or not at all.
pub(super) async fn bring_up(connection: &mut SqliteConnection, path: &Path, found: Layout) -> Result<(), OpenError> {
    if found == Layout::Blank {
        let mark = format!("PRAGMA application_id = {APPLICATION_ID}");
        let marked = sqlx::raw_sql(AssertSqlSafe(mark)).execute(&mut *connection).await;
        marked.map_err(|error| OpenError::new(path, error))?;
    }
    let path = path.to_owned();
    MIGRATOR.run(connection).await.map_err(|error| match error {
        MigrateError::VersionMismatch(version) => OpenError::Altered { path, version },
        MigrateError::Execute(source) | MigrateError::ExecuteMigration(source, _) => OpenError::new(&path, source),
        other => OpenError::Other {
            path,
            source: sqlx::Error::Migrate(Box::new(other)),
        },
    })
}

/// What is in a database's schema that this program did not put there, or not as it is; `None` when nothing is.
pub(super) async fn difference(connection: &mut SqliteConnection) -> Result<Option<String>, sqlx::Error> {
    const OBJECTS: &str = "SELECT type || ' ' || name, coalesce(sql, '') FROM sqlite_schema ORDER BY 1, 2";
    const STEPS: &str = "SELECT version, description, success, checksum FROM _sqlx_migrations ORDER BY version";
    let steps: Vec<(i64, String, i64, Vec<u8>)> = sqlx::query_as(STEPS).fetch_all(&mut *connection).await?;
    let known = MIGRATOR
        .iter()
        .map(|step| (step.version, step.description.to_string(), 1, step.checksum.to_vec()));
    if !steps.into_iter().eq(known) {
        return Ok(Some(
            "the steps it says it was made by are not those of this program".to_owned(),
        ));
    }
    // As this program makes it, now.
    let mut fresh = SqliteConnection::connect("sqlite::memory:").await?;
    let made = MIGRATOR.run(&mut fresh).await;
    made.map_err(|error| sqlx::Error::Migrate(Box::new(error)))?;
    let known: Vec<(String, String)> = sqlx::query_as(OBJECTS).fetch_all(&mut fresh).await?;
    let found: Vec<(String, String)> = sqlx::query_as(OBJECTS).fetch_all(&mut *connection).await?;
    let stranger = found.iter().find(|object| !known.contains(object));
    let missing = known.iter().find(|object| !found.contains(object));
    Ok(match (stranger, missing) {
        (Some((name, _)), _) => Some(format!("it has a {name} that this program did not make so")),
        (None, Some((name, _))) => Some(format!("its {name} is missing or another")),
        (None, None) => None,
    })
}

struct Found {
    application_id: i32,
    tables: Vec<String>,
    /// The last step that was taken; `None` when none was ever begun.
    version: Option<i64>,
    has_records: bool,
}

async fn read(connection: &mut SqliteConnection) -> Result<Found, sqlx::Error> {
    let application_id = sqlx::query_scalar("PRAGMA application_id")
        .fetch_one(&mut *connection)
        .await?;
    let names = sqlx::query_scalar("SELECT name FROM sqlite_schema WHERE type = 'table'");
    let tables: Vec<String> = names.fetch_all(&mut *connection).await?;
    let ours = application_id == APPLICATION_ID;
    let version = if ours && tables.iter().any(|name| name == MIGRATIONS_TABLE) {
        let last = sqlx::query_scalar("SELECT coalesce(max(version), 0) FROM _sqlx_migrations WHERE success");
        Some(last.fetch_one(&mut *connection).await?)
    } else {
        None
    };
    let mut has_records = false;
    for table in ["decision", "operation", "checkpoint"] {
        if ours && tables.iter().any(|name| name == table) {
            let any = sqlx::query_scalar(AssertSqlSafe(format!("SELECT EXISTS (SELECT 1 FROM {table})")));
            let any: bool = any.fetch_one(&mut *connection).await?;
            has_records |= any;
        }
    }
    // One row of each table: damage where a table begins shows now, not at the first request.
    for table in TABLES
        .iter()
        .filter(|table| ours && tables.iter().any(|name| name == *table))
    {
        let first = AssertSqlSafe(format!("SELECT 1 FROM {table} LIMIT 1"));
        sqlx::raw_sql(first).execute(&mut *connection).await?;
    }
    Ok(Found {
        application_id,
        tables,
        version,
        has_records,
    })
}

/// `SQLite`'s "file is not a database", as opposed to a database with damage in it.
fn is_not_a_database(error: &sqlx::Error) -> bool {
    let code = error.as_database_error().and_then(sqlx::error::DatabaseError::code);
    code.is_some_and(|code| code == "26")
}
