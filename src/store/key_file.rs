//! The file of the signing keys: one text, readable by its owner only, never half written.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use super::{
    create,
    replacing::{Readers, Replacing},
};
use crate::audit::{KeyRing, KeyRingError};

/// Why the keys cannot be had or kept.
#[derive(Debug, thiserror::Error)]
pub enum KeyFileError {
    /// The file cannot be read or written.
    #[error("the key file `{}` cannot be used: {source}", path.display())]
    Unreachable {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// Others than its owner can read the file.
    #[error("the key file `{}` can be read by others than its owner; `chmod 600` it, and think of its keys as known if others were there", path.display())]
    Open {
        /// The file.
        path: PathBuf,
    },
    /// The file holds something else.
    #[error("the key file `{}` holds no keys of an installation: {problem}", path.display())]
    Malformed {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        problem: KeyRingError,
    },
    /// There are keys already.
    #[error("`{}` exists; `key rotate` gives it new keys, and moving it away forgets it", path.display())]
    Exists {
        /// The file.
        path: PathBuf,
    },
}

/// The keys in a file; `None` where there is none.
///
/// # Errors
/// See [`KeyFileError`].
pub fn load(path: &Path) -> Result<Option<KeyRing>, KeyFileError> {
    let text = match fs::read_to_string(path) {
        Ok(text) => text,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(unreachable(path)(error)),
    };
    if is_open(path).map_err(unreachable(path))? {
        return Err(KeyFileError::Open { path: path.to_owned() });
    }
    let ring = text.parse().map_err(|problem| KeyFileError::Malformed {
        path: path.to_owned(),
        problem,
    });
    ring.map(Some)
}

/// Makes the file of new keys, with its folder.
///
/// # Errors
/// See [`KeyFileError`]; nothing is changed where there is a file.
pub fn create(path: &Path, ring: &KeyRing) -> Result<(), KeyFileError> {
    Edit::begin(path)?.create(ring)
}

/// The right to change a key file, in turn with all others who do.
#[derive(Debug)]
pub struct Edit(Replacing);

impl Edit {
    /// Waits for whoever else changes a file there.
    ///
    /// # Errors
    /// See [`KeyFileError`].
    pub fn begin(path: &Path) -> Result<Self, KeyFileError> {
        let begun = || {
            let named = std::path::absolute(path)?;
            named.parent().map_or(Ok(()), create::folder)?;
            Replacing::begin(&named)
        };
        begun().map(Self).map_err(unreachable(path))
    }

    /// The keys that are there; `None` where there are none.
    ///
    /// # Errors
    /// See [`KeyFileError`].
    pub fn load(&self) -> Result<Option<KeyRing>, KeyFileError> {
        load(self.0.path())
    }

    /// Puts other keys in the place of those that are there: the old ones or the new ones are there, whatever happens.
    ///
    /// # Errors
    /// See [`KeyFileError`].
    pub fn put(&self, ring: &KeyRing) -> Result<(), KeyFileError> {
        let put = self.0.put(&ring.text(), Readers::Owner);
        put.map_err(unreachable(self.0.path()))
    }

    fn create(&self, ring: &KeyRing) -> Result<(), KeyFileError> {
        let path = self.0.path();
        self.0.create(&ring.text()).map_err(|error| match error.kind() {
            io::ErrorKind::AlreadyExists => KeyFileError::Exists { path: path.to_owned() },
            _ => unreachable(path)(error),
        })
    }
}

#[cfg(unix)]
fn is_open(path: &Path) -> io::Result<bool> {
    use std::os::unix::fs::PermissionsExt as _;
    Ok(fs::metadata(path)?.permissions().mode() & 0o077 != 0)
}

#[cfg(not(unix))]
fn is_open(_: &Path) -> io::Result<bool> {
    Ok(false)
}

fn unreachable(path: &Path) -> impl FnOnce(io::Error) -> KeyFileError {
    let path = path.to_owned();
    move |source| KeyFileError::Unreachable { path, source }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::audit::{Log, VerifierKey};

    fn ring() -> KeyRing {
        KeyRing::generate("example.com/rights", || [3; 32]).unwrap()
    }

    #[test]
    fn keys_are_read_back_and_only_their_owner_can() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("deep").join("keys");
        assert!(load(&path).unwrap().is_none());
        create(&path, &ring()).unwrap();
        assert_eq!(load(&path).unwrap().unwrap().text(), ring().text());
        assert!(!is_open(&path).unwrap());
        assert!(matches!(create(&path, &ring()), Err(KeyFileError::Exists { .. })));

        let rotated = ring().rotated(|| [4; 32]).unwrap();
        Edit::begin(&path).unwrap().put(&rotated).unwrap();
        assert_eq!(load(&path).unwrap().unwrap().text(), rotated.text());
        assert!(!is_open(&path).unwrap());
    }

    #[cfg(unix)]
    #[test]
    fn keys_that_others_can_read_are_refused() {
        use std::os::unix::fs::PermissionsExt as _;
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("keys");
        create(&path, &ring()).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).unwrap();
        let error = load(&path).unwrap_err();
        assert!(matches!(error, KeyFileError::Open { .. }));
        assert!(error.to_string().contains("chmod 600"), "{error}");
    }

    #[test]
    fn no_keys_are_lost_where_many_change_them_at_once() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("keys");
        create(&path, &ring()).unwrap();
        // What looks like a scratch file is somebody's.
        let beside = folder.path().join("keys.new");
        fs::write(&beside, "mine").unwrap();
        let rotate = |secret: u8| {
            let edit = Edit::begin(&path).unwrap();
            let rotated = edit.load().unwrap().unwrap().rotated(|| [secret; 32]).unwrap();
            edit.put(&rotated).unwrap();
            rotated.of(Log::Decisions).verifier().text().to_owned()
        };
        let reported: Vec<String> = std::thread::scope(|scope| {
            let rotating: Vec<_> = (10..18).map(|secret| scope.spawn(move || rotate(secret))).collect();
            rotating.into_iter().map(|one| one.join().unwrap()).collect()
        });
        let kept = load(&path).unwrap().unwrap();
        let kept: Vec<&str> = kept.verifiers().map(VerifierKey::text).collect();
        assert!(reported.iter().all(|key| kept.contains(&key.as_str())), "{kept:?}");
        assert_eq!(fs::read_to_string(&beside).unwrap(), "mine");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 2);
    }

    #[test]
    fn of_many_who_make_keys_at_once_one_does() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("keys");
        let attempt = |secret: u8| {
            let ring = KeyRing::generate("example.com/rights", || [secret; 32]).unwrap();
            create(&path, &ring).is_ok().then(|| ring.text())
        };
        let made: Vec<String> = std::thread::scope(|scope| {
            let making: Vec<_> = (0..8).map(|secret| scope.spawn(move || attempt(secret))).collect();
            making.into_iter().filter_map(|one| one.join().unwrap()).collect()
        });
        assert_eq!(made, [fs::read_to_string(&path).unwrap()]);
    }

    #[test]
    fn another_text_is_refused_naming_the_file() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("keys");
        Replacing::begin(&path).unwrap().create("nothing\n").unwrap();
        let error = load(&path).unwrap_err().to_string();
        assert!(
            error.contains("keys` holds no keys") && error.contains("line 1"),
            "{error}"
        );
    }
}
