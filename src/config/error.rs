//! Why settings cannot be read.

use std::{net::SocketAddr, path::PathBuf};

use super::{Key, Origin};

/// A setting that is wrong, with what would be right.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// The file cannot be read.
    #[error("`{}` cannot be read: {source}; name another file with `--config`", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// A file that a setting names cannot be read.
    #[error("`{}` cannot be read: {source}; name another file with `{}`", path.display(), key.flag())]
    FileUnreadable {
        /// The setting.
        key: Key,
        /// The file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// A file that a setting names holds no certificate.
    #[error("`{}` holds no certificate in PEM; name another file with `{}`", path.display(), key.flag())]
    NoCertificate {
        /// The setting.
        key: Key,
        /// The file.
        path: PathBuf,
    },
    /// The file is no TOML.
    #[error("`{}` line {line}: {problem}", path.display())]
    Malformed {
        /// The file.
        path: PathBuf,
        /// The line, counted from 1.
        line: usize,
        /// What TOML says, on one line.
        problem: String,
    },
    /// The file holds a setting that does not exist.
    #[error("`{}` line {line}: there is no setting `{name}`; {cure}", path.display())]
    UnknownKey {
        /// The file.
        path: PathBuf,
        /// The line, counted from 1.
        line: usize,
        /// What it says.
        name: String,
        /// The nearest setting, or all of them.
        cure: String,
    },
    /// The file gives a setting a value of another type.
    #[error("`{}` line {line}: `{}` is {found}; write {}", path.display(), key.name(), key.right())]
    WrongType {
        /// The file.
        path: PathBuf,
        /// The line, counted from 1.
        line: usize,
        /// The setting.
        key: Key,
        /// The type found, with its article.
        found: String,
    },
    /// The environment holds a variable that does not exist.
    #[error("there is no setting `{name}`; {cure}")]
    UnknownVariable {
        /// The variable.
        name: String,
        /// The nearest variable, or all of them.
        cure: String,
    },
    /// The environment gives a setting a value that is no text.
    #[error("`{0}` is not valid Unicode; write it in Unicode")]
    NotUnicode(String),
    /// A value cannot be read.
    #[error("{origin}: `{text}` is not right; write {}", key.right())]
    Invalid {
        /// Where it came from.
        origin: Origin,
        /// The setting.
        key: Key,
        /// The value.
        text: String,
    },
    /// There is no folder for the database.
    #[error("there is no home folder to keep the database in; name one with `--database PATH`")]
    Homeless,
    /// There is no folder for a file that lies elsewhere than the database.
    #[error("there is no home folder for the file that `{}` sets; name one with it or with `{}`", .0.flag(), .0.variable())]
    NoPlace(Key),
    /// The address can be reached from elsewhere.
    #[error(
        "listening on `{listen}` lets anyone who reaches it ask and read; add `{missing}`, listen on a loopback address, or accept it \
         with `--insecure`"
    )]
    Exposed {
        /// The address.
        listen: SocketAddr,
        /// The flags that would make it safe.
        missing: String,
    },
    /// Two listeners with one address.
    #[error("`{}` and `{}` cannot both listen on `{address}`; give each a port of its own", one.flag(), other.flag())]
    Taken {
        /// One of them.
        one: Key,
        /// The other.
        other: Key,
        /// The address of the other.
        address: SocketAddr,
    },
    /// A folder where a file is to be.
    #[error("`{}` is a folder; name a file in it with `{}`", path.display(), key.flag())]
    Folder {
        /// The setting.
        key: Key,
        /// The folder.
        path: PathBuf,
    },
    /// One file for two things.
    #[error("`{}` and `{}` are both `{}`; give each a file of its own", one.name(), other.name(), path.display())]
    OneFile {
        /// A setting.
        one: Key,
        /// Another.
        other: Key,
        /// The file.
        path: PathBuf,
    },
    /// Two settings for one thing.
    #[error("`{}` and `{}` are both set; set one of them", one.name(), other.name())]
    Both {
        /// One of them.
        one: Key,
        /// The other.
        other: Key,
    },
    /// A token would be sent without encryption.
    #[error("a token would go to `{0}` for all to see; ask it over https, or accept that with `{var}`", var = Key::Insecure.variable())]
    Revealed(String),
    /// A token that cannot be sent.
    #[error("the token is not plain text; give what `token create` printed")]
    NoToken,
    /// A setting that does nothing without another.
    #[error("`{}` is set and `{}` is not; set both, or neither", set.flag(), missing.flag())]
    Alone {
        /// The one that is set.
        set: Key,
        /// The one that is missing.
        missing: Key,
    },
}
