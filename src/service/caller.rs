//! Who asks.

use std::fmt;

/// A caller, as one layer at the door made out. Passed down, never looked up.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Caller(String);

impl Caller {
    /// Whoever reaches a service that knows no callers: anyone on this machine.
    #[must_use]
    pub fn local() -> Self {
        Self("local".to_owned())
    }

    /// The caller's name, as records keep it.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Caller {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.0)
    }
}
