//! Tokens: made, taken back, and kept in the access file by their hashes.

use std::{fs, io, path::Path};

use jiff::Timestamp;

use crate::{
    access::{AccessError, Gate, Role, Token, TokenEntry, add_token, without_tokens},
    service::Sources,
    store::{Readers, Replacing},
};

/// A token that is not in force yet: whoever is to have it can be shown it before.
#[derive(Debug)]
pub struct NewToken {
    /// The token.
    pub token: Token,
    file: Replacing,
    text: String,
}

impl NewToken {
    /// Puts it in force.
    ///
    /// # Errors
    ///
    /// When the file cannot be written.
    pub fn keep(self) -> Result<Token, AccessError> {
        put(&self.file, &self.text)?;
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
    let file = begin(path)?;
    let text = match fs::read_to_string(file.path()) {
        Ok(text) => text,
        Err(error) if error.kind() == io::ErrorKind::NotFound => String::new(),
        Err(source) => return Err(unreadable(path, source)),
    };
    let text = add_token(path, &text, &entry)?;
    Ok(NewToken { token, file, text })
}

/// Takes all tokens of a caller out of the access file; how many those were.
///
/// # Errors
///
/// When the file is missing or wrong, or cannot be written.
pub fn revoke_tokens(path: &Path, name: &str) -> Result<usize, AccessError> {
    let file = begin(path)?;
    let text = fs::read_to_string(file.path()).map_err(|source| unreadable(path, source))?;
    let (text, removed) = without_tokens(path, &text, name)?;
    if removed > 0 {
        put(&file, &text)?;
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

fn begin(path: &Path) -> Result<Replacing, AccessError> {
    Replacing::begin(path).map_err(|source| unwritable(path, source))
}

/// Replaces the file at once, whole: a server reads it whenever it changes. Whoever could read it still can; a new one is its owner's only.
fn put(file: &Replacing, text: &str) -> Result<(), AccessError> {
    let put = file.put(text, Readers::AsBefore);
    put.map_err(|source| unwritable(file.path(), source))
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
