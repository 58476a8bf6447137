//! What a command writes: a file whole or not at all; what is no file, once all of it is there.

mod place;

use std::{
    fs::{self, File, OpenOptions},
    io::{self, Read, Seek as _, Write},
    path::{Path, PathBuf},
};

use tempfile::NamedTempFile;
use tokio::task::spawn_blocking;

use self::place::Place;
use super::{Failure, count::counted};
use crate::store::{put_in_place, scratch};

pub(super) use place::is_standard_output;

/// What is there whole or not at all.
pub(super) struct Whole {
    scratch: Scratch,
    /// As it was named.
    path: PathBuf,
    len: u64,
}

/// What is written until all of it is there.
enum Scratch {
    /// A file beside the one that it becomes.
    Beside { file: NamedTempFile, to: PathBuf },
    /// A file without a name, for what is written into: it goes however the process ends.
    Nameless { file: File, to: Sink },
}

/// What is written into, and replaced by nothing.
enum Sink {
    Output,
    /// A pipe, a device.
    At(PathBuf),
}

impl Whole {
    /// Begins beside the place where it will be.
    pub(super) fn begin(path: &Path) -> Result<Self, Failure> {
        let scratch = match Place::of(path)? {
            Place::File(to) => scratch(&to).map(|file| Scratch::Beside { file, to }),
            Place::Output => nameless(Sink::Output),
            Place::Stream(to) => nameless(Sink::At(to)),
        };
        let scratch = scratch.map_err(|error| unwritable(path, &error))?;
        let path = path.to_owned();
        Ok(Self { scratch, path, len: 0 })
    }

    /// Adds bytes.
    pub(super) fn write(&mut self, bytes: &[u8]) -> Result<(), Failure> {
        self.len += bytes.len() as u64;
        let written = self.scratch.file().write_all(bytes);
        written.map_err(|error| unwritable(&self.path, &error))
    }

    /// What was written so far, from its beginning.
    pub(super) fn written(&mut self) -> Result<&File, Failure> {
        let file = self.scratch.file();
        file.rewind().map_err(|error| unwritable(&self.path, &error))?;
        Ok(file)
    }

    /// Puts it in its place, with so many decisions in it; gives what there is to say of it.
    pub(super) async fn finish(self, count: u64) -> Result<String, Failure> {
        let Self { scratch, path, len } = self;
        // A pipe keeps whoever writes into it waiting for a reader: aside, so that the command can be ended meanwhile.
        let placed = spawn_blocking(move || scratch.place()).await.map_err(io::Error::from);
        placed.flatten().map_err(|error| unwritable(&path, &error))?;
        let decisions = counted(count, "decision");
        Ok(format!("wrote {decisions}, {len} bytes, to `{}`", path.display()))
    }
}

impl Scratch {
    fn file(&mut self) -> &mut File {
        match self {
            Self::Beside { file, .. } => file.as_file_mut(),
            Self::Nameless { file, .. } => file,
        }
    }

    fn place(self) -> io::Result<()> {
        match self {
            Self::Beside { file, to } => {
                keep_permissions(file.as_file(), &to)?;
                put_in_place(file, &to)
            }
            Self::Nameless { file, to: Sink::Output } => pour(file, io::stdout().lock()),
            Self::Nameless { file, to: Sink::At(to) } => {
                pour(file, OpenOptions::new().write(true).truncate(true).open(to)?)
            }
        }
    }
}

fn nameless(to: Sink) -> io::Result<Scratch> {
    tempfile::tempfile().map(|file| Scratch::Nameless { file, to })
}

/// Writes all of it, byte by byte as it is. A reader that has enough is no failure.
fn pour(mut from: impl Read + io::Seek, mut into: impl Write) -> io::Result<()> {
    from.rewind()?;
    match io::copy(&mut from, &mut into).and_then(|_| into.flush()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(error),
        _ => Ok(()),
    }
}

/// Lets those read and write a file who may do so with the one that it replaces; a new one is the owner's only.
fn keep_permissions(file: &File, replaced: &Path) -> io::Result<()> {
    match fs::metadata(replaced) {
        Ok(there) => file.set_permissions(there.permissions()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        Err(error) => Err(error),
    }
}

fn unwritable(path: &Path, error: &io::Error) -> Failure {
    let path = if is_standard_output(path) {
        "standard output".to_owned()
    } else {
        path.display().to_string()
    };
    Failure::Failed(format!("`{path}` cannot be written: {error}"))
}

#[cfg(test)]
mod tests {
    use std::{io::Read as _, process::Command, thread};

    use super::*;

    fn write(path: &Path) -> Whole {
        let mut whole = Whole::begin(path).unwrap();
        whole.write(b"new").unwrap();
        whole
    }

    #[tokio::test]
    async fn a_database_or_keys_are_not_written_over_and_anything_else_is() {
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
            let told = write(&path).finish(1).await.unwrap();
            assert!(told.starts_with("wrote 1 decision, 3 bytes, to "), "{told}");
            assert_eq!(fs::read(&path).unwrap(), b"new");
        }
    }

    #[cfg(unix)]
    #[tokio::test]
    async fn a_link_is_followed_and_a_file_stays_open_to_those_it_was_open_to() {
        use std::os::unix::fs::{PermissionsExt as _, symlink};

        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        symlink("today.zip", at("latest.zip")).unwrap();
        symlink("latest.zip", at("newest.zip")).unwrap();
        for expected in [0o600, 0o644] {
            write(&at("newest.zip")).finish(1).await.unwrap();
            for link in ["newest.zip", "latest.zip"] {
                assert!(fs::symlink_metadata(at(link)).unwrap().is_symlink());
            }
            assert_eq!(fs::read(at("today.zip")).unwrap(), b"new");
            let mode = fs::metadata(at("today.zip")).unwrap().permissions().mode();
            assert_eq!(mode & 0o777, expected);
            fs::set_permissions(at("today.zip"), fs::Permissions::from_mode(0o644)).unwrap();
        }
        symlink("circle", at("circle")).unwrap();
        assert!(Whole::begin(&at("circle")).is_err());
        assert!(matches!(Whole::begin(folder.path()), Err(Failure::BadInput(_))));
    }

    #[cfg(unix)]
    #[tokio::test]
    async fn what_is_no_file_is_written_into_and_stays() {
        use std::os::unix::fs::FileTypeExt as _;

        let folder = tempfile::tempdir().unwrap();
        let pipe = folder.path().join("pipe");
        assert!(Command::new("mkfifo").arg(&pipe).status().unwrap().success());
        // Begun while nobody reads: that takes no reader.
        let whole = write(&pipe);
        let from = pipe.clone();
        let reader = thread::spawn(move || {
            let mut read = Vec::new();
            File::open(from).unwrap().read_to_end(&mut read).unwrap();
            read
        });
        whole.finish(1).await.unwrap();
        assert_eq!(reader.join().unwrap(), b"new");
        assert!(fs::metadata(&pipe).unwrap().file_type().is_fifo());
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }

    #[test]
    fn what_is_not_finished_leaves_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let whole = write(&folder.path().join("e.zip"));
        let name = fs::read_dir(folder.path())
            .unwrap()
            .next()
            .unwrap()
            .unwrap()
            .file_name();
        let name = name.into_string().unwrap();
        let parts: Vec<&str> = name.split('.').collect();
        assert!(matches!(parts[..], ["e", "zip", _, "new"]), "{name}");
        drop(whole);
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
    }
}
