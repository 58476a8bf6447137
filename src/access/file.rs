//! The access file: TOML that names tokens by their hashes, certificates, and the issuer of JWTs.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    ops::Range,
    path::{Path, PathBuf},
};

use jiff::Timestamp;
use serde::Deserialize;
use toml::value::Datetime;

use super::{AccessError, Role, Roles, TokenHash};

/// Most bytes of a caller's name: with a prefix it still fits in the field of a record.
pub(super) const NAME_LEN_MAX: usize = 200;
/// Begins the names of callers whom an issuer names, so that it cannot name one of the file's.
pub(super) const JWT_PREFIX: &str = "jwt:";
/// The name of whoever calls a service that asks nobody.
const LOCAL: &str = "local";

/// The file as it is written.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Text {
    #[serde(default)]
    token: Vec<TokenText>,
    #[serde(default)]
    certificate: Vec<CertificateText>,
    jwt: Option<JwtText>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct TokenText {
    name: String,
    sha256: String,
    roles: Vec<Role>,
    expires: Datetime,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct CertificateText {
    name: String,
    roles: Vec<Role>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct JwtText {
    issuer: String,
    audience: String,
    jwks_file: PathBuf,
    #[serde(default = "subject")]
    name_claim: String,
    #[serde(default = "roles")]
    roles_claim: String,
    #[serde(default)]
    roles: BTreeMap<String, Role>,
}

fn subject() -> String {
    "sub".to_owned()
}

fn roles() -> String {
    "roles".to_owned()
}

/// A token as the file has it.
#[derive(Clone, Debug)]
pub struct TokenEntry {
    /// The caller's name. Several tokens may have one, so that a caller can change its token.
    pub name: String,
    /// The token's hash.
    pub hash: TokenHash,
    /// What the caller may do.
    pub roles: Vec<Role>,
    /// From when it is not taken any more.
    pub expires: Timestamp,
}

/// How JWTs are checked, but for the keys.
#[derive(Clone, Debug)]
pub(super) struct JwtEntry {
    pub(super) issuer: String,
    pub(super) audience: String,
    pub(super) jwks_file: PathBuf,
    pub(super) name_claim: String,
    pub(super) roles_claim: String,
    /// Roles by what the claim calls them; empty where it calls them by their names.
    pub(super) roles: BTreeMap<String, Role>,
}

/// What an access file says.
#[derive(Debug, Default)]
pub(super) struct AccessFile {
    pub(super) tokens: Vec<TokenEntry>,
    pub(super) certificates: BTreeMap<String, Roles>,
    pub(super) jwt: Option<JwtEntry>,
}

/// The text of a file.
pub(super) fn read(path: &Path) -> Result<String, AccessError> {
    fs::read_to_string(path).map_err(|source| AccessError::Unreadable {
        path: path.to_owned(),
        source,
    })
}

/// What is wrong with the text of a file, and on which line.
pub(super) fn malformed(path: &Path, text: &str, span: Option<Range<usize>>, problem: &str) -> AccessError {
    let offset = span.map_or(0, |span| span.start);
    let newlines = text.bytes().take(offset).filter(|byte| *byte == b'\n').count();
    AccessError::Malformed {
        path: path.to_owned(),
        line: newlines.saturating_add(1),
        problem: problem.replace('\n', ", "),
    }
}

impl AccessFile {
    /// Reads what the file at `path` says.
    pub(super) fn parse(path: &Path, text: &str) -> Result<Self, AccessError> {
        let text: Text = toml::from_str(text).map_err(|error| malformed(path, text, error.span(), error.message()))?;
        let wrong = |entry: &str, problem: &str| AccessError::Entry {
            path: path.to_owned(),
            entry: entry.to_owned(),
            problem: problem.to_owned(),
        };
        let mut tokens = Vec::new();
        let mut hashes = BTreeSet::new();
        for token in text.token {
            let entry = entry_of(&token).map_err(|problem| wrong(&format!("token `{}`", token.name), problem))?;
            if !hashes.insert(entry.hash.to_string()) {
                return Err(wrong(&format!("token `{}`", token.name), "is there twice; remove one"));
            }
            tokens.push(entry);
        }
        let mut certificates = BTreeMap::new();
        for CertificateText { name, roles } in text.certificate {
            let wrong = |problem| wrong(&format!("certificate `{name}`"), problem);
            named(&name).and_then(|()| given(&roles)).map_err(wrong)?;
            if certificates.insert(name.clone(), roles.into_iter().collect()).is_some() {
                return Err(wrong("is there twice; remove one"));
            }
        }
        let jwt = text.jwt.map(|jwt| entry_of_jwt(path, jwt)).transpose();
        let jwt = jwt.map_err(|problem| wrong("jwt", problem))?;
        Ok(Self {
            tokens,
            certificates,
            jwt,
        })
    }
}

fn entry_of(token: &TokenText) -> Result<TokenEntry, &'static str> {
    named(&token.name)?;
    given(&token.roles)?;
    let expires = token.expires.to_string().parse();
    Ok(TokenEntry {
        name: token.name.clone(),
        hash: TokenHash::parse(&token.sha256)
            .ok_or("needs `sha256` of 64 hexadecimal digits, as `token create` writes it")?,
        roles: token.roles.clone(),
        expires: expires.map_err(|_| "needs `expires` with its offset, such as 2027-06-30T00:00:00Z")?,
    })
}

fn entry_of_jwt(path: &Path, jwt: JwtText) -> Result<JwtEntry, &'static str> {
    if jwt.issuer.is_empty() || jwt.audience.is_empty() {
        return Err("needs `issuer` and `audience`, as the issuer writes them into its tokens");
    }
    // A relative path is seen from the file that has it.
    let folder = path.parent().unwrap_or(Path::new("."));
    Ok(JwtEntry {
        issuer: jwt.issuer,
        audience: jwt.audience,
        jwks_file: folder.join(jwt.jwks_file),
        name_claim: jwt.name_claim,
        roles_claim: jwt.roles_claim,
        roles: jwt.roles,
    })
}

/// Whether a caller can have this name.
pub(super) fn named(name: &str) -> Result<(), &'static str> {
    let is_plain = !name.is_empty() && name.len() <= NAME_LEN_MAX && !name.contains(char::is_control);
    if !is_plain || name.trim() != name {
        Err("needs a `name` of 1 to 200 bytes, without control characters")
    } else if name == LOCAL || name.starts_with(JWT_PREFIX) {
        Err("cannot have a name that stands for others: `local`, or one that begins with `jwt:`")
    } else {
        Ok(())
    }
}

fn given(roles: &[Role]) -> Result<(), &'static str> {
    if roles.is_empty() {
        Err("needs `roles`: `checker`, `auditor` or `operator`")
    } else {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Result<AccessFile, String> {
        AccessFile::parse(Path::new("etc/access.toml"), text).map_err(|error| error.to_string())
    }

    fn token(name: &str, hash: &str, roles: &str, expires: &str) -> String {
        format!("[[token]]\nname = \"{name}\"\nsha256 = \"{hash}\"\nroles = {roles}\nexpires = {expires}\n")
    }

    #[test]
    fn every_kind_of_entry_is_read() {
        let hash = "0a".repeat(32);
        let text = token("hall-3", &hash, "[\"checker\"]", "2027-06-30T00:00:00+02:00")
            + "[[certificate]]\nname = \"spiffe://x/y\"\nroles = [\"auditor\", \"operator\"]\n[jwt]\nissuer = \"i\"\naudience = \"a\"\njwks_file = \"k.json\"\n";
        let file = parse(&text).unwrap();
        assert_eq!(file.tokens[0].expires.to_string(), "2027-06-29T22:00:00Z");
        assert_eq!(file.tokens[0].hash.to_string(), hash);
        assert!(file.certificates.contains_key("spiffe://x/y"));
        let jwt = file.jwt.unwrap();
        assert_eq!((jwt.name_claim.as_str(), jwt.roles_claim.as_str()), ("sub", "roles"));
        assert_eq!(jwt.jwks_file, Path::new("etc/k.json"));
        assert!(parse("").unwrap().tokens.is_empty());
    }

    #[test]
    fn what_is_wrong_is_named_with_what_would_be_right() {
        let hash = "0a".repeat(32);
        let (roles, time) = ("[\"checker\"]", "2027-06-30T00:00:00Z");
        let twice = token("a", &hash, roles, time) + &token("b", &hash, roles, time);
        for (text, expected) in [
            (token("local", &hash, roles, time), "`local`"),
            (token("jwt:x", &hash, roles, time), "`jwt:`"),
            (token("", &hash, roles, time), "1 to 200 bytes"),
            (token("a\\nb", &hash, roles, time), "control characters"),
            (token("a", "0a", roles, time), "64 hexadecimal digits"),
            (token("a", &hash, "[]", time), "`checker`"),
            (token("a", &hash, "[\"king\"]", time), "line 4: unknown variant `king`"),
            (token("a", &hash, roles, "2027-06-30T00:00:00"), "with its offset"),
            (twice, "is there twice"),
            ("[[token]]\nname = \"a\"\n".to_owned(), "missing field `sha256`"),
            ("[token]\n".to_owned(), "line 1"),
            ("tokn = 1\n".to_owned(), "unknown field `tokn`"),
            (
                "[jwt]\nissuer = \"\"\naudience = \"a\"\njwks_file = \"k\"\n".to_owned(),
                "`issuer`",
            ),
        ] {
            let error = parse(&text).unwrap_err();
            assert!(
                error.starts_with("`etc/access.toml`") && error.contains(expected),
                "{error}"
            );
        }
    }
}
