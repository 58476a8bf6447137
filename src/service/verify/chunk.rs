//! Some decisions, checked on their own: what many threads can do at once.

use std::{
    collections::{BTreeMap, BTreeSet},
    hash::BuildHasher as _,
    sync::Arc,
};

use super::Fault;
use crate::{
    audit::{Hash, Log, leaf_hash},
    catalogue::Catalogue,
    rules::Edition,
    service::reproduce::again,
    store::RawDecision,
    wire::{decode, pb, projection},
};

/// Decisions whose postings are added up together; so much is named when the index differs.
pub(super) const WINDOW: u64 = 4096;

/// What every thread needs to check decisions.
#[derive(Debug)]
pub(super) struct Means {
    /// Catalogues by digest, those that this program can read.
    pub(super) catalogues: BTreeMap<String, Catalogue>,
    /// The digests of all catalogues that are kept.
    pub(super) digests: BTreeSet<String>,
    /// Adds up postings so that nobody who does not know it can make two sets come to the same.
    pub(super) hasher: std::hash::RandomState,
}

/// What a chunk of decisions comes to.
#[derive(Debug, Default)]
pub(super) struct Checked {
    /// The hash of each record's leaf, as far as the chunk was read.
    pub(super) leaves: Vec<Hash>,
    /// Postings added up, by window.
    pub(super) sums: Vec<(u64, u64)>,
    /// Decisions that the rules decide otherwise now.
    pub(super) differ: Vec<u64>,
    /// Decisions that cannot be evaluated now.
    pub(super) cannot: Vec<u64>,
    /// The times of the first and the last decision.
    pub(super) first_us: Option<i64>,
    pub(super) last_us: Option<i64>,
    /// The first thing wrong, beside what the leaves tell.
    pub(super) fault: Option<Fault>,
}

/// Checks decisions from `from` on.
pub(super) fn check(from: u64, rows: &[RawDecision], means: &Arc<Means>) -> Checked {
    let mut checked = Checked::default();
    for (log_index, row) in (from..).zip(rows) {
        if row.log_index != log_index.cast_signed() {
            checked.fault.get_or_insert(Fault::Gap {
                log: Log::Decisions,
                log_index,
                found: row.log_index,
            });
            break;
        }
        checked.leaves.push(leaf_hash(Log::Decisions.kind(), &row.record));
        if let Err(fault) = row_of(log_index, row, means, &mut checked) {
            checked.fault.get_or_insert(fault);
        }
        checked.first_us.get_or_insert(row.decided_at_us);
        checked.last_us = Some(row.decided_at_us);
    }
    checked
}

fn row_of(log_index: u64, row: &RawDecision, means: &Means, checked: &mut Checked) -> Result<(), Fault> {
    let unreadable = |problem: String| Fault::Unreadable {
        log: Log::Decisions,
        log_index,
        problem,
    };
    let record = std::str::from_utf8(&row.record).map_err(|error| unreadable(error.to_string()))?;
    let decision = decode(record, log_index).map_err(|error| unreadable(error.to_string()))?;
    let projection = projection(&decision).map_err(|error| unreadable(error.to_string()))?;
    let column = |column| Fault::Column { log_index, column };
    if projection.decision_id().as_bytes().as_slice() != row.decision_id {
        return Err(column("decision_id"));
    }
    if projection.decided_at_us() != row.decided_at_us {
        return Err(column("decided_at"));
    }
    if checked.last_us.is_some_and(|last_us| last_us > row.decided_at_us) {
        return Err(Fault::Time { log_index });
    }
    if !means.digests.contains(&decision.catalogue_digest) {
        return Err(Fault::NoCatalogue {
            digest: decision.catalogue_digest,
            log_index,
        });
    }
    let sum = projection.terms().iter().fold(0_u64, |sum, term| {
        sum.wrapping_add(means.hasher.hash_one((term.stored(), log_index)))
    });
    add(&mut checked.sums, log_index / WINDOW, sum);
    match outcome(&decision, &means.catalogues) {
        pb::ReproduceResult::Same => {}
        pb::ReproduceResult::Differs => checked.differ.push(log_index),
        pb::ReproduceResult::Cannot | pb::ReproduceResult::Unspecified => checked.cannot.push(log_index),
    }
    Ok(())
}

fn outcome(decision: &pb::Decision, catalogues: &BTreeMap<String, Catalogue>) -> pb::ReproduceResult {
    let (Some(edition), Some(catalogue)) = (
        Edition::parse(&decision.edition),
        catalogues.get(&decision.catalogue_digest),
    ) else {
        return pb::ReproduceResult::Cannot;
    };
    again(decision, edition, catalogue).result()
}

/// Evaluates the record of a decision again, by catalogues that are known by their digests.
#[must_use]
pub fn evaluate_again(record: &[u8], log_index: u64, catalogues: &BTreeMap<String, Catalogue>) -> pb::ReproduceResult {
    let decision = std::str::from_utf8(record)
        .ok()
        .and_then(|record| decode(record, log_index).ok());
    decision.map_or(pb::ReproduceResult::Cannot, |decision| outcome(&decision, catalogues))
}

/// The digest of the catalogue that a decision was made with; `None` where its record cannot be read.
#[must_use]
pub fn catalogue_of(record: &[u8], log_index: u64) -> Option<String> {
    let record = std::str::from_utf8(record).ok()?;
    Some(decode(record, log_index).ok()?.catalogue_digest)
}

/// Adds to the sum of a window; windows come in order.
pub(super) fn add(sums: &mut Vec<(u64, u64)>, window: u64, sum: u64) {
    match sums.last_mut() {
        Some((last, total)) if *last == window => *total = total.wrapping_add(sum),
        _ => sums.push((window, sum)),
    }
}
