//! A file that a command writes: whole, or not at all.

use std::{
    fs::File,
    io::{self, Read as _, Seek as _, Write as _},
    path::{Path, PathBuf},
};

use tempfile::NamedTempFile;

use super::{Failure, count::counted};
use crate::store::sync_folder;

/// What a file begins with that nothing may be written over: it may be the only copy of decisions, or of the keys that sign them.
const PRECIOUS: [(&[u8], &str); 3] = [
    (b"SQLite format 3\0", "a database"),
    (b"\x37\x7f\x06", "the write-ahead log of a database"),
    (b"# Signing keys", "a file of signing keys"),
];

/// A file that is there whole or not at all.
pub(super) struct Whole {
    file: NamedTempFile,
    path: PathBuf,
    len: u64,
}

impl Whole {
    /// Begins beside the place where it will be.
    pub(super) fn begin(path: &Path) -> Result<Self, Failure> {
        let file = if is_standard_output(path) {
            NamedTempFile::new()
        } else {
            refuse_precious(path)?;
            NamedTempFile::new_in(folder(path))
        };
        let file = file.map_err(|error| unwritable(path, &error))?;
        let path = path.to_owned();
        Ok(Self { file, path, len: 0 })
    }

    /// Adds bytes.
    pub(super) fn write(&mut self, bytes: &[u8]) -> Result<(), Failure> {
        self.len += bytes.len() as u64;
        self.file
            .write_all(bytes)
            .map_err(|error| unwritable(&self.path, &error))
    }

    /// What was written so far, from its beginning.
    pub(super) fn written(&mut self) -> Result<&File, Failure> {
        let rewound = self.file.rewind();
        rewound.map_err(|error| unwritable(&self.path, &error))?;
        Ok(self.file.as_file())
    }

    /// Puts it in its place, with so many decisions in it; gives what there is to say of it.
    pub(super) fn finish(self, count: u64) -> Result<String, Failure> {
        let (decisions, path) = (counted(count, "decision"), self.path.display().to_string());
        let len = self.place()?;
        Ok(format!("wrote {decisions}, {len} bytes, to `{path}`"))
    }

    /// Puts it in its place; gives its length.
    fn place(self) -> Result<u64, Failure> {
        if is_standard_output(&self.path) {
            return self
                .print()
                .map_err(|error| unwritable(Path::new("standard output"), &error));
        }
        let synced = self.file.as_file().sync_all();
        synced.map_err(|error| unwritable(&self.path, &error))?;
        let kept = self.file.persist(&self.path);
        kept.map_err(|error| unwritable(&self.path, &error.error))?;
        sync_folder(folder(&self.path)).map_err(|error| unwritable(&self.path, &error))?;
        Ok(self.len)
    }

    /// Writes it to standard output, byte by byte as it is. A reader that has enough is no failure.
    fn print(mut self) -> io::Result<u64> {
        self.file.rewind()?;
        let mut out = io::stdout().lock();
        match io::copy(&mut self.file, &mut out).and_then(|_| out.flush()) {
            Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(error),
            _ => Ok(self.len),
        }
    }
}

/// Whether a path stands for standard output.
pub(super) fn is_standard_output(path: &Path) -> bool {
    path == Path::new("-")
}

/// Where a file is.
fn folder(path: &Path) -> &Path {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    folder.unwrap_or(Path::new("."))
}

/// Refuses to replace what nobody means to lose by a slip in a path.
fn refuse_precious(path: &Path) -> Result<(), Failure> {
    let mut beginning = [0; 16];
    // What cannot be read is replaced or not, as the folder allows.
    let read = File::open(path)
        .and_then(|mut file| file.read(&mut beginning))
        .unwrap_or(0);
    let beginning = beginning.get(..read).unwrap_or_default();
    match PRECIOUS.iter().find(|(sign, _)| beginning.starts_with(sign)) {
        Some((_, what)) => Err(Failure::BadInput(format!(
            "`{}` is {what}, which is not written over; name another file",
            path.display()
        ))),
        None => Ok(()),
    }
}

fn unwritable(path: &Path, error: &io::Error) -> Failure {
    Failure::Failed(format!("`{}` cannot be written: {error}", path.display()))
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn a_database_or_keys_are_not_written_over_and_anything_else_is() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("d.db");
        for precious in [
            &b"SQLite format 3\0rest"[..],
            b"\x37\x7f\x06\x82rest",
            b"# Signing keys of `name`",
        ] {
            fs::write(&path, precious).unwrap();
            let Err(Failure::BadInput(told)) = Whole::begin(&path) else {
                panic!("{precious:?} would be lost");
            };
            assert!(told.contains("not written over"), "{told}");
            assert_eq!(fs::read(&path).unwrap(), precious);
        }
        for before in [Some("an earlier export"), None] {
            fs::remove_file(&path).unwrap();
            if let Some(before) = before {
                fs::write(&path, before).unwrap();
            }
            let mut whole = Whole::begin(&path).unwrap();
            whole.write(b"new").unwrap();
            assert!(whole.finish(1).unwrap().starts_with("wrote 1 decision, 3 bytes, to "));
            assert_eq!(fs::read(&path).unwrap(), b"new");
        }
    }
}
