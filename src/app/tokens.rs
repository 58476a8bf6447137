//! Tokens: made, taken back, and kept in the access file by their hashes.

use std::{
    fs,
    io::{self, Write as _},
    path::Path,
};

use jiff::Timestamp;
use tempfile::NamedTempFile;

use crate::{
    access::{AccessError, Gate, Role, Token, TokenEntry, add_token, without_tokens},
    service::Sources,
};

/// Makes a token for a caller and adds its hash to the access file, which is made where there is none.
///
/// # Errors
///
/// When the file is wrong or cannot be written, or the name cannot be a caller's.
pub fn create_token(
    path: &Path,
    name: &str,
    roles: Vec<Role>,
    expires: Timestamp,
    mut sources: Sources,
) -> Result<Token, AccessError> {
    let mut random = [0; 32];
    (sources.fill)(&mut random);
    let token = Token::of_random(random);
    let entry = TokenEntry {
        name: name.to_owned(),
        hash: token.hash(),
        roles,
        expires,
    };
    let text = match fs::read_to_string(path) {
        Ok(text) => text,
        Err(error) if error.kind() == io::ErrorKind::NotFound => String::new(),
        Err(source) => {
            return Err(AccessError::Unreadable {
                path: path.to_owned(),
                source,
            });
        }
    };
    put(path, &add_token(path, &text, &entry)?)?;
    Ok(token)
}

/// Takes all tokens of a caller out of the access file; how many those were.
///
/// # Errors
///
/// When the file is missing or wrong, or cannot be written.
pub fn revoke_tokens(path: &Path, name: &str) -> Result<usize, AccessError> {
    let text = fs::read_to_string(path).map_err(|source| AccessError::Unreadable {
        path: path.to_owned(),
        source,
    })?;
    let (text, removed) = without_tokens(path, &text, name)?;
    if removed > 0 {
        put(path, &text)?;
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

/// Replaces the file at once, whole: a server reads it whenever it changes. Whoever could read it still can; a new one is its owner's only.
fn put(path: &Path, text: &str) -> Result<(), AccessError> {
    let written = || {
        // Through links: what is replaced is the file, not its other name.
        let path = fs::canonicalize(path).or_else(|_| std::path::absolute(path))?;
        let folder = path.parent().unwrap_or(Path::new("."));
        let mut fresh = NamedTempFile::new_in(folder)?;
        if let Ok(metadata) = fs::metadata(&path) {
            resemble(fresh.as_file(), &metadata)?;
        }
        fresh.write_all(text.as_bytes())?;
        fresh.as_file().sync_all()?;
        fresh.persist(&path)?;
        Ok(())
    };
    written().map_err(|source: io::Error| AccessError::Unwritable {
        path: path.to_owned(),
        source,
    })
}

#[cfg(unix)]
fn resemble(fresh: &fs::File, old: &fs::Metadata) -> io::Result<()> {
    use std::os::unix::fs::{MetadataExt as _, fchown};
    // Only an administrator may give files away; whoever may not keeps it, and then owned the old one as a rule.
    let _ = fchown(fresh, Some(old.uid()), Some(old.gid()));
    fresh.set_permissions(old.permissions())
}

#[cfg(not(unix))]
fn resemble(_: &fs::File, _: &fs::Metadata) -> io::Result<()> {
    Ok(())
}
