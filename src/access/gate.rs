//! The gate: credentials in, a caller out.

use std::{collections::BTreeMap, path::Path, path::PathBuf};

use jiff::Timestamp;
use subtle::{Choice, ConditionallySelectable as _};

use super::{
    AccessError, Denial, Roles, Token, TokenEntry, TokenHash,
    file::{self, AccessFile},
    jwt::JwtRule,
};

/// What a call came with.
#[derive(Clone, Copy, Debug, Default)]
pub struct Credentials<'a> {
    /// The value of its `authorization`.
    pub authorization: Option<&'a [u8]>,
    /// The certificate of its connection.
    pub certificate: Option<&'a Kept>,
}

/// What is kept of a certificate whose chain was checked when the connection was made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kept {
    /// Its alternative names and then its common name.
    pub names: Vec<String>,
    /// From when it is not valid any more.
    pub expires: Timestamp,
}

/// A caller.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Identity {
    /// The name, as records keep it.
    pub name: String,
    /// What the caller may do.
    pub roles: Roles,
}

/// Everyone who may come in.
#[derive(Debug, Default)]
pub struct Gate {
    tokens: Vec<TokenEntry>,
    certificates: BTreeMap<String, Roles>,
    jwt: Option<JwtRule>,
    files: Vec<PathBuf>,
}

impl Gate {
    /// Reads an access file and what it names.
    ///
    /// # Errors
    ///
    /// When one of them is wrong.
    pub fn load(path: &Path) -> Result<Self, AccessError> {
        let AccessFile {
            tokens,
            certificates,
            jwt,
        } = AccessFile::parse(path, &file::read(path)?)?;
        let mut files = vec![path.to_owned()];
        let jwt = match jwt {
            Some(entry) => {
                files.push(entry.jwks_file.clone());
                let jwks = file::read(&entry.jwks_file)?;
                Some(JwtRule::new(entry, &jwks)?)
            }
            None => None,
        };
        Ok(Self {
            tokens,
            certificates,
            jwt,
            files,
        })
    }

    /// The files that this was read from.
    #[must_use]
    pub fn files(&self) -> &[PathBuf] {
        &self.files
    }

    /// The tokens in the file, in its order.
    #[must_use]
    pub fn tokens(&self) -> &[TokenEntry] {
        &self.tokens
    }

    /// Who calls. A bearer token says more than a certificate, and is asked alone where there is one.
    ///
    /// # Errors
    ///
    /// When the credentials are nobody's, or not valid at this time.
    pub fn identify(&self, credentials: Credentials<'_>, now: Timestamp) -> Result<Identity, Denial> {
        // Without its certificate a connection is worth no more than one that never had any.
        if let Some(certificate) = credentials.certificate
            && certificate.expires <= now
        {
            let name = certificate.names.first().cloned().unwrap_or_default();
            return Err(Denial::ExpiredCertificate(name));
        }
        match (credentials.authorization, credentials.certificate) {
            (Some(authorization), _) => {
                let bearer = bearer(authorization).ok_or(Denial::Malformed)?;
                if Token::is_shaped(bearer) {
                    return self.of_token(bearer, now);
                }
                let rule = self.jwt.as_ref().ok_or(Denial::UnknownToken)?;
                rule.identify(bearer, now).map_err(Denial::Jwt)
            }
            (None, Some(certificate)) => self.of_certificate(certificate),
            (None, None) => Err(Denial::Missing),
        }
    }

    /// Every hash is looked at, found or not, so that time tells nothing.
    fn of_token(&self, bearer: &[u8], now: Timestamp) -> Result<Identity, Denial> {
        let hash = TokenHash::of(bearer);
        let mut found = u64::MAX;
        for (place, token) in (0_u64..).zip(&self.tokens) {
            let is_it: Choice = token.hash.is(&hash);
            found.conditional_assign(&place, is_it);
        }
        let token = usize::try_from(found).ok().and_then(|place| self.tokens.get(place));
        let token = token.ok_or(Denial::UnknownToken)?;
        if token.expires <= now {
            return Err(Denial::ExpiredToken(token.name.clone()));
        }
        Ok(Identity {
            name: token.name.clone(),
            roles: token.roles.iter().copied().collect(),
        })
    }

    fn of_certificate(&self, certificate: &Kept) -> Result<Identity, Denial> {
        let named = |name: &String| self.certificates.get(name).map(|roles| (name.clone(), *roles));
        match certificate.names.iter().find_map(named) {
            Some((name, roles)) => Ok(Identity { name, roles }),
            None => Err(Denial::UnknownCertificate(certificate.names.join("`, `"))),
        }
    }
}

/// What stands behind `Bearer`, in any case as RFC 9110 has it.
fn bearer(authorization: &[u8]) -> Option<&[u8]> {
    let (scheme, rest) = authorization.split_at_checked(7)?;
    let bearer = rest.trim_ascii();
    (scheme.eq_ignore_ascii_case(b"bearer ") && !bearer.is_empty()).then_some(bearer)
}

#[cfg(test)]
mod tests;
