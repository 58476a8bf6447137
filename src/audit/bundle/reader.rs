//! Checking a bundle.

use std::{
    collections::BTreeMap,
    io::{self, BufRead, BufReader, Read, Seek, SeekFrom},
};

use zip::{ZipArchive, result::ZipError};

use super::{
    super::{Checkpoint, Inclusion, ProofError, TrustedKeys, checkpoint, leaf_hash},
    BundleError, BundledRecord, Manifest, RecordFault, RecordsError, hexadecimal_digest, name,
};

/// Bytes of any file but the records; all of them are held in memory.
const FILE_BYTES_MAX: u64 = 16 * 1024 * 1024;
/// Bytes of a line of the records.
const LINE_BYTES_MAX: u64 = 16 * 1024 * 1024;
/// Files in a bundle: five, and one for each catalogue.
const FILES_MAX: usize = 37;
/// What every zip archive with a file in it begins with.
const BEGINNING: [u8; 4] = *b"PK\x03\x04";

/// A bundle whose checkpoint is signed by a trusted key and whose catalogues are whole. Its records are checked as they are read.
#[derive(Debug)]
pub struct Bundle<R> {
    archive: ZipArchive<R>,
    note: Vec<u8>,
    checkpoint: Checkpoint,
    manifest: Manifest,
    conditions: Vec<u8>,
    catalogues: BTreeMap<String, Vec<u8>>,
}

/// What was checked.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// Records, each of them in the log.
    pub records: u64,
    /// Places in the log of the first and the last of them.
    pub range: Option<(u64, u64)>,
}

impl<R: Read + Seek> Bundle<R> {
    /// Opens a bundle, and checks all of it but the records.
    ///
    /// # Errors
    ///
    /// The first thing that is wrong.
    pub fn open(reader: R, keys: &TrustedKeys) -> Result<Self, BundleError> {
        let mut archive = archive(reader)?;
        let digests = catalogue_names(&archive)?;
        let note = file(&mut archive, name::CHECKPOINT)?;
        let checkpoint = keys.open(&note)?;
        let manifest = Manifest::read(&file(&mut archive, name::MANIFEST)?).map_err(BundleError::Manifest)?;
        same("the log", &manifest.origin, checkpoint.origin.text())?;
        same(
            "the keys",
            &manifest.keys.join(" "),
            &checkpoint::signers(&note).join(" "),
        )?;
        same("the catalogues", &manifest.catalogues.join(" "), &digests.join(" "))?;
        let mut catalogues = BTreeMap::new();
        for digest in digests {
            let bytes = file(&mut archive, &name::catalogue(&digest))?;
            let found = hexadecimal_digest(&bytes);
            if found != digest {
                return Err(BundleError::Catalogue { digest, found });
            }
            catalogues.insert(digest, bytes);
        }
        // Nobody signs it, but damage shows.
        file(&mut archive, name::README)?;
        let conditions = file(&mut archive, name::CONDITIONS)?;
        Ok(Self {
            archive,
            note,
            checkpoint,
            manifest,
            conditions,
            catalogues,
        })
    }

    /// The exact text of the checkpoint.
    #[must_use]
    pub fn note(&self) -> &[u8] {
        &self.note
    }

    /// The checkpoint that the records hang on.
    #[must_use]
    pub fn checkpoint(&self) -> &Checkpoint {
        &self.checkpoint
    }

    /// What the bundle says of itself; nobody signed it.
    #[must_use]
    pub fn manifest(&self) -> &Manifest {
        &self.manifest
    }

    /// The conditions as the bundle tells them; nobody signed them.
    #[must_use]
    pub fn conditions(&self) -> &[u8] {
        &self.conditions
    }

    /// The catalogues by digest. Each has the digest that it is named for.
    #[must_use]
    pub fn catalogues(&self) -> &BTreeMap<String, Vec<u8>> {
        &self.catalogues
    }

    /// Checks each record, and gives those that are in the log to `each`, in the order of the log.
    ///
    /// # Errors
    ///
    /// The first thing that is wrong, or what `each` says.
    pub fn records<E>(
        &mut self,
        mut each: impl FnMut(&BundledRecord<'_>) -> Result<(), E>,
    ) -> Result<Report, RecordsError<E>> {
        let records = self.archive.by_name(name::RECORDS);
        let mut lines = BufReader::new(records.map_err(|error| unreadable(name::RECORDS, error))?);
        let mut report = Report::default();
        let mut line = Vec::new();
        while next_line(&mut lines, &mut line, report.records + 1)? {
            let record = check(&line, &self.checkpoint, &report)?;
            let log_index = record.log_index;
            each(&record).map_err(|error| RecordsError::Stopped { log_index, error })?;
            let first = report.range.map_or(log_index, |(first, _)| first);
            report.range = Some((first, log_index));
            report.records += 1;
        }
        let (stated, found) = (self.manifest.records.to_string(), report.records.to_string());
        same("the number of records", &stated, &found)?;
        Ok(report)
    }
}

impl Report {
    /// Whether no record of the log is left out between the first and the last.
    #[must_use]
    pub fn is_gapless(&self) -> bool {
        self.range
            .is_none_or(|(first, last)| last - first == self.records.saturating_sub(1))
    }
}

/// What a bundle says of itself, with nothing of it checked: for whoever has just got it from the one who wrote it.
///
/// # Errors
///
/// When it is no bundle, or says nothing.
pub fn stated(reader: impl Read + Seek) -> Result<Manifest, BundleError> {
    let mut archive = archive(reader)?;
    Manifest::read(&file(&mut archive, name::MANIFEST)?).map_err(BundleError::Manifest)
}

/// The archive, unless the file is of another kind, which says nothing of any evidence.
fn archive<R: Read + Seek>(mut reader: R) -> Result<ZipArchive<R>, BundleError> {
    let mut beginning = Vec::new();
    let read = reader.by_ref().take(4).read_to_end(&mut beginning);
    read.and_then(|_| reader.seek(SeekFrom::Start(0)))
        .map_err(|error| BundleError::NoBundle(error.to_string()))?;
    if beginning != BEGINNING {
        return Err(BundleError::NoBundle("it is no zip archive".to_owned()));
    }
    let archive = ZipArchive::new(reader).map_err(|error| BundleError::Archive(error.to_string()))?;
    let signs = [name::CHECKPOINT, name::RECORDS, name::MANIFEST];
    if signs.iter().all(|name| archive.index_for_name(name).is_none()) {
        return Err(BundleError::NoBundle(
            "the archive has neither checkpoint nor records".to_owned(),
        ));
    }
    Ok(archive)
}

/// A record that is in the log, from its line.
fn check<'a>(line: &'a [u8], checkpoint: &Checkpoint, before: &Report) -> Result<BundledRecord<'a>, BundleError> {
    let number = before.records + 1;
    let record = BundledRecord::read(line).map_err(|what| BundleError::Line { line: number, what })?;
    let wrong = |fault| BundleError::Record {
        log_index: record.log_index,
        line: number,
        fault,
    };
    if let Some((_, last)) = before.range
        && record.log_index <= last
    {
        return Err(wrong(RecordFault::Order { before: last }));
    }
    if leaf_hash(record.kind, record.record) != record.leaf {
        return Err(wrong(RecordFault::Record));
    }
    let size = checkpoint.size;
    let proven = Inclusion::new(record.log_index, size)
        .and_then(|claim| claim.verify(&record.proof, record.leaf, checkpoint.root));
    match proven {
        Ok(()) => Ok(record),
        Err(ProofError::Index { .. } | ProofError::Size(_)) => Err(wrong(RecordFault::Beyond { size })),
        Err(ProofError::Wrong | ProofError::Tiles | ProofError::Order { .. }) => Err(wrong(RecordFault::Proof)),
    }
}

/// Reads a line without its end; whether there was one.
fn next_line(lines: &mut impl BufRead, line: &mut Vec<u8>, number: u64) -> Result<bool, BundleError> {
    line.clear();
    lines
        .take(LINE_BYTES_MAX)
        .read_until(b'\n', line)
        .map_err(|source| damaged(name::RECORDS, source))?;
    match line.pop() {
        None => Ok(false),
        Some(b'\n') => Ok(true),
        Some(_) => Err(BundleError::Line {
            line: number,
            what: "it does not end".to_owned(),
        }),
    }
}

/// The digests that the catalogues are named for. Nothing but the files of a bundle may be there, and none twice.
fn catalogue_names<R: Read + Seek>(archive: &ZipArchive<R>) -> Result<Vec<String>, BundleError> {
    if archive.has_duplicate_names() || archive.len() > FILES_MAX {
        return Err(BundleError::Archive("it has a file twice, or very many".to_owned()));
    }
    let fixed = [
        name::README,
        name::CHECKPOINT,
        name::CONDITIONS,
        name::RECORDS,
        name::MANIFEST,
    ];
    let mut digests = Vec::new();
    for raw in archive.file_names_raw() {
        let name = String::from_utf8_lossy(raw);
        let digest = name
            .strip_prefix(name::CATALOGUES)
            .and_then(|name| name.strip_suffix(".json"));
        match digest {
            Some(digest) => digests.push(digest.to_owned()),
            None if fixed.contains(&name.as_ref()) => {}
            None => return Err(BundleError::Unexpected(name.into_owned())),
        }
    }
    Ok(digests)
}

fn file<R: Read + Seek>(archive: &mut ZipArchive<R>, name: &str) -> Result<Vec<u8>, BundleError> {
    let member = archive.by_name(name).map_err(|error| unreadable(name, error))?;
    let mut bytes = Vec::new();
    member
        .take(FILE_BYTES_MAX + 1)
        .read_to_end(&mut bytes)
        .map_err(|source| damaged(name, source))?;
    if bytes.len() as u64 > FILE_BYTES_MAX {
        let (name, bytes_max) = (name.to_owned(), FILE_BYTES_MAX);
        return Err(BundleError::TooLarge { name, bytes_max });
    }
    Ok(bytes)
}

fn unreadable(name: &str, error: ZipError) -> BundleError {
    match error {
        ZipError::FileNotFound => BundleError::Missing(name.to_owned()),
        other => damaged(name, other.into()),
    }
}

fn damaged(name: &str, source: io::Error) -> BundleError {
    let name = name.to_owned();
    BundleError::Damaged { name, source }
}

fn same(what: &'static str, stated: &str, found: &str) -> Result<(), BundleError> {
    if stated == found {
        Ok(())
    } else {
        let (stated, found) = (stated.to_owned(), found.to_owned());
        Err(BundleError::Stated { what, stated, found })
    }
}
