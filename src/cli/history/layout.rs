//! Decisions in a table.

use std::collections::BTreeSet;

use comfy_table::Color;

use crate::{
    cli::{
        moment,
        table::{self, Field},
        text::word,
    },
    wire::pb,
};

/// A terminal this wide has room for one line per decision.
const ROOMY_WIDTH: usize = 140;

const FIELDS: [&str; 7] = [
    "log index",
    "decided at",
    "verdict",
    "device",
    "image",
    "why",
    "decision",
];
const STACKED_FIELDS: [&str; 4] = ["#", "decision, decided at", "device, image", "verdict, why"];

/// One page of a history, for a terminal of `width` columns or for a program, which gets the header on the first page only.
pub(super) fn page(decisions: &[pb::Decision], width: Option<usize>, is_first: bool) -> String {
    let rows = |time: fn(&pb::Decision) -> String| decisions.iter().map(move |decision| row(decision, time(decision)));
    match width {
        None if is_first => table::separated(FIELDS, &rows(exact).collect::<Vec<_>>()),
        None => table::lines(&rows(exact).collect::<Vec<_>>()),
        Some(_) if decisions.is_empty() => String::new(),
        Some(width) if width >= ROOMY_WIDTH => table::drawn(FIELDS, rows(shown).collect(), width, Some(6)),
        Some(width) => table::drawn(STACKED_FIELDS, decisions.iter().map(stacked).collect(), width, Some(1)),
    }
}

fn row(decision: &pb::Decision, decided_at: String) -> [Field; 7] {
    let (device, image) = ids(decision);
    let verdict = decision.verdict();
    [
        Field::plain(decision.log_index.to_string()),
        Field::plain(decided_at),
        Field::plain(word::verdict(verdict)).in_color(color(verdict)),
        Field::plain(device),
        Field::plain(image),
        Field::plain(why(decision)),
        Field::plain(&decision.decision_id),
    ]
}

/// What a row says, two lines high, so that an id stays whole.
fn stacked(decision: &pb::Decision) -> [Field; 4] {
    let (device, image) = ids(decision);
    let verdict = decision.verdict();
    [
        Field::plain(decision.log_index.to_string()),
        Field::stacked(&decision.decision_id, shown(decision)),
        Field::stacked(device, image),
        Field::stacked(word::verdict(verdict), why(decision)).in_color(color(verdict)),
    ]
}

fn shown(decision: &pb::Decision) -> String {
    moment::shown(decision.decided_at.as_ref())
}

fn exact(decision: &pb::Decision) -> String {
    moment::exact(decision.decided_at.as_ref())
}

/// Of the device and of the image; empty where they have none.
fn ids(decision: &pb::Decision) -> (&str, &str) {
    let request = decision.request.as_ref();
    let device = request.and_then(|request| request.device.as_ref());
    let image = request.and_then(|request| request.image.as_ref());
    (
        device.map_or("", |device| &device.id),
        image.map_or("", |image| &image.id),
    )
}

/// The bases that decided and, unless they permit, what stood in the way.
fn why(decision: &pb::Decision) -> String {
    let bases: BTreeSet<&str> = decision.items.iter().map(|item| word::basis(item.basis())).collect();
    let findings = || decision.items.iter().flat_map(|item| &item.findings);
    let with = |outcome: pb::Outcome| {
        let codes: BTreeSet<&str> = findings()
            .filter(|finding| finding.outcome() == outcome)
            .map(|finding| finding.condition.as_str())
            .collect();
        let codes = codes.into_iter().collect::<Vec<_>>().join(", ");
        (!codes.is_empty()).then(|| format!("{} {codes}", word::outcome(outcome)))
    };
    let bases = bases.into_iter().collect::<Vec<_>>().join(", ");
    [Some(bases), with(pb::Outcome::Broken), with(pb::Outcome::Unknown)]
        .into_iter()
        .flatten()
        .collect::<Vec<_>>()
        .join("; ")
}

const fn color(verdict: pb::Verdict) -> Color {
    match verdict {
        pb::Verdict::Permitted => Color::Green,
        pb::Verdict::NotPermitted => Color::Red,
        pb::Verdict::Indeterminate | pb::Verdict::Unspecified => Color::Yellow,
    }
}
