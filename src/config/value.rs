//! Values as people read them.

use std::{net::SocketAddr, num::NonZeroUsize, path::PathBuf};

use tonic::transport::Uri;

use super::{Database, Key, LogFormat, Origin, Secret, Setting, read::OFF};

/// A setting as people read it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Value {
    /// Which.
    pub key: Key,
    /// Its value, as it could be written; empty where nothing is set, and masked where it is a secret.
    pub text: String,
    /// Where that came from.
    pub origin: Origin,
}

impl Value {
    pub(super) fn of<T: Told>(key: Key, setting: &Setting<T>) -> Self {
        Self {
            key,
            text: setting.value.told(),
            origin: setting.origin.clone(),
        }
    }
}

/// A value that has a text.
pub(super) trait Told {
    /// The text where there is none.
    const NONE: &'static str = "";

    fn told(&self) -> String;
}

impl<T: Told> Told for Option<T> {
    fn told(&self) -> String {
        self.as_ref().map_or_else(|| T::NONE.to_owned(), Told::told)
    }
}

impl Told for SocketAddr {
    const NONE: &'static str = OFF;

    fn told(&self) -> String {
        self.to_string()
    }
}

impl Told for NonZeroUsize {
    const NONE: &'static str = OFF;

    fn told(&self) -> String {
        self.to_string()
    }
}

impl Told for Database {
    fn told(&self) -> String {
        self.to_string()
    }
}

impl Told for PathBuf {
    fn told(&self) -> String {
        self.display().to_string()
    }
}

impl Told for Uri {
    fn told(&self) -> String {
        self.to_string()
    }
}

impl Told for Secret {
    fn told(&self) -> String {
        "(secret)".to_owned()
    }
}

impl Told for bool {
    fn told(&self) -> String {
        self.to_string()
    }
}

impl Told for String {
    fn told(&self) -> String {
        self.clone()
    }
}

impl Told for LogFormat {
    fn told(&self) -> String {
        self.name().to_owned()
    }
}
