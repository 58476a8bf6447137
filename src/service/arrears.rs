//! Checkpoints that the database had and the file lacked when the service started: all that were ever made, where the file was lost.

use std::collections::VecDeque;

use crate::{
    audit::Log,
    store::{Append, WriteError},
};

/// Most that are in memory at once.
const NOTES_AT_ONCE: usize = 1000;

/// From where on the file lacks those of each log.
#[derive(Debug, Default)]
pub(super) struct Arrears(VecDeque<(Log, u64)>);

impl Arrears {
    /// The file has those of a log up to a size.
    pub(super) fn add(&mut self, log: Log, size: u64) {
        self.0.push_back((log, size));
    }

    /// Whether there may be more.
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The next of them, oldest first; empty when there are no more. Given once: whoever takes them has to keep them.
    ///
    /// # Errors
    ///
    /// When the database cannot be read; nothing is left out then.
    pub(super) async fn next(&mut self, append: &mut Append<'_>) -> Result<Vec<(Log, u64, String)>, WriteError> {
        while let Some((log, above)) = self.0.front_mut() {
            let notes = append.checkpoints_above(*log, *above, NOTES_AT_ONCE).await?;
            if let Some((last, _)) = notes.last() {
                *above = *last;
                let log = *log;
                return Ok(notes.into_iter().map(|(size, note)| (log, size, note)).collect());
            }
            self.0.pop_front();
        }
        Ok(Vec::new())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::Store;

    #[tokio::test]
    async fn a_file_that_lacks_years_of_checkpoints_gets_them_in_order_and_by_parts() {
        let folder = tempfile::tempdir().unwrap();
        let (_store, mut writer) = Store::open_owned(&folder.path().join("log.db"), None).await.unwrap();
        let mut append = writer.begin().await.unwrap();
        let all = |log, from, to| (from..=to).map(move |size| (log, size, format!("{log} at {size}")));
        for (log, size, note) in all(Log::Decisions, 1, 2500).chain(all(Log::Operations, 1, 3)) {
            append.put_checkpoint(log, size, &note).unwrap();
        }
        append.commit().await.unwrap();

        let mut arrears = Arrears::default();
        arrears.add(Log::Decisions, 100);
        arrears.add(Log::Operations, 1);
        let mut append = writer.begin().await.unwrap();
        let mut given = Vec::new();
        while !arrears.is_empty() {
            let notes = arrears.next(&mut append).await.unwrap();
            assert!(notes.len() <= 1000, "{} at once", notes.len());
            given.extend(notes);
        }
        let lacking: Vec<_> = all(Log::Decisions, 101, 2500)
            .chain(all(Log::Operations, 2, 3))
            .collect();
        assert!(given == lacking, "{} of {}", given.len(), lacking.len());
    }
}
