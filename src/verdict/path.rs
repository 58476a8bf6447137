//! Names of facts, as callers write them.

use std::{borrow::Cow, fmt};

/// Bytes that nearly every path with an index fits into.
const PATH_LEN: usize = 48;

/// Path of a fact in a request, such as `device.licenses[0].prior_versions`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Path(Cow<'static, str>);

impl Path {
    /// A path with no index in it.
    #[must_use]
    pub const fn fixed(path: &'static str) -> Self {
        Self(Cow::Borrowed(path))
    }

    /// A path below the license at `index`; an empty `rest` names the license itself.
    #[must_use]
    pub fn license(index: usize, rest: &str) -> Self {
        Self::indexed("device.licenses", index, rest)
    }

    /// A path below the image product at `index`.
    #[must_use]
    pub fn image_product(index: usize, rest: &str) -> Self {
        Self::indexed("image.products", index, rest)
    }

    /// A path below the purchase at `index`.
    #[must_use]
    pub fn purchase(index: usize, rest: &str) -> Self {
        Self::indexed("agreement.purchases.items", index, rest)
    }

    /// A path below this one.
    #[must_use]
    pub fn then(self, field: &str) -> Self {
        let mut path = self.0.into_owned();
        path.push('.');
        path.push_str(field);
        Self(Cow::Owned(path))
    }

    fn indexed(list: &str, index: usize, rest: &str) -> Self {
        let mut path = String::with_capacity(PATH_LEN);
        path.push_str(list);
        path.push('[');
        match u32::try_from(index).ok().and_then(|index| char::from_digit(index, 10)) {
            Some(digit) => path.push(digit),
            None => path.push_str(&index.to_string()),
        }
        path.push(']');
        if !rest.is_empty() {
            path.push('.');
            path.push_str(rest);
        }
        Self(Cow::Owned(path))
    }

    /// The path as a text of its own.
    #[must_use]
    pub fn into_text(self) -> String {
        self.0.into_owned()
    }

    /// The path as it is written.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Path {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.as_str())
    }
}

/// A fact that a condition read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FactUse {
    /// Where it stands in the request.
    pub path: Path,
    /// Whether it was stated.
    pub standing: Standing,
}

/// Whether a fact was stated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// Stated.
    Stated,
    /// Not stated, and a default was taken.
    Assumed,
    /// Not stated, and therefore unknown.
    Missing,
}

impl FactUse {
    /// A fact that is unknown unless stated.
    #[must_use]
    pub fn needed<T>(path: Path, fact: Option<&T>) -> Self {
        let standing = if fact.is_some() {
            Standing::Stated
        } else {
            Standing::Missing
        };
        Self { path, standing }
    }

    /// A fact that has a default.
    #[must_use]
    pub fn defaulted<T>(path: Path, fact: Option<&T>) -> Self {
        let standing = if fact.is_some() {
            Standing::Stated
        } else {
            Standing::Assumed
        };
        Self { path, standing }
    }

    /// A stated fact.
    #[must_use]
    pub fn stated(path: Path) -> Self {
        Self {
            path,
            standing: Standing::Stated,
        }
    }
}
