//! What callers may do.

use std::fmt;

use serde::{Deserialize, Serialize};

/// What an operator lets a caller do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// Asks for decisions, and reads its own.
    Checker,
    /// Reads, reproduces and proves every decision; decides none.
    Auditor,
    /// May do everything.
    Operator,
}

impl Role {
    /// Every role.
    pub const ALL: [Self; 3] = [Self::Checker, Self::Auditor, Self::Operator];

    /// Its name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Checker => "checker",
            Self::Auditor => "auditor",
            Self::Operator => "operator",
        }
    }

    /// The role of that name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.name() == name)
    }

    const fn bit(self) -> u8 {
        1 << self as u8
    }
}

/// Something that a call takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Right {
    /// To decide and record.
    Check,
    /// To read, reproduce and prove what anybody decided.
    Read,
    /// To read what oneself decided.
    ReadOwn,
}

impl Right {
    /// The roles that give it.
    #[must_use]
    pub const fn roles(self) -> &'static [Role] {
        match self {
            Self::Check => &[Role::Checker, Role::Operator],
            Self::Read => &[Role::Auditor, Role::Operator],
            Self::ReadOwn => &Role::ALL,
        }
    }
}

impl fmt::Display for Right {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(match self {
            Self::Check => "check",
            Self::Read => "read",
            Self::ReadOwn => "read its own",
        })
    }
}

/// Roles of one caller.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Roles(u8);

impl Roles {
    /// Those of whoever may do everything.
    pub const OPERATOR: Self = Self(Role::Operator.bit());

    /// Whether they give this right.
    #[must_use]
    pub fn give(self, right: Right) -> bool {
        right.roles().iter().any(|role| self.has(*role))
    }

    const fn has(self, role: Role) -> bool {
        self.0 & role.bit() != 0
    }
}

impl FromIterator<Role> for Roles {
    fn from_iter<I: IntoIterator<Item = Role>>(roles: I) -> Self {
        Self(roles.into_iter().fold(0, |all, role| all | role.bit()))
    }
}

impl fmt::Display for Roles {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<&str> = Role::ALL
            .into_iter()
            .filter(|role| self.has(*role))
            .map(Role::name)
            .collect();
        match names.as_slice() {
            [] => out.write_str("none"),
            names => out.write_str(&names.join(" and ")),
        }
    }
}

impl fmt::Display for Role {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.name())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_role_gives_its_rights_and_no_other() {
        let rights = |roles: &[Role]| {
            let roles: Roles = roles.iter().copied().collect();
            [Right::Check, Right::Read, Right::ReadOwn].map(|right| roles.give(right))
        };
        assert_eq!(rights(&[Role::Checker]), [true, false, true]);
        assert_eq!(rights(&[Role::Auditor]), [false, true, true]);
        assert_eq!(rights(&[Role::Operator]), [true, true, true]);
        assert_eq!(rights(&[Role::Checker, Role::Auditor]), [true, true, true]);
        assert_eq!(rights(&[]), [false, false, false]);
    }

    #[test]
    fn roles_are_told_by_name() {
        let told = |roles: &[Role]| roles.iter().copied().collect::<Roles>().to_string();
        assert_eq!(told(&[Role::Auditor, Role::Checker]), "checker and auditor");
        assert_eq!(told(&[]), "none");
    }
}
