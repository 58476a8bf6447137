//! Decisions on the wire: a judgement with the request it answers.

use super::{Wire as _, check_request::encode_facts, pb};
use crate::{
    catalogue::Catalogue,
    domain::{Facts, License},
    rules::Edition,
    verdict::{
        AdviceCode, Basis, ConditionCode, Finding, Item, Judgement, Opening, OtherBasis, Outcome, Path, Truth, Verdict,
    },
};

/// What a decision records beside the request and the judgement.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Context {
    /// Who asked.
    pub caller: String,
    /// Version of this program.
    pub engine: String,
    /// W3C trace id of the call, if any.
    pub trace_id: String,
}

/// A decision before it is recorded: without id, time and log index, and without what is rendered.
#[must_use]
pub fn unrecorded(
    request: pb::CheckRequest,
    edition: Edition,
    facts: &Facts,
    judgement: &Judgement,
    catalogue: &Catalogue,
    context: Context,
) -> pb::Decision {
    let openings = judgement.openings();
    pb::Decision {
        caller: context.caller,
        request: Some(request),
        resolved: Some(encode_facts(facts, catalogue)),
        verdict: Verdict::number(judgement.verdict()),
        items: judgement.items.iter().map(|item| encode_item(item, facts)).collect(),
        missing_facts: openings.iter().filter_map(encode_missing).collect(),
        unsettled: openings.iter().filter_map(encode_unsettled).collect(),
        advice: judgement.advice.iter().copied().map(encode_advice).collect(),
        edition: edition.as_str().to_owned(),
        rules_revision: edition.revision().to_owned(),
        catalogue_digest: catalogue.digest().to_owned(),
        engine: context.engine,
        trace_id: context.trace_id,
        ..pb::Decision::default()
    }
}

/// What answers call a license: its id, or its path where it has none.
#[must_use]
pub fn license_id(index: usize, license: &License) -> String {
    license
        .id
        .clone()
        .unwrap_or_else(|| Path::license(index, "").into_text())
}

/// Index of the license that answers call `id`.
#[must_use]
pub fn license_index(id: &str, facts: &Facts) -> Option<usize> {
    let licenses = facts.device.holdings.licenses();
    licenses
        .iter()
        .enumerate()
        .position(|(index, license)| license_id(index, license) == id)
}

fn named(license: Option<usize>, facts: &Facts) -> String {
    let found = license.and_then(|index| Some((index, facts.device.holdings.licenses().get(index)?)));
    found.map_or_else(String::new, |(index, license)| license_id(index, license))
}

fn encode_item(item: &Item, facts: &Facts) -> pb::Item {
    let license_id = named(item.license, facts);
    let other_bases = item.other_bases.iter().map(|other| {
        let license_id = if other.license == item.license {
            license_id.clone()
        } else {
            named(other.license, facts)
        };
        encode_other_basis(other, license_id)
    });
    pb::Item {
        verdict: Verdict::number(item.verdict()),
        basis: Basis::number(item.basis),
        findings: item.findings.iter().map(encode_finding).collect(),
        other_bases: other_bases.collect(),
        license_id,
        ..pb::Item::default()
    }
}

fn encode_finding(finding: &Finding) -> pb::Finding {
    pb::Finding {
        condition: finding.condition.as_str().to_owned(),
        outcome: Outcome::number(finding.outcome),
        reason: finding.reason.to_owned(),
        ..pb::Finding::default()
    }
}

fn encode_other_basis(other: &OtherBasis, license_id: String) -> pb::OtherBasis {
    let outcome = match other.truth {
        Truth::Holds => Outcome::Holds,
        Truth::Unknown => Outcome::Unknown,
        Truth::Broken => Outcome::Broken,
    };
    let codes = |codes: &[ConditionCode]| codes.iter().map(|code| code.as_str().to_owned()).collect();
    pb::OtherBasis {
        basis: Basis::number(other.basis),
        license_id,
        outcome: Outcome::number(outcome),
        broken: codes(&other.broken),
        unknown: codes(&other.unknown),
    }
}

fn encode_missing(opening: &Opening) -> Option<String> {
    match opening {
        Opening::Missing(path) => Some(path.to_string()),
        Opening::Unsettled { .. } => None,
    }
}

fn encode_unsettled(opening: &Opening) -> Option<pb::UnsettledReading> {
    match opening {
        Opening::Missing(_) => None,
        Opening::Unsettled { condition, facts } => Some(pb::UnsettledReading {
            condition: condition.to_string(),
            facts: facts.iter().map(Path::to_string).collect(),
        }),
    }
}

fn encode_advice(code: AdviceCode) -> pb::Advice {
    pb::Advice {
        code: code.as_str().to_owned(),
        text: String::new(),
    }
}
