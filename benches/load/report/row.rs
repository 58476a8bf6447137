//! One line of the table.

use serde::Serialize;

use crate::{
    drive::Round,
    latency::{Latency, Samples, median},
};

/// Who or what was measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Subject {
    /// The ceiling.
    Echo,
    /// `Check` of the real server.
    Check,
    /// `Check` of a real server on an empty database.
    OnEmpty,
    /// `Check` of the real server on the filled database.
    OnFilled,
    /// `History`.
    Page,
    /// `GetDecision`.
    GetDecision,
    /// `BatchCheck`.
    BatchCheck,
    /// `StreamCheck`.
    StreamCheck,
    /// Rows that `SQLite` inserts into a plain table, without this program.
    Inserts,
    /// The same with one index on random text.
    IndexedInserts,
}

impl std::fmt::Display for Subject {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str(match self {
            Self::Echo => "echo",
            Self::Check => "Check",
            Self::OnEmpty => "Check, empty database",
            Self::OnFilled => "Check, this database",
            Self::Page => "History",
            Self::GetDecision => "GetDecision",
            Self::BatchCheck => "BatchCheck",
            Self::StreamCheck => "StreamCheck",
            Self::Inserts => "SQLite inserts",
            Self::IndexedInserts => "SQLite inserts, indexed",
        })
    }
}

/// What one load did, or how long the calls of one question took.
#[derive(Clone, Debug, Serialize)]
pub struct Row {
    /// The scenario.
    pub scenario: &'static str,
    /// Who was measured.
    pub subject: Subject,
    /// Under which load, or by which question.
    pub load: String,
    /// Decisions per second: the median of the rounds.
    pub per_second: Option<f64>,
    /// Decisions per second of each round.
    pub rounds: Vec<f64>,
    /// How long calls took, all rounds together.
    pub latency: Option<Latency>,
    /// Requests that were told to come back later.
    pub refused: u64,
    /// Decisions in an answer, on average.
    pub per_call: Option<f64>,
}

impl Row {
    /// A load, in rounds.
    pub fn of_rounds(scenario: &'static str, subject: Subject, load: &str, rounds: Vec<Round>) -> Self {
        let rates: Vec<f64> = rounds.iter().map(Round::per_second).collect();
        let mut row = Self::of_rates(scenario, subject, load, rates);
        let mut samples = Samples::default();
        for round in rounds {
            row.refused += round.refused;
            samples.append(round.samples);
        }
        row.latency = samples.latency();
        row
    }

    /// A load of which only the rate of each round is known.
    pub fn of_rates(scenario: &'static str, subject: Subject, load: &str, rates: Vec<f64>) -> Self {
        Self {
            scenario,
            subject,
            load: load.to_owned(),
            per_second: median(&rates),
            rounds: rates,
            latency: None,
            refused: 0,
            per_call: None,
        }
    }

    /// Calls one after another.
    pub fn of_calls(scenario: &'static str, subject: Subject, load: &str, samples: Samples) -> Self {
        let mut row = Self::of_rates(scenario, subject, load, Vec::new());
        row.latency = samples.latency();
        row
    }

    /// With the decisions in an answer.
    pub fn with_per_call(mut self, decisions: f64) -> Self {
        self.per_call = Some(decisions);
        self
    }
}
