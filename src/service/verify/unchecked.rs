//! Checkpoints that no key given is for: what they claim is held against what else there is, and believed in nothing.

use std::{
    collections::BTreeMap,
    fmt::{self, Display},
};

use crate::audit::Log;

/// Signers that are named apart; in a database that somebody made up there may be any number.
const SIGNERS_MAX: usize = 20;

/// The checkpoints that one key signed, or several keys together, none of which was given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unchecked {
    /// The log that they say they are of.
    pub log: Log,
    /// The names of the keys, as `ORIGIN+HASH`.
    pub signers: String,
    /// How many there are.
    pub count: u64,
    /// The smallest and the largest size that they name.
    pub sizes: (u64, u64),
}

impl Display for Unchecked {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            log, signers, count, ..
        } = self;
        let (first, last) = self.sizes;
        match count {
            1 => write!(out, "the checkpoint of {log} at {first} was")?,
            _ => write!(out, "{count} checkpoints of {log}, from {first} to {last}, were")?,
        }
        write!(out, " not checked: signed by {signers}")
    }
}

/// All that was not checked, by signer.
#[derive(Debug, Default)]
pub(super) struct Gathered(BTreeMap<(Log, String), Unchecked>);

impl Gathered {
    /// Counts a checkpoint.
    pub(super) fn add(&mut self, log: Log, size: u64, signers: String) {
        let place = (log, signers);
        let place = if self.0.len() < SIGNERS_MAX || self.0.contains_key(&place) {
            place
        } else {
            (log, "others".to_owned())
        };
        let unchecked = self.0.entry(place).or_insert_with_key(|(log, signers)| Unchecked {
            log: *log,
            signers: signers.clone(),
            count: 0,
            sizes: (size, size),
        });
        unchecked.count += 1;
        unchecked.sizes = (unchecked.sizes.0.min(size), unchecked.sizes.1.max(size));
    }

    /// What was counted.
    pub(super) fn into_list(self) -> Vec<Unchecked> {
        self.0.into_values().collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_one_key_signed_is_told_together() {
        let mut gathered = Gathered::default();
        gathered.add(Log::Decisions, 7, "`a/decisions+1`".to_owned());
        gathered.add(Log::Decisions, 3, "`a/decisions+1`".to_owned());
        gathered.add(Log::Operations, 2, "`a/operations+2`".to_owned());
        let told: Vec<String> = gathered.into_list().iter().map(ToString::to_string).collect();
        assert_eq!(
            told,
            [
                "2 checkpoints of decisions, from 3 to 7, were not checked: signed by `a/decisions+1`",
                "the checkpoint of operations at 2 was not checked: signed by `a/operations+2`",
            ]
        );
    }

    #[test]
    fn any_number_of_signers_is_told_in_few_lines() {
        let mut gathered = Gathered::default();
        for number in 0..1000 {
            gathered.add(Log::Decisions, number, format!("`{number}`"));
        }
        let list = gathered.into_list();
        assert_eq!(list.len(), SIGNERS_MAX + 1);
        assert_eq!(list.iter().map(|unchecked| unchecked.count).sum::<u64>(), 1000);
    }
}
