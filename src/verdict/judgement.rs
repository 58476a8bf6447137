//! The whole answer to one request.

use super::{AdviceCode, Basis, ConditionCode, Finding, Opening, Ruling, Truth};

/// The answer, in one word.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Verdict {
    /// The image may be put on the device.
    Permitted,
    /// It may not.
    NotPermitted,
    /// What is stated does not decide.
    Indeterminate,
}

/// The answer to one request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Judgement {
    /// One per image product, in order.
    pub items: Vec<Item>,
    /// What to know or do beside the verdict.
    pub advice: Vec<AdviceCode>,
}

/// The answer for one image product.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item {
    /// The answer with what it rests on.
    pub ruling: Ruling,
    /// The basis that decided: the one that permits, else the nearest miss.
    pub basis: Basis,
    /// Index of the license that decided; none when none was a candidate.
    pub license: Option<usize>,
    /// Every condition of that basis.
    pub findings: Vec<Finding>,
    /// The remaining bases, each with its nearest license.
    pub other_bases: Vec<OtherBasis>,
}

/// A basis other than the deciding one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OtherBasis {
    /// The basis.
    pub basis: Basis,
    /// Index of its nearest license; none when none was a candidate.
    pub license: Option<usize>,
    /// The basis as a whole.
    pub truth: Truth,
    /// Its broken conditions.
    pub broken: Vec<ConditionCode>,
    /// Its unknown conditions.
    pub unknown: Vec<ConditionCode>,
}

impl Item {
    /// The answer for this product, in one word.
    #[must_use]
    pub fn verdict(&self) -> Verdict {
        match self.ruling {
            Ruling::Permitted(_) => Verdict::Permitted,
            Ruling::NotPermitted(_) => Verdict::NotPermitted,
            Ruling::Indeterminate(_) => Verdict::Indeterminate,
        }
    }
}

impl Judgement {
    /// Permitted when every product is; not permitted when any is not; else indeterminate.
    #[must_use]
    pub fn verdict(&self) -> Verdict {
        let count = |verdict| self.items.iter().filter(|item| item.verdict() == verdict).count();
        if count(Verdict::NotPermitted) > 0 {
            Verdict::NotPermitted
        } else if count(Verdict::Permitted) == self.items.len() && !self.items.is_empty() {
            Verdict::Permitted
        } else {
            Verdict::Indeterminate
        }
    }

    /// What keeps the answer open; nothing when the verdict is not indeterminate.
    #[must_use]
    pub fn openings(&self) -> Vec<Opening> {
        if self.verdict() != Verdict::Indeterminate {
            return Vec::new();
        }
        let open = self.items.iter().find_map(|item| match &item.ruling {
            Ruling::Indeterminate(openings) => Some(openings.as_slice().to_vec()),
            Ruling::Permitted(_) | Ruling::NotPermitted(_) => None,
        });
        open.unwrap_or_default()
    }
}
