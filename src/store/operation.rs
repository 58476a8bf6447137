//! The table `operation`: what the service itself did.

use super::together::Together;

/// Adds operations behind those there are.
pub(super) fn insert(together: &mut Together, first_index: u64, records: &[String]) -> Result<(), sqlx::Error> {
    for (log_index, record) in (first_index.cast_signed()..).zip(records) {
        together.push("INSERT INTO operation (log_index, record) VALUES (?, ?)");
        together.bind(log_index)?;
        together.bind(record.as_str())?;
    }
    Ok(())
}
