//! Writing a bundle, as a stream.

use std::io::{self, Write};

use zip::{
    CompressionMethod, DateTime, System, ZipWriter,
    write::{SimpleFileOptions, StreamWriter},
};

use super::{
    super::{
        Checkpoint, CheckpointError, Hash, Inclusion, Kind, Proof, ProofError, TrustedKeys, checkpoint, leaf_hash,
    },
    BUNDLE_FORMAT, BundledRecord, Manifest, hexadecimal_digest, name,
};

/// How to check a bundle, for whoever opens one.
const README: &str = include_str!("README.txt");

/// Writes a bundle: the records in the order of the log, then the catalogues, then the end. What would not verify is not written. The
/// same calls write the same bytes.
#[derive(Debug)]
pub struct BundleWriter<W: Write> {
    archive: ZipWriter<StreamWriter<W>>,
    /// Proofs are made at its size.
    checkpoint: Checkpoint,
    manifest: Manifest,
    last: Option<u64>,
}

/// What a bundle begins with.
#[derive(Clone, Copy, Debug)]
pub struct BundleHead<'a> {
    /// The signed checkpoint that all records hang on.
    pub note: &'a str,
    /// The edition's conditions, as JSON.
    pub conditions: &'a [u8],
    /// What the records are selected by, for a person to read.
    pub selection: &'a str,
    /// The program that writes, for a person to read.
    pub program: &'a str,
}

/// Why a bundle was not written to its end.
#[derive(Debug, thiserror::Error)]
pub enum WriteError {
    /// It cannot be written where it should go.
    #[error("the bundle cannot be written")]
    Output(#[from] io::Error),
    /// The checkpoint is not to be believed.
    #[error("the checkpoint for the bundle does not open")]
    Checkpoint(#[from] CheckpointError),
    /// The record does not hang on the checkpoint.
    #[error("the checkpoint does not prove record {log_index}")]
    Proof {
        /// The record's place in the log.
        log_index: u64,
        /// What is wrong.
        source: ProofError,
    },
    /// Records were not given in the order of the log, or after a catalogue.
    #[error("record {0} comes too late; records are written in the order of the log, before the catalogues")]
    Order(u64),
    /// A record has a line break, which would end its line.
    #[error("record {0} has a line break, and a bundle has one record a line")]
    LineBreak(u64),
}

impl<W: Write> BundleWriter<W> {
    /// Begins a bundle whose checkpoint one of `keys` has signed.
    ///
    /// # Errors
    ///
    /// If the checkpoint does not open, or the output fails.
    pub fn begin(output: W, head: &BundleHead<'_>, keys: &TrustedKeys) -> Result<Self, WriteError> {
        let note = head.note.as_bytes();
        let checkpoint = keys.open(note)?;
        let manifest = Manifest {
            format: BUNDLE_FORMAT,
            origin: checkpoint.origin.to_string(),
            keys: checkpoint::signers(note),
            records: 0,
            catalogues: Vec::new(),
            selection: head.selection.to_owned(),
            program: head.program.to_owned(),
        };
        let mut writer = Self {
            archive: ZipWriter::new_stream(output),
            checkpoint,
            manifest,
            last: None,
        };
        writer.file(name::README, README.as_bytes())?;
        writer.file(name::CHECKPOINT, note)?;
        writer.file(name::CONDITIONS, head.conditions)?;
        writer.start(name::RECORDS)?;
        Ok(writer)
    }

    /// Writes a record.
    ///
    /// # Errors
    ///
    /// If the proof is none, the record comes before one already written or has a line break, or the output fails.
    pub fn record(&mut self, log_index: u64, kind: Kind, record: &[u8], proof: Proof) -> Result<(), WriteError> {
        let in_order = self.last.is_none_or(|last| last < log_index);
        if !in_order || !self.manifest.catalogues.is_empty() {
            return Err(WriteError::Order(log_index));
        }
        let leaf = leaf_hash(kind, record);
        self.check(log_index, leaf, &proof)
            .map_err(|source| WriteError::Proof { log_index, source })?;
        let bundled = BundledRecord {
            log_index,
            kind,
            leaf,
            proof,
            record,
        };
        let line = bundled.write().ok_or(WriteError::LineBreak(log_index))?;
        self.archive.write_all(&line)?;
        self.last = Some(log_index);
        self.manifest.records += 1;
        Ok(())
    }

    /// Writes a catalogue, behind the last record. One that is written already is left out.
    ///
    /// # Errors
    ///
    /// If the output fails.
    pub fn catalogue(&mut self, bytes: &[u8]) -> Result<(), WriteError> {
        let digest = hexadecimal_digest(bytes);
        if !self.manifest.catalogues.contains(&digest) {
            self.file(&name::catalogue(&digest), bytes)?;
            self.manifest.catalogues.push(digest);
        }
        Ok(())
    }

    /// Writes the end, and gives the output back. A bundle without it is refused when it is read.
    ///
    /// # Errors
    ///
    /// If the output fails.
    pub fn finish(mut self) -> Result<W, WriteError> {
        let manifest = self.manifest.text().map_err(io::Error::from)?;
        self.file(name::MANIFEST, &manifest)?;
        Ok(self.archive.finish().map_err(io::Error::from)?.into_inner())
    }

    fn check(&self, log_index: u64, leaf: Hash, proof: &Proof) -> Result<(), ProofError> {
        Inclusion::new(log_index, self.checkpoint.size)?.verify(proof, leaf, self.checkpoint.root)
    }

    fn file(&mut self, name: &str, bytes: &[u8]) -> Result<(), WriteError> {
        self.start(name)?;
        Ok(self.archive.write_all(bytes)?)
    }

    fn start(&mut self, name: &str) -> Result<(), WriteError> {
        // Neither the clock nor the system it is written on shows in it.
        let options = SimpleFileOptions::default()
            .compression_method(CompressionMethod::Deflated)
            .last_modified_time(DateTime::default())
            .system(System::Unix)
            .unix_permissions(0o644)
            .large_file(name == name::RECORDS);
        Ok(self.archive.start_file(name, options).map_err(io::Error::from)?)
    }
}
