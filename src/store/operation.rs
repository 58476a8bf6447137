//! The table `operation`: what the service itself did.

use super::transaction::Transaction;

/// Adds operations behind those there are.
pub(super) fn insert(
    transaction: &mut Transaction<'_>,
    first_index: u64,
    records: &[String],
) -> Result<(), sqlx::Error> {
    for (log_index, record) in (first_index.cast_signed()..).zip(records) {
        transaction.push("INSERT INTO operation (log_index, record) VALUES (?, ?)");
        transaction.bind(log_index)?;
        transaction.bind(record.as_str())?;
    }
    Ok(())
}
