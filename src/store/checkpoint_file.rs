//! The file of checkpoints outside the database: whoever rebuilds the database would have to rebuild this one too.
//!
//! Signed notes, one behind the other with an empty line between. It is only ever added to.

use std::{
    collections::BTreeMap,
    fs::{File, OpenOptions},
    io::{self, BufRead as _, BufReader, Seek as _, SeekFrom, Write as _},
    path::{Path, PathBuf},
};

use super::create;
use crate::audit::{Log, NoteLines, Origin};

/// The file, open to be added to.
#[derive(Debug)]
pub struct CheckpointFile {
    file: File,
    path: PathBuf,
    last: BTreeMap<Log, u64>,
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

    /// The size of the last checkpoint of a log, as it says itself.
    #[must_use]
    pub fn last_size(&self, log: Log) -> Option<u64> {
        self.last.get(&log).copied()
    }

    /// Adds a note, and makes it durable.
    ///
    /// # Errors
    /// The file cannot be written. What was written of the note is cut off by the next that can.
    pub fn append(&mut self, log: Log, size: u64, note: &str) -> Result<(), CheckpointFileError> {
        self.write(note).map_err(|source| failed(&self.path, source))?;
        self.last.insert(log, size);
        Ok(())
    }

    /// Where it is.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    fn write(&mut self, note: &str) -> io::Result<()> {
        self.file.set_len(self.whole_len)?;
        self.file.seek(SeekFrom::End(0))?;
        let text = format!("{note}\n");
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
            let mut head = note.lines();
            let origin = head.next().and_then(|origin| origin.parse::<Origin>().ok());
            let size = head.next().and_then(|size| size.parse().ok());
            if let (Some(origin), Some(size)) = (origin, size) {
                last.insert(origin.log(), size);
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

    #[test]
    fn notes_are_added_and_the_last_of_each_log_is_known_again() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("state").join("checkpoints");
        let mut file = CheckpointFile::open(&path).unwrap();
        assert_eq!(file.last_size(Log::Decisions), None);
        file.append(Log::Decisions, 3, &note(Log::Decisions, 3)).unwrap();
        file.append(Log::Operations, 1, &note(Log::Operations, 1)).unwrap();
        file.append(Log::Decisions, 7, &note(Log::Decisions, 7)).unwrap();

        let file = CheckpointFile::open(&path).unwrap();
        assert_eq!(Log::ALL.map(|log| file.last_size(log)), [Some(7), Some(1)]);
        let text = read(&path).unwrap().unwrap();
        assert_eq!(text.matches("signature").count(), 3);
    }

    #[test]
    fn a_note_half_written_is_cut_off_and_the_others_stay() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("checkpoints");
        let mut file = CheckpointFile::open(&path).unwrap();
        file.append(Log::Decisions, 3, &note(Log::Decisions, 3)).unwrap();
        drop(file);
        let whole = fs::read_to_string(&path).unwrap();
        let next = format!("{}\n", note(Log::Decisions, 9));
        for cut in 1..next.len() {
            if !next.is_char_boundary(cut) {
                continue;
            }
            fs::write(&path, format!("{whole}{}", &next[..cut])).unwrap();
            let mut file = CheckpointFile::open(&path).unwrap();
            assert_eq!(file.last_size(Log::Decisions), Some(3), "{cut}");
            file.append(Log::Decisions, 4, &note(Log::Decisions, 4)).unwrap();
            let mended = format!("{whole}{}\n", note(Log::Decisions, 4));
            assert_eq!(fs::read_to_string(&path).unwrap(), mended, "{cut}");
        }
    }
}
