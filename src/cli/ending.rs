//! Exit codes.

use std::process::ExitCode;

use super::interrupt;
use crate::{
    app::Signal,
    wire::pb::{ReproduceResult, Verdict},
};

/// How a command ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
    /// Done; permitted; the same again.
    Good,
    /// Something failed that is not the caller's doing.
    Failed,
    /// The input or the usage is wrong.
    BadInput,
    /// Not permitted; differs.
    No,
    /// Indeterminate; cannot be told.
    Unsure,
    /// Ended on its way by a signal.
    Told(Signal),
}

impl Ending {
    /// The exit code.
    #[must_use]
    pub const fn code(self) -> u8 {
        match self {
            Self::Good => 0,
            Self::Failed => 1,
            Self::BadInput => 2,
            Self::No => 3,
            Self::Unsure => 4,
            Self::Told(signal) => interrupt::code(signal),
        }
    }

    /// The worse of two reproductions: one that cannot be told is worse than one that differs.
    #[must_use]
    pub fn worse(self, other: Self) -> Self {
        let rank = |ending| match ending {
            Self::Good => 0,
            Self::No => 1,
            Self::Unsure => 2,
            Self::BadInput => 3,
            Self::Failed => 4,
            Self::Told(_) => 5,
        };
        if rank(other) > rank(self) { other } else { self }
    }
}

impl From<Verdict> for Ending {
    /// Only a clear permission is good: what this program does not know is unsure.
    fn from(verdict: Verdict) -> Self {
        match verdict {
            Verdict::Permitted => Self::Good,
            Verdict::NotPermitted => Self::No,
            Verdict::Indeterminate | Verdict::Unspecified => Self::Unsure,
        }
    }
}

impl From<ReproduceResult> for Ending {
    fn from(result: ReproduceResult) -> Self {
        match result {
            ReproduceResult::Same => Self::Good,
            ReproduceResult::Differs => Self::No,
            ReproduceResult::Cannot | ReproduceResult::Unspecified => Self::Unsure,
        }
    }
}

impl From<Ending> for ExitCode {
    fn from(ending: Ending) -> Self {
        Self::from(ending.code())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_verdict_has_its_code() {
        let code = |verdict| Ending::from(verdict).code();
        assert_eq!(code(Verdict::Permitted), 0);
        assert_eq!(code(Verdict::NotPermitted), 3);
        assert_eq!(code(Verdict::Indeterminate), 4);
        assert_eq!(code(Verdict::Unspecified), 4);
    }

    #[test]
    fn each_reproduction_has_its_code_and_the_worst_counts() {
        let code = |result| Ending::from(result).code();
        assert_eq!(code(ReproduceResult::Same), 0);
        assert_eq!(code(ReproduceResult::Differs), 3);
        assert_eq!(code(ReproduceResult::Cannot), 4);
        assert_eq!(Ending::Good.worse(Ending::No), Ending::No);
        assert_eq!(Ending::Unsure.worse(Ending::No), Ending::Unsure);
    }
}
