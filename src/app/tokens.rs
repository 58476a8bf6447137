//! Tokens: made, taken back, and kept in the access file by their hashes.

use std::{
    fs::{self, File},
    io::{self, Write as _},
    path::{Path, PathBuf},
};

use jiff::Timestamp;
use tempfile::NamedTempFile;

use crate::{
    access::{AccessError, Gate, Role, Token, TokenEntry, add_token, without_tokens},
    service::Sources,
    store::{lock_folder, sync_folder},
};

/// A token that is not in force yet: whoever is to have it can be shown it before.
#[derive(Debug)]
pub struct NewToken {
    /// The token.
    pub token: Token,
    edit: Edit,
    text: String,
}

impl NewToken {
    /// Puts it in force.
    ///
    /// # Errors
    ///
    /// When the file cannot be written.
    pub fn keep(self) -> Result<Token, AccessError> {
        self.edit.put(&self.text)?;
        Ok(self.token)
    }
}

/// Makes a token for a caller of an access file, which is made where there is none.
///
/// # Errors
///
/// When the file is wrong or cannot be reached, or the name cannot be a caller's.
pub fn create_token(
    path: &Path,
    name: &str,
    roles: Vec<Role>,
    expires: Timestamp,
    mut sources: Sources,
) -> Result<NewToken, AccessError> {
    let mut random = [0; 32];
    (sources.fill)(&mut random);
    let token = Token::of_random(random);
    let entry = TokenEntry {
        name: name.to_owned(),
        hash: token.hash(),
        roles,
        expires,
    };
    let edit = Edit::begin(path)?;
    let text = match edit.read() {
        Ok(text) => text,
        Err(error) if error.kind() == io::ErrorKind::NotFound => String::new(),
        Err(source) => return Err(unreadable(path, source)),
    };
    let text = add_token(path, &text, &entry)?;
    Ok(NewToken { token, edit, text })
}

/// Takes all tokens of a caller out of the access file; how many those were.
///
/// # Errors
///
/// When the file is missing or wrong, or cannot be written.
pub fn revoke_tokens(path: &Path, name: &str) -> Result<usize, AccessError> {
    let edit = Edit::begin(path)?;
    let text = edit.read().map_err(|source| unreadable(path, source))?;
    let (text, removed) = without_tokens(path, &text, name)?;
    if removed > 0 {
        edit.put(&text)?;
    }
    Ok(removed)
}

/// The tokens in the access file.
///
/// # Errors
///
/// When it is missing or wrong.
pub fn tokens(path: &Path) -> Result<Vec<TokenEntry>, AccessError> {
    Ok(Gate::load(path)?.tokens().to_vec())
}

/// The right to change a file, which nobody else has meanwhile who asks for it in this way.
#[derive(Debug)]
struct Edit {
    path: PathBuf,
    folder: PathBuf,
    /// Locked as long as it is open.
    _lock: Option<File>,
}

impl Edit {
    fn begin(path: &Path) -> Result<Self, AccessError> {
        let begun = || {
            // Through links: what is replaced is the file, not its other name.
            let path = fs::canonicalize(path).or_else(|_| std::path::absolute(path))?;
            let folder = path.parent().unwrap_or(Path::new(".")).to_owned();
            let lock = lock_folder(&folder)?;
            Ok(Self {
                path,
                folder,
                _lock: lock,
            })
        };
        begun().map_err(|source| unwritable(path, source))
    }

    fn read(&self) -> io::Result<String> {
        fs::read_to_string(&self.path)
    }

    /// Replaces the file at once, whole: a server reads it whenever it changes. Whoever could read it still can; a new one is its owner's only.
    fn put(&self, text: &str) -> Result<(), AccessError> {
        let written = || {
            let mut fresh = NamedTempFile::new_in(&self.folder)?;
            if let Ok(metadata) = fs::metadata(&self.path) {
                resemble(fresh.as_file(), &metadata)?;
            }
            fresh.write_all(text.as_bytes())?;
            fresh.as_file().sync_all()?;
            fresh.persist(&self.path)?;
            sync_folder(&self.folder)
        };
        written().map_err(|source| unwritable(&self.path, source))
    }
}

fn unreadable(path: &Path, source: io::Error) -> AccessError {
    AccessError::Unreadable {
        path: path.to_owned(),
        source,
    }
}

fn unwritable(path: &Path, source: io::Error) -> AccessError {
    AccessError::Unwritable {
        path: path.to_owned(),
        source,
    }
}

/// Gives a fresh file the group, the permissions and, where that may be done, the owner of the old one.
#[cfg(unix)]
fn resemble(fresh: &File, old: &fs::Metadata) -> io::Result<()> {
    use std::os::unix::fs::{MetadataExt as _, fchown};
    if fresh.metadata()?.gid() != old.gid() {
        // Without its group, a service that reads the file by it could not any more.
        fchown(fresh, None, Some(old.gid()))?;
    }
    // Only an administrator may give files away; whoever else may write here is the owner as a rule.
    let _ = fchown(fresh, Some(old.uid()), None);
    fresh.set_permissions(old.permissions())
}

#[cfg(not(unix))]
fn resemble(_: &File, _: &fs::Metadata) -> io::Result<()> {
    Ok(())
}
