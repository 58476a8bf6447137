//! The bars: what a run must reach, as ratios within it.

use serde::Serialize;

use super::{Stage, Subject};
use crate::{
    count::{figure, rounded},
    latency::Latency,
    outside::Outside,
    scenario::{AT_ONCE, SATURATED, in_a_call, in_a_transaction, in_flight_name},
};

/// Page that must be as fast as the first.
const DEEP_PAGE: u64 = 10_000;

/// A bar and what was seen.
#[derive(Debug, Serialize)]
pub struct Bar {
    /// What is measured.
    pub figure: &'static str,
    /// On which database.
    pub on: String,
    /// What it must be.
    pub wanted: Bound,
    /// What it should be.
    pub aim: Option<f64>,
    /// What it was; `None` where it was not measured.
    pub seen: Option<f64>,
    /// Whether that reaches the bar.
    pub reached: Option<bool>,
}

/// On which side of a number a figure must be.
#[derive(Clone, Copy, Debug, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Bound {
    /// That or more.
    AtLeast(f64),
    /// That or less.
    AtMost(f64),
    /// Less than that.
    Under(f64),
}

impl Bound {
    fn holds(self, seen: f64) -> bool {
        match self {
            Self::AtLeast(least) => seen >= least,
            Self::AtMost(most) => seen <= most,
            Self::Under(bound) => seen < bound,
        }
    }
}

impl std::fmt::Display for Bound {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::AtLeast(least) => write!(out, "at least {}", rounded(*least)),
            Self::AtMost(most) => write!(out, "at most {}", rounded(*most)),
            Self::Under(bound) => write!(out, "under {}", rounded(*bound)),
        }
    }
}

/// Holds what was seen against every bar.
pub fn judge(stages: &[Stage], outside: &Outside) -> Vec<Bar> {
    let mut bars = Vec::new();
    for stage in stages {
        bars.extend(of_stage(stage));
    }
    // What only a filled database shows is no bar of a new one.
    if let Some(new) = stages.first() {
        bars.retain(|bar| bar.seen.is_some() || bar.on != new.name);
    }
    let elsewhere = |figure, bar, aim, seen| Bar::new(figure, "outside this run".to_owned(), bar, aim, seen);
    bars.push(elsewhere(
        "Check / Cerbos with its local audit log",
        Bound::AtLeast(3.0),
        Some(5.0),
        outside.peer_ratio,
    ));
    bars.push(elsewhere(
        "one evaluation, the rules core alone, µs",
        Bound::Under(5.0),
        None,
        outside.evaluation_us,
    ));
    bars
}

/// Bars that speak of one database.
fn of_stage(stage: &Stage) -> Vec<Bar> {
    let bar = |figure, bar, aim, seen| Bar::new(figure, stage.name.clone(), bar, aim, seen);
    let mib = |bytes: u64| figure(bytes) / 1024.0 / 1024.0;
    vec![
        bar(
            "Check / echo, 256 in flight",
            Bound::AtLeast(0.55),
            Some(0.75),
            of_echo(stage),
        ),
        bar(
            "BatchCheck of 1,000 / plain SQLite inserts of the same rows",
            Bound::AtLeast(0.6),
            Some(0.8),
            of_inserts(stage),
        ),
        bar(
            "p99 of Check / p99 of echo, at 70 % of saturation",
            Bound::Under(4.0),
            None,
            p99_of_echo(stage),
        ),
        bar(
            "Check on this database / on an empty one",
            Bound::AtLeast(0.85),
            None,
            of_empty(stage),
        ),
        bar("page 10,000 / page 1, p50", Bound::AtMost(1.2), None, depth(stage)),
        bar(
            "slowest question for a page of 50, p99, ms",
            Bound::Under(5.0),
            None,
            slowest_page_ms(stage),
        ),
        bar(
            "peak memory of the server, MiB",
            Bound::Under(150.0),
            None,
            stage.peak_memory_bytes.map(mib),
        ),
        bar(
            "bytes on disk for a decision",
            Bound::Under(2_200.0),
            Some(1_500.0),
            Some(stage.bytes_per_decision),
        ),
    ]
}

fn of_echo(stage: &Stage) -> Option<f64> {
    let load = in_flight_name(SATURATED);
    let check = stage.row("unary", Subject::Check, &load)?.per_second?;
    Some(check / stage.row("unary", Subject::Echo, &load)?.per_second?)
}

fn of_inserts(stage: &Stage) -> Option<f64> {
    let batch = stage
        .row("batch", Subject::BatchCheck, &in_a_call(AT_ONCE))?
        .per_second?;
    Some(
        batch
            / stage
                .row("batch", Subject::Inserts, &in_a_transaction(AT_ONCE))?
                .per_second?,
    )
}

fn p99_of_echo(stage: &Stage) -> Option<f64> {
    let p99_us = |subject| {
        let row = stage
            .rows
            .iter()
            .find(|row| row.scenario == "steady" && row.subject == subject)?;
        Some(row.latency?.p99_us)
    };
    Some(p99_us(Subject::Check)? / p99_us(Subject::Echo)?)
}

fn of_empty(stage: &Stage) -> Option<f64> {
    let load = in_flight_name(SATURATED);
    let filled = stage.row("growth", Subject::OnFilled, &load)?.per_second?;
    Some(filled / stage.row("growth", Subject::OnEmpty, &load)?.per_second?)
}

fn depth(stage: &Stage) -> Option<f64> {
    let p50_us = |page| {
        Some(
            stage
                .row("history", Subject::Page, &format!("no filter, page {page}"))?
                .latency?
                .p50_us,
        )
    };
    Some(p50_us(DEEP_PAGE)? / p50_us(1)?)
}

fn slowest_page_ms(stage: &Stage) -> Option<f64> {
    let pages = stage.rows.iter().filter(|row| row.scenario == "history");
    let p99s_us = pages.filter_map(|row| row.latency).map(|Latency { p99_us, .. }| p99_us);
    p99s_us.max_by(f64::total_cmp).map(|p99_us| p99_us / 1000.0)
}

impl Bar {
    fn new(figure: &'static str, on: String, wanted: Bound, aim: Option<f64>, seen: Option<f64>) -> Self {
        Self {
            figure,
            on,
            wanted,
            aim,
            seen,
            reached: seen.map(|seen| wanted.holds(seen)),
        }
    }

    /// Whether it is reached, in a word or two.
    pub fn judgement(&self) -> &'static str {
        let same_side = |aim| match self.wanted {
            Bound::AtLeast(_) => Bound::AtLeast(aim),
            Bound::AtMost(_) | Bound::Under(_) => Bound::AtMost(aim),
        };
        match (self.seen, self.reached) {
            (Some(seen), Some(true)) if self.aim.is_some_and(|aim| same_side(aim).holds(seen)) => "yes, and the aim",
            (_, Some(true)) => "yes",
            (_, Some(false)) => "NO",
            (_, None) => "not measured",
        }
    }
}
