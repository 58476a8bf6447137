//! Which decisions a search term finds: an index that is written in order, however random the terms are.
//!
//! Each transaction adds its postings as one row of the *tail*. Behind the log the tail is folded into *runs*, each sorted and never
//! changed again, and eight small runs into a larger one, in slices that are made beside the writer and so small that no transaction
//! waits for them. A search reads the tail and the few runs there are, and so sees every decision that was committed.

mod ahead;
mod block;
mod each;
mod fold;
mod meet;
mod merge;
mod run;
mod seek;
mod tail;
mod upkeep;
mod walk;

pub(super) use each::meet_each;
pub(super) use fold::shorten;
pub(super) use meet::{Found, Index, meet};
pub(super) use run::NUMBER_MAX;
pub(super) use upkeep::Upkeep;
pub(super) use walk::walk;

#[cfg(test)]
pub(super) use {
    run::BLOCKS_SQL, run::IN_USE_SQL, seek::CEILING_SQL, seek::FLOOR_SQL, seek::FLOORS_SQL, tail::TAIL_SQL,
};

/// A posting: a term as stored, and the log index of a decision that has it.
pub(super) type Posting = (i64, i64);
