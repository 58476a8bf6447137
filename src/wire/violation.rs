//! What is wrong with a request: all of it at once.

use std::fmt;

/// One thing wrong with one field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Violation {
    /// Path of the field, e.g. `device.licenses[0].product.name`.
    pub path: String,
    /// What is wrong and what would be right; one line.
    pub cure: String,
}

/// Everything wrong with a request.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Violations(Vec<Violation>);

impl Violations {
    /// The field at `path` is wrong, and nothing else.
    #[must_use]
    pub fn of(path: impl fmt::Display, cure: impl Into<String>) -> Self {
        let mut violations = Self::default();
        violations.add(path, cure);
        violations
    }

    /// Notes that the field at `path` is wrong.
    pub fn add(&mut self, path: impl fmt::Display, cure: impl Into<String>) {
        self.0.push(Violation {
            path: path.to_string(),
            cure: cure.into(),
        });
    }

    /// The violations, in the order of the fields.
    #[must_use]
    pub fn as_slice(&self) -> &[Violation] {
        &self.0
    }

    /// Gives `value` when nothing is wrong.
    ///
    /// # Errors
    ///
    /// Itself, when anything is.
    pub fn none<T>(self, value: T) -> Result<T, Self> {
        if self.0.is_empty() { Ok(value) } else { Err(self) }
    }
}

impl fmt::Display for Violations {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let lines: Vec<String> = self
            .0
            .iter()
            .map(|violation| format!("{}: {}", violation.path, violation.cure))
            .collect();
        out.write_str(&lines.join("; "))
    }
}

impl std::error::Error for Violations {}
