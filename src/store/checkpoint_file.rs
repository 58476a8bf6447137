//! The file of checkpoints outside the database: whoever rebuilds the database would have to rebuild this one too.
//!
//! Signed notes, one behind the other with an empty line between. It is only ever added to.

use std::{
    collections::BTreeMap,
    fs::{File, OpenOptions},
    io::{self, BufRead as _, BufReader, Seek as _, SeekFrom, Write as _},
    path::{Path, PathBuf},
};

use super::{create, watch::FileId};
use crate::audit::{Log, NoteLines, Origin};

/// The file, open to be added to.
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
    /// The file cannot be read or written.
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

/// The whole text of the file; `None` where there is none.
///
/// # Errors
/// The file cannot be read.
pub fn read(path: &Path) -> Result<Option<String>, CheckpointFileError> {
    match std::fs::read(path) {
        // What is no text is no note, and shows as one that does not open.
        Ok(bytes) => Ok(Some(String::from_utf8_lossy(&bytes).into_owned())),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(source) => Err(failed(path, source)),
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
    path.parent().map_or(Ok(()), create::sync_folder)?;

    let mut last = BTreeMap::new();
    let (mut lines, mut place, mut whole_len) = (NoteLines::default(), 0, 0);
    let mut reader = BufReader::new(&file);
    let mut line = Vec::new();
    loop {
        line.clear();
        let len = reader.read_until(b'\n', &mut line)?;
        if len == 0 {
            break;
        }
        place += len as u64;
        // A line that does not end is one that was cut off.
        let Some(text) = line.strip_suffix(b"\n") else { break };
        // A note is whole with the empty line behind its signatures.
        if let Some(note) = lines.push(&String::from_utf8_lossy(text)) {
            whole_len = place;
            let origin = note.lines().next().and_then(|origin| origin.parse::<Origin>().ok());
            if let Some(origin) = origin {
                last.insert(origin.log(), note);
            }
        }
    }
    drop(reader);
    Ok(CheckpointFile {
        file,
        path,
        last,
        whole_len,
    })
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
    fn notes_are_added_and_the_last_of_each_log_is_known_again() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("state").join("checkpoints");
        let mut file = CheckpointFile::open(&path).unwrap();
        assert_eq!(file.last(Log::Decisions), None);
        file.append(&[entry(Log::Decisions, 3), entry(Log::Operations, 1)])
            .unwrap();
        file.append(&[entry(Log::Decisions, 7)]).unwrap();

        let file = CheckpointFile::open(&path).unwrap();
        assert_eq!(file.last(Log::Decisions), Some(note(Log::Decisions, 7).as_str()));
        assert_eq!(file.last(Log::Operations), Some(note(Log::Operations, 1).as_str()));
        let text = read(&path).unwrap().unwrap();
        assert_eq!(text.matches("signature").count(), 3);
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
            let mended = format!("{whole}{}\n", note(Log::Decisions, 4));
            assert_eq!(fs::read_to_string(&path).unwrap(), mended, "{cut}");
        }
    }
}
