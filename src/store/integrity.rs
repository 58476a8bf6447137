//! Whether the file of a database is sound: what reads row after row does not see a tree that leads lookups astray.

use sqlx::SqliteConnection;

use super::{Store, error::ReadError};

/// What `SQLite` puts ahead of what it finds in the pages of a file.
const PAGES: &str = "*** in database main ***\n";

impl Store {
    /// What `SQLite` finds wrong with the file first, with the name of the table or index: order and links of the pages, rows that an index does not
    /// have or that are not in it, and values that the schema does not allow. `None` when nothing is. It reads every page once, at one moment.
    ///
    /// # Errors
    /// See [`ReadError`].
    pub async fn file_fault(&self) -> Result<Option<String>, ReadError> {
        let mut snapshot = self.snapshot().await?;
        let fault = fault(&mut snapshot).await;
        fault.map_err(|error| self.failed(error))
    }
}

/// What is wrong with the file of a connection. All of the check and not `quick_check`, which does not hold the index of the blocks against them, and
/// is as slow: most of the time goes into reading.
pub(super) async fn fault(connection: &mut SqliteConnection) -> Result<Option<String>, sqlx::Error> {
    let found: String = sqlx::query_scalar("PRAGMA integrity_check(1)")
        .fetch_one(&mut *connection)
        .await?;
    if found == "ok" {
        return Ok(None);
    }
    let found = found.strip_prefix(PAGES).unwrap_or(&found).trim().replace('\n', "; ");
    let Some((root, place)) = of_tree(&found) else {
        return Ok(Some(found));
    };
    let name = sqlx::query_scalar("SELECT name FROM sqlite_schema WHERE rootpage = ?1").bind(root);
    let name: Option<String> = name.fetch_optional(connection).await?;
    Ok(Some(
        name.map_or_else(|| found.clone(), |name| format!("in `{name}`, {place}")),
    ))
}

/// A finding in one of the trees, by the page that the tree begins at: `Tree 4 page 9: ...`.
fn of_tree(found: &str) -> Option<(i64, &str)> {
    let (root, place) = found.strip_prefix("Tree ")?.split_once(' ')?;
    Some((root.parse().ok()?, place))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_finding_in_a_tree_names_the_page_that_it_begins_at() {
        let found = "Tree 5 page 353 cell 4: Rowid 3002 out of order";
        assert_eq!(of_tree(found), Some((5, "page 353 cell 4: Rowid 3002 out of order")));
        for other in [
            "CHECK constraint failed in posting_run",
            "Tree",
            "Tree x page",
            "Page 7: never used",
        ] {
            assert_eq!(of_tree(other), None, "{other}");
        }
    }
}
