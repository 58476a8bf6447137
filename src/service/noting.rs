//! What the service did goes into its own log: in the order it was done, or as a gap that says how much is missing.

use super::{
    operation::Operation,
    recorder::{Recorder, in_time},
};
use crate::{
    audit::Log,
    store::{WriteError, Writer},
};

/// What a failed transaction may have recorded all the same.
pub(super) struct InDoubt {
    /// How large the log is if it did.
    size: u64,
    operations: u64,
    /// Operations of the gap before them.
    missed: u64,
}

impl Recorder {
    /// Records operations, behind the gap before them; those that cannot be recorded become one.
    pub(super) async fn write_operations(&mut self, done: Vec<Operation>) {
        let operations = done.len() as u64;
        let size = match in_time(&self.state, operations_size(&mut self.writer)).await {
            Ok(size) => size,
            Err(error) => {
                self.note(Some(&error));
                return self.operations.lose(operations);
            }
        };
        self.settle(size);
        let gap = self.operations.take_gap();
        let missed = gap.as_ref().map_or(0, |(missed, _)| *missed);
        let now_us = self.stamper.now_us();
        let records = gap.into_iter().map(|(_, gap)| gap).chain(done);
        let records = records.map(|operation| operation.record(now_us, self.stamper.salt()));
        let records: Vec<String> = match records.collect() {
            Ok(records) => records,
            Err(error) => {
                tracing::error!(%error, "an operation has no text");
                self.operations.put_gap_back(missed);
                return self.operations.lose(operations);
            }
        };
        if records.is_empty() {
            return;
        }
        let written = in_time(&self.state, append_operations(&mut self.writer, &records)).await;
        self.note(written.as_ref().err());
        if written.is_ok() {
            self.unsigned = true;
        } else {
            let size = size.saturating_add(records.len() as u64);
            self.in_doubt = Some(InDoubt {
                size,
                operations,
                missed,
            });
        }
    }

    /// Finds what a failed transaction did, by how large the log of operations is.
    fn settle(&mut self, size: u64) {
        match self.in_doubt.take() {
            Some(doubt) if size < doubt.size => {
                self.operations.put_gap_back(doubt.missed);
                self.operations.lose(doubt.operations);
            }
            Some(_) => self.unsigned = true,
            None => {}
        }
    }
}

async fn operations_size(writer: &mut Writer) -> Result<u64, WriteError> {
    let append = writer.begin().await?;
    let size = append.tree(Log::Operations).size();
    append.rollback().await.map(|()| size)
}

async fn append_operations(writer: &mut Writer, records: &[String]) -> Result<(), WriteError> {
    let mut append = writer.begin().await?;
    append.append_operations(records)?;
    append.commit().await
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;
    use crate::{
        audit::KeyRing,
        service::{Clock, Committer, Limits, Notary, Recording, Sources, Stamper},
        store::{CheckpointFile, Store},
    };

    #[tokio::test]
    async fn an_operation_that_was_recorded_though_its_transaction_failed_is_neither_lost_nor_left_out_of_the_size() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().canonicalize().unwrap().join("log.db");
        let away = path.with_extension("away");
        let (store, mut writer) = Store::open_owned(&path, None).await.unwrap();
        let (from, to) = (path.clone(), away.clone());
        // The first record is on its way when the file is moved: it is durable, where nobody would look for it.
        let moved = std::sync::Once::new();
        let mut handle = writer.connection_mut().lock_handle().await.unwrap();
        handle.set_update_hook(move |_| moved.call_once(|| fs::rename(&from, &to).unwrap()));
        drop(handle);

        let keys = KeyRing::generate("test", || [7; 32]).unwrap();
        let file = CheckpointFile::open(&folder.path().join("checkpoints")).unwrap();
        let (notary, _) = Notary::new(&store, keys, file).await.unwrap();
        let sources = Sources {
            clock: Clock::new(|| 0),
            fill: Box::new(|bytes| bytes.fill(0)),
        };
        let stamper = Stamper::new(sources, None);
        let begun = vec![Operation::Gap { operations: 1 }];
        let (committer, committing) = Committer::start(writer, stamper, notary, begun, Limits::default()).unwrap();
        let mut recording = committer.recording();
        recording.wait_for(|state| *state == Recording::Failing).await.unwrap();
        let counters = committer.counters();
        assert_eq!(counters.size(Log::Operations), 0);
        fs::rename(&away, &path).unwrap();
        recording.wait_for(|state| *state == Recording::Ready).await.unwrap();
        assert_eq!(counters.size(Log::Operations), 1);
        // Behind what stayed open.
        assert!(committer.operations().sign().await);
        assert_eq!(counters.operations_lost.get(), 0);
        assert_eq!(store.size(Log::Operations).await.unwrap(), 1);
        store.close().await;
        committing.finish().await;
    }
}
