//! The file of the signing keys: one text, readable by its owner only, never half written.

use std::{
    fs::{self, OpenOptions},
    io::{self, Write as _},
    path::{Path, PathBuf},
};

use super::create;
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
    if path.exists() {
        return Err(KeyFileError::Exists { path: path.to_owned() });
    }
    put(path, ring)
}

/// Puts other keys in the place of those in a file: the old ones or the new ones are there, whatever happens.
///
/// # Errors
/// See [`KeyFileError`].
pub fn put(path: &Path, ring: &KeyRing) -> Result<(), KeyFileError> {
    write(path, &ring.text()).map_err(unreachable(path))
}

fn write(path: &Path, text: &str) -> io::Result<()> {
    let path = std::path::absolute(path)?;
    if let Some(folder) = path.parent() {
        create::folder(folder)?;
    }
    let fresh = create::beside(&path, ".new");
    // What a killed process left half written.
    create::remove(&fresh)?;
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    create::private(&mut options);
    let mut file = options.open(&fresh)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()?;
    fs::rename(&fresh, &path)?;
    path.parent().map_or(Ok(()), create::sync_folder)
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
        put(&path, &rotated).unwrap();
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
    fn another_text_is_refused_naming_the_file() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("keys");
        write(&path, "nothing\n").unwrap();
        let error = load(&path).unwrap_err().to_string();
        assert!(
            error.contains("keys` holds no keys") && error.contains("line 1"),
            "{error}"
        );
    }
}
