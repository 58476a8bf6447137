//! Who asks.

use std::{fmt, sync::Arc};

use crate::access::{Identity, Right, Roles};

/// A caller, as one layer at the door made out. Passed down, never looked up.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Caller {
    name: Arc<str>,
    roles: Roles,
}

impl Caller {
    /// Whoever reaches a service that knows no callers: anyone on this machine.
    #[must_use]
    pub fn local() -> Self {
        Self {
            name: "local".into(),
            roles: Roles::OPERATOR,
        }
    }

    /// The caller's name, as records keep it.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.name
    }

    /// What the caller may do, by the names that the operator gave it.
    #[must_use]
    pub fn roles(&self) -> Roles {
        self.roles
    }

    /// Whether the caller may do this.
    #[must_use]
    pub fn may(&self, right: Right) -> bool {
        self.roles.give(right)
    }
}

impl From<Identity> for Caller {
    fn from(identity: Identity) -> Self {
        Self {
            name: identity.name.into(),
            roles: identity.roles,
        }
    }
}

impl fmt::Display for Caller {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.name)
    }
}
