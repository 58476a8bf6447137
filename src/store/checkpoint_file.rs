//! The file of checkpoints outside the database: whoever rebuilds the database would have to rebuild this one too.
//!
//! Signed notes, one behind the other with an empty line between. It is only ever added to, by one process at a time, and read by anyone.

use std::{
    collections::BTreeMap,
    fs::{File, OpenOptions, TryLockError},
    io::{self, BufRead as _, BufReader, Read as _, Seek as _, SeekFrom, Take, Write as _},
    path::{Path, PathBuf},
    thread,
    time::Duration,
};

use super::{create, watch::FileId};
use crate::audit::{Log, NoteLines, Origin};

/// Far more bytes than a note has.
const NOTE_LEN_MAX: u64 = 4096;

/// How often, and how far apart, a taken lock is tried again: a process that ends may let go of its database a moment sooner.
const ATTEMPTS_MAX: u32 = 5;
const ATTEMPT_GAP: Duration = Duration::from_millis(10);

/// The file, open to be added to, and locked against all others who would: databases that share a file would cut off each other's notes.
#[derive(Debug)]
pub struct CheckpointFile {
    file: File,
    path: PathBuf,
    last: BTreeMap<Log, String>,
    /// The file's length up to the last note that is whole.
    whole_len: u64,
}

/// The file cannot be used.
#[derive(Debug, thiserror::Error)]
#[error("the checkpoint file `{}` cannot be used: {source}", path.display())]
pub struct CheckpointFileError {
    path: PathBuf,
    source: io::Error,
}

impl CheckpointFile {
    /// Opens the file, and creates it with its folder where there is none. A note that a killed process left half written is cut off.
    ///
    /// # Errors
    /// The file cannot be read or written, or somebody else writes it.
    pub fn open(path: &Path) -> Result<Self, CheckpointFileError> {
        open(path).map_err(|source| failed(path, source))
    }

    /// The last note of a log, not verified.
    #[must_use]
    pub fn last(&self, log: Log) -> Option<&str> {
        self.last.get(&log).map(String::as_str)
    }

    /// Adds notes, and makes them durable, all or none.
    ///
    /// # Errors
    /// The file cannot be written, or is no longer the one that was opened. What was written by half is cut off by the next that can.
    pub fn append(&mut self, notes: &[(Log, u64, String)]) -> Result<(), CheckpointFileError> {
        if notes.is_empty() {
            return Ok(());
        }
        self.write(notes).map_err(|source| failed(&self.path, source))?;
        for (log, _, note) in notes {
            self.last.insert(*log, note.clone());
        }
        Ok(())
    }

    /// Where it is.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    fn write(&mut self, notes: &[(Log, u64, String)]) -> io::Result<()> {
        let there = FileId::at(&self.path)? == FileId::of_open(&self.file)?;
        if !there || self.file.metadata()?.len() < self.whole_len {
            return Err(io::Error::other(
                "it was moved, replaced or cut while it was open; put it back as it was, and never rotate it",
            ));
        }
        self.file.set_len(self.whole_len)?;
        self.file.seek(SeekFrom::End(0))?;
        let text: String = notes.iter().flat_map(|(_, _, note)| [note.as_str(), "\n"]).collect();
        self.file.write_all(text.as_bytes())?;
        self.file.sync_data()?;
        self.whole_len += text.len() as u64;
        Ok(())
    }
}

/// The notes of a file as it was when it was opened, one after the other: a file of years is long.
#[derive(Debug)]
pub struct Notes {
    reader: BufReader<Take<File>>,
    path: PathBuf,
    lines: NoteLines,
    line: Vec<u8>,
    place: u64,
    /// Bytes up to the end of the last note that was given.
    whole_len: u64,
}

impl Notes {
    /// Opens a file to read its notes; `None` where there is none.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn open(path: &Path) -> Result<Option<Self>, CheckpointFileError> {
        match File::open(path).and_then(|file| Self::of(file, path)) {
            Ok(notes) => Ok(Some(notes)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(source) => Err(failed(path, source)),
        }
    }

    fn of(file: File, path: &Path) -> io::Result<Self> {
        let len = file.metadata()?.len();
        Ok(Self {
            reader: BufReader::new(file.take(len)),
            path: path.to_owned(),
            lines: NoteLines::default(),
            line: Vec::new(),
            place: 0,
            whole_len: 0,
        })
    }

    fn read(&mut self) -> io::Result<Option<String>> {
        loop {
            self.line.clear();
            self.place += self.reader.read_until(b'\n', &mut self.line)? as u64;
            // A line that does not end is one that was cut off, or is on its way.
            let Some(text) = self.line.strip_suffix(b"\n") else {
                return Ok(None);
            };
            // A note is whole with the empty line behind its signatures. What is no text is no note, and shows as one that does not open.
            if let Some(note) = self.lines.push(&String::from_utf8_lossy(text)) {
                self.whole_len = self.place;
                return Ok(Some(note));
            }
        }
    }
}

impl Iterator for Notes {
    type Item = Result<String, CheckpointFileError>;

    fn next(&mut self) -> Option<Self::Item> {
        self.read().map_err(|source| failed(&self.path, source)).transpose()
    }
}

fn open(path: &Path) -> io::Result<CheckpointFile> {
    let path = std::path::absolute(path)?;
    if let Some(folder) = path.parent() {
        create::folder(folder)?;
    }
    let mut options = OpenOptions::new();
    options.read(true).write(true).create(true);
    create::private(&mut options);
    let file = options.open(&path)?;
    lock(&file)?;
    path.parent().map_or(Ok(()), create::sync_folder)?;

    let mut last = BTreeMap::new();
    let mut notes = Notes::of(file.try_clone()?, &path)?;
    while let Some(note) = notes.read()? {
        let origin = note.lines().next().and_then(|origin| origin.parse::<Origin>().ok());
        if let Some(origin) = origin {
            last.insert(origin.log(), note);
        }
    }
    // What is behind is cut off before the next note, and a file that was named by mistake with it.
    let rest = read_rest(&file, notes.whole_len)?;
    if !rest.is_empty() && !is_begun(&rest, notes.whole_len == 0) {
        return Err(io::Error::other(
            "it holds something else than signed checkpoints, and is left as it is; name another file",
        ));
    }
    Ok(CheckpointFile {
        file,
        path,
        last,
        whole_len: notes.whole_len,
    })
}

/// What is behind the whole notes, as far as it may be the beginning of one, and a little more.
fn read_rest(mut file: &File, whole_len: u64) -> io::Result<Vec<u8>> {
    let mut rest = Vec::new();
    file.seek(SeekFrom::Start(whole_len))?;
    file.take(NOTE_LEN_MAX + 1).read_to_end(&mut rest)?;
    Ok(rest)
}

/// Whether some bytes are the beginning of a note that was cut off. Of the first of all, at least its first line must be there: half a line could be anything.
fn is_begun(rest: &[u8], is_first: bool) -> bool {
    let origin = rest.split(|&byte| byte == b'\n').next().unwrap_or_default();
    let is_whole = origin.len() < rest.len();
    let is_origin = std::str::from_utf8(origin).is_ok_and(|origin| origin.parse::<Origin>().is_ok());
    rest.len() as u64 <= NOTE_LEN_MAX && if is_whole { is_origin } else { !is_first }
}

/// Takes the lock of a file, which those who only read do not ask for.
fn lock(file: &File) -> io::Result<()> {
    for attempt in 1.. {
        match file.try_lock() {
            Ok(()) => break,
            Err(TryLockError::WouldBlock) if attempt < ATTEMPTS_MAX => thread::sleep(ATTEMPT_GAP),
            Err(TryLockError::WouldBlock) => {
                return Err(io::Error::other(
                    "another process writes it; end that one, or give each database a file of its own",
                ));
            }
            Err(TryLockError::Error(error)) => return Err(error),
        }
    }
    Ok(())
}

fn failed(path: &Path, source: io::Error) -> CheckpointFileError {
    let path = path.to_owned();
    CheckpointFileError { path, source }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    fn note(log: Log, size: u64) -> String {
        format!("example.com/{log}\n{size}\nroot\n\n\u{2014} example.com/{log} signature\n")
    }

    fn entry(log: Log, size: u64) -> (Log, u64, String) {
        (log, size, note(log, size))
    }

    #[test]
    fn a_file_that_was_moved_or_cut_is_not_written() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("checkpoints");
        let mut file = CheckpointFile::open(&path).unwrap();
        file.append(&[entry(Log::Decisions, 3)]).unwrap();
        let whole = fs::read(&path).unwrap();
        fs::write(&path, &whole[..10]).unwrap();
        assert!(file.append(&[entry(Log::Decisions, 4)]).is_err());
        fs::write(&path, &whole).unwrap();
        file.append(&[entry(Log::Decisions, 4)]).unwrap();
        fs::rename(&path, folder.path().join("rotated")).unwrap();
        let error = file.append(&[entry(Log::Decisions, 5)]).unwrap_err().to_string();
        assert!(error.contains("checkpoints"), "{error}");
    }

    #[test]
    fn a_file_of_something_else_is_left_as_it_is() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("other");
        let notes = format!("{}\n", note(Log::Decisions, 3));
        let texts = [
            "PRIVATE+KEY+example.com".to_owned(),
            "[[callers]]\nname = \"a\"\n".to_owned(),
            notes.replace('\n', "\r\n"),
            format!("{notes}and more\nthan a note\n"),
            format!("{notes}{}", "x".repeat(5000)),
        ];
        for text in texts {
            fs::write(&path, &text).unwrap();
            let error = CheckpointFile::open(&path).unwrap_err().to_string();
            assert!(error.contains("something else than signed checkpoints"), "{error}");
            assert_eq!(fs::read_to_string(&path).unwrap(), text);
        }
    }

    #[test]
    fn a_file_that_is_written_is_nobody_elses_to_write_and_everybodys_to_read() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("checkpoints");
        let mut file = CheckpointFile::open(&path).unwrap();
        file.append(&[entry(Log::Decisions, 3)]).unwrap();
        let error = CheckpointFile::open(&path).unwrap_err().to_string();
        let expected = format!(
            "the checkpoint file `{}` cannot be used: another process writes it",
            path.display()
        );
        assert!(error.starts_with(&expected), "{error}");
        assert_eq!(Notes::open(&path).unwrap().unwrap().count(), 1);
        drop(file);
        CheckpointFile::open(&path).unwrap();
    }

    #[test]
    fn notes_are_added_and_the_last_of_each_log_is_known_again() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("state").join("checkpoints");
        let mut file = CheckpointFile::open(&path).unwrap();
        assert_eq!(file.last(Log::Decisions), None);
        file.append(&[entry(Log::Decisions, 3), entry(Log::Operations, 1)])
            .unwrap();
        file.append(&[entry(Log::Decisions, 7)]).unwrap();
        drop(file);

        let file = CheckpointFile::open(&path).unwrap();
        assert_eq!(file.last(Log::Decisions), Some(note(Log::Decisions, 7).as_str()));
        assert_eq!(file.last(Log::Operations), Some(note(Log::Operations, 1).as_str()));
        let notes = Notes::open(&path).unwrap().unwrap();
        let notes: Vec<String> = notes.map(Result::unwrap).collect();
        let (decisions, operations) = (Log::Decisions, Log::Operations);
        assert_eq!(notes, [note(decisions, 3), note(operations, 1), note(decisions, 7)]);
        assert!(Notes::open(&folder.path().join("none")).unwrap().is_none());
    }

    #[test]
    fn a_note_half_written_is_cut_off_and_the_others_stay() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("checkpoints");
        let mut file = CheckpointFile::open(&path).unwrap();
        file.append(&[entry(Log::Decisions, 3)]).unwrap();
        drop(file);
        let whole = fs::read_to_string(&path).unwrap();
        let next = format!("{}\n", note(Log::Decisions, 9));
        for cut in 1..next.len() {
            if !next.is_char_boundary(cut) {
                continue;
            }
            fs::write(&path, format!("{whole}{}", &next[..cut])).unwrap();
            let mut file = CheckpointFile::open(&path).unwrap();
            assert_eq!(
                file.last(Log::Decisions),
                Some(note(Log::Decisions, 3).as_str()),
                "{cut}"
            );
            file.append(&[entry(Log::Decisions, 4)]).unwrap();
            drop(file);
            let mended = format!("{whole}{}\n", note(Log::Decisions, 4));
            assert_eq!(fs::read_to_string(&path).unwrap(), mended, "{cut}");
        }
    }
}
