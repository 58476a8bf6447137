//! Who writes a database: one process, named by a lock file beside it.

use std::{
    fs::{File, OpenOptions, TryLockError},
    io::{self, Read as _, Seek as _, Write as _},
    path::{Path, PathBuf},
    time::Duration,
};

use super::{create, watch::FileId};

/// How often, and how far apart, a taken lock is tried again: whoever asks for the owner holds the lock for a moment too.
const ATTEMPTS_MAX: u32 = 5;
const ATTEMPT_GAP: Duration = Duration::from_millis(10);
/// Longer than any text that a lock file holds.
const TEXT_LEN_MAX: u64 = 4096;

/// The process that writes a database, as its lock file names it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Owner {
    /// Its process id; `None` when the lock file does not tell, as in the moment of starting.
    pub pid: Option<u32>,
    /// Where it serves; `None` when it serves nobody but itself.
    pub address: Option<String>,
}

impl Owner {
    /// Who holds the database at a path now; `None` when nobody does. What a killed process left behind counts as nobody.
    ///
    /// On Windows a held lock file cannot be read: there the owner is seen, but not named.
    #[must_use]
    pub fn of(database: &Path) -> Option<Self> {
        let file = File::open(lock_path(&create::resolve(database))).ok()?;
        match file.try_lock_shared() {
            Err(TryLockError::WouldBlock) => Some(Self::read(&file)),
            Ok(()) | Err(TryLockError::Error(_)) => None,
        }
    }

    fn read(mut file: &File) -> Self {
        let mut text = String::new();
        // A text that cannot be read names nobody, yet somebody holds the lock.
        let _ = file
            .rewind()
            .and_then(|()| file.take(TEXT_LEN_MAX).read_to_string(&mut text));
        // A line without its end is still being written.
        let lines = || text.split_inclusive('\n').filter_map(|line| line.strip_suffix('\n'));
        let field = |name| lines().find_map(|line| line.strip_prefix(name));
        Self {
            pid: field("pid ").and_then(|pid| pid.parse().ok()),
            address: field("address ").map(str::to_owned),
        }
    }

    fn text(&self) -> String {
        let pid = self.pid.map(|pid| format!("pid {pid}\n"));
        let address = self
            .address
            .as_deref()
            .map(|address| format!("address {}\n", address.replace('\n', " ")));
        pid.into_iter().chain(address).collect()
    }
}

impl std::fmt::Display for Owner {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.pid {
            Some(pid) => write!(out, "process {pid}")?,
            None => out.write_str("another process")?,
        }
        match &self.address {
            Some(address) => write!(out, ", serving `{address}`"),
            None => Ok(()),
        }
    }
}

/// Why a database could not be owned.
#[derive(Debug)]
pub(super) enum OwnershipError {
    /// Somebody else owns it.
    Taken(Owner),
    /// The lock file cannot be made.
    Io(io::Error),
}

impl From<io::Error> for OwnershipError {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}

/// The right to write one database, until dropped or the process ends, however it ends: the operating system holds the lock.
#[derive(Debug)]
pub(super) struct Ownership {
    file: File,
}

impl Ownership {
    /// Takes the lock beside a database; its folder must exist.
    pub(super) async fn take(database: &Path, address: Option<&str>) -> Result<Self, OwnershipError> {
        let path = lock_path(database);
        let mut attempts = 0;
        loop {
            attempts += 1;
            let file = open(&path)?;
            match file.try_lock() {
                // Whoever removed the file meanwhile would let a second process lock a new one.
                Ok(()) if FileId::at(&path).ok() == Some(FileId::of_open(&file)?) => {
                    let ownership = Self { file };
                    match ownership.announce(address) {
                        // The lock holds all the same, and what is recorded can be read.
                        Err(error) if is_want_of_room(&error) => {
                            tracing::warn!(%error, "the lock file does not name this process");
                        }
                        announced => announced?,
                    }
                    return Ok(ownership);
                }
                Ok(()) | Err(TryLockError::WouldBlock) if attempts < ATTEMPTS_MAX => {
                    tokio::time::sleep(ATTEMPT_GAP).await;
                }
                Ok(()) | Err(TryLockError::WouldBlock) => return Err(OwnershipError::Taken(Owner::read(&file))),
                Err(TryLockError::Error(error)) => return Err(error.into()),
            }
        }
    }

    /// Names this process, and where it serves, to whoever finds the lock taken.
    pub(super) fn announce(&self, address: Option<&str>) -> io::Result<()> {
        let owner = Owner {
            pid: Some(std::process::id()),
            address: address.map(str::to_owned),
        };
        let text = owner.text();
        let mut file = &self.file;
        // Emptied first: nobody is to read this process's id beside the address of the one before.
        file.set_len(0)?;
        file.rewind()?;
        file.write_all(text.as_bytes())
    }
}

/// The lock file of a database.
pub(super) fn lock_path(database: &Path) -> PathBuf {
    create::beside(database, ".lock")
}

fn is_want_of_room(error: &io::Error) -> bool {
    use io::ErrorKind::{FileTooLarge, QuotaExceeded, StorageFull};
    matches!(error.kind(), StorageFull | QuotaExceeded | FileTooLarge)
}

fn open(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.read(true).write(true).create(true).truncate(false);
    create::private(&mut options);
    options.open(path)
}
