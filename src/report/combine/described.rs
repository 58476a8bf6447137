//! One thing that a report describes, alone.

use super::{
    choose::Sourced,
    claim::{Conflict, Filled},
    field::Ledger,
    product::product,
};
use crate::{
    catalogue::Catalogue,
    domain::{Channel, Field, Product},
    report::{Described, RunningChannel, Tool, Value},
};

/// What a report says of one thing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DescribedFacts {
    /// The product.
    pub product: Product,
    /// The channel that evidence gives the license.
    pub channel: Option<Channel>,
    /// The channel that the copy runs in.
    pub running_channel: Option<RunningChannel>,
    /// Fields that are unknown since the report contradicts itself.
    pub conflicts: Vec<Conflict>,
    /// Fields that it fills.
    pub filled: Vec<Filled>,
}

/// Puts together what a report of a tool says of one thing.
#[must_use]
pub fn described_facts(tool: Tool, described: &Described, catalogue: &Catalogue) -> DescribedFacts {
    let mut ledger = Ledger::default();
    let sourced = |fact| Sourced {
        reading: 0,
        tool,
        subject: described.subject,
        kind: described.kind,
        fact,
    };
    let facts: Vec<Sourced<'_>> = described.facts.iter().map(sourced).collect();
    let channel = match ledger.settle(Field::Channel, None, &facts) {
        Some(Value::LicenseChannel(channel)) => Some(channel),
        _ => None,
    };
    let running_channel = match ledger.settle(Field::RunningChannel, None, &facts) {
        Some(Value::RunningChannel(running)) => Some(running),
        _ => None,
    };
    DescribedFacts {
        product: product(&Product::default(), &facts, &mut ledger, catalogue),
        channel,
        running_channel,
        conflicts: ledger.conflicts,
        filled: ledger.filled,
    }
}
