//! Facts for a program: products and channels as a request holds them.

use serde::Serialize;

use crate::{
    catalogue::Catalogue,
    domain::{Language, Name, Product, Said},
    report::{Conflict, Described, Reading, RunningChannel, Subject, Unmapped, described_facts},
    wire::{Wire, pb},
};

/// What a report maps to.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct ReadingJson<'a> {
    tool: &'static str,
    described: Vec<DescribedJson>,
    unmapped: Vec<UnmappedJson<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct DescribedJson {
    about: &'static str,
    product: pb::Product,
    #[serde(skip_serializing_if = "Option::is_none")]
    channel: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    running_channel: Option<&'static str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    conflicts: Vec<ConflictJson>,
}

#[derive(Serialize)]
struct ConflictJson {
    field: &'static str,
    values: Vec<ClaimJson>,
}

#[derive(Serialize)]
struct ClaimJson {
    value: String,
    key: String,
    raw: String,
}

#[derive(Serialize)]
struct UnmappedJson<'a> {
    key: &'a str,
    value: &'a str,
    why: &'a str,
    needed: &'a str,
}

/// The reading.
pub(super) fn reading<'a>(reading: &'a Reading, catalogue: &Catalogue) -> ReadingJson<'a> {
    let unmapped = |unmapped: &'a Unmapped| UnmappedJson {
        key: &unmapped.key,
        value: &unmapped.raw,
        why: &unmapped.why,
        needed: &unmapped.needed,
    };
    ReadingJson {
        tool: reading.tool.as_str(),
        described: reading
            .described
            .iter()
            .map(|described| thing(reading, described, catalogue))
            .collect(),
        unmapped: reading.unmapped.iter().map(unmapped).collect(),
    }
}

fn thing(reading: &Reading, described: &Described, catalogue: &Catalogue) -> DescribedJson {
    let facts = described_facts(reading.tool, described, catalogue);
    DescribedJson {
        about: match described.subject {
            Subject::License => "license",
            Subject::RunningCopy => "runningCopy",
            Subject::Image => "image",
        },
        product: product(&facts.product),
        channel: facts.channel.map(Wire::wire_name),
        running_channel: facts.running_channel.map(RunningChannel::as_str),
        conflicts: facts.conflicts.iter().map(conflict).collect(),
    }
}

fn product(product: &Product) -> pb::Product {
    let text = |name: Option<&Name>| name.map_or_else(String::new, |name| name.text().to_owned());
    pb::Product {
        family: text(product.family.as_ref()),
        version: text(product.version.as_ref()),
        edition: text(product.edition.as_ref()),
        language: product.language.as_ref().map_or_else(String::new, Language::to_string),
        architecture: product.architecture.map_or(0, Wire::number),
        ..pb::Product::default()
    }
}

fn conflict(conflict: &Conflict) -> ConflictJson {
    let reported = conflict.claims.iter().filter_map(|claim| match &claim.said {
        Said::Stated | Said::Catalogue(_) => None,
        Said::Reported(reported) => Some(ClaimJson {
            value: claim.value.clone(),
            key: reported.key.clone(),
            raw: reported.raw.clone(),
        }),
    });
    ConflictJson {
        field: conflict.field.as_str(),
        values: reported.collect(),
    }
}
