//! Whether a path still names the file that is held open: a write to a file that nobody can find again is no record.

use std::{
    fs::{self, File, Metadata},
    io,
    path::{Path, PathBuf},
};

/// What makes a file the same file: its device and inode. Elsewhere than on unix an open file cannot be moved or deleted, and all
/// that is asked is that it is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct FileId {
    #[cfg(unix)]
    device: u64,
    #[cfg(unix)]
    inode: u64,
}

impl FileId {
    pub(super) fn at(path: &Path) -> io::Result<Self> {
        fs::metadata(path).map(|metadata| Self::new(&metadata))
    }

    pub(super) fn of_open(file: &File) -> io::Result<Self> {
        file.metadata().map(|metadata| Self::new(&metadata))
    }

    #[cfg(unix)]
    fn new(metadata: &Metadata) -> Self {
        use std::os::unix::fs::MetadataExt as _;
        Self {
            device: metadata.dev(),
            inode: metadata.ino(),
        }
    }

    #[cfg(not(unix))]
    fn new(_: &Metadata) -> Self {
        Self {}
    }
}

/// Whether a file has more than one name.
#[cfg(unix)]
pub(super) fn has_other_names(path: &Path) -> io::Result<bool> {
    use std::os::unix::fs::MetadataExt as _;
    Ok(fs::metadata(path)?.nlink() > 1)
}

#[cfg(not(unix))]
pub(super) fn has_other_names(_: &Path) -> io::Result<bool> {
    Ok(false)
}

/// The files of an open database and who they were when it was opened.
///
/// The files are never opened to look at them: closing any handle of a file drops the locks that `SQLite` holds on it in the same
/// process. While `SQLite` holds them open, no other file can get their inodes.
#[derive(Clone, Debug, Default)]
pub(super) struct Watch {
    files: Vec<(PathBuf, FileId)>,
}

impl Watch {
    /// Remembers who the file at a path is.
    pub(super) fn add(&mut self, path: PathBuf) -> io::Result<()> {
        let id = FileId::at(&path)?;
        self.files.push((path, id));
        Ok(())
    }

    /// The first path that no longer names its file. One system call a path.
    pub(super) fn moved(&self) -> Option<&Path> {
        let moved = |(path, id): &&(PathBuf, FileId)| FileId::at(path).ok() != Some(*id);
        self.files.iter().find(moved).map(|(path, _)| path.as_path())
    }
}
