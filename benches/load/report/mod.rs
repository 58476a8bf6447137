//! What a run found: rows, figures, bars, and the two forms they are given in.

mod bars;
mod row;
mod table;

use std::{fs, path::Path};

use serde::Serialize;

use self::bars::Bar;
pub use self::row::{Row, Subject};
use crate::{arguments::Arguments, machine::Machine, outside::Outside};

/// Everything that a run found.
#[derive(Debug, Serialize)]
pub struct Report {
    /// The machine.
    pub machine: Machine,
    /// What the run was asked for.
    pub settings: Settings,
    /// Databases that were measured, in their order.
    pub stages: Vec<Stage>,
    /// What other programs found.
    pub outside: Outside,
    bars: Vec<Bar>,
}

/// What figures depend on.
#[derive(Debug, Serialize)]
pub struct Settings {
    seconds: f64,
    rounds: usize,
    calls: usize,
    connections: usize,
    client_threads: usize,
    seed: u64,
    serve_args: Vec<String>,
}

/// What was found on one database.
#[derive(Debug, Serialize)]
pub struct Stage {
    /// What it is called.
    pub name: String,
    /// Decisions it held before and after.
    pub decisions: [u64; 2],
    /// Loads and questions.
    pub rows: Vec<Row>,
    /// Decisions per second while it was filled.
    pub filled_per_second: Option<f64>,
    /// The most memory that the server ever held.
    pub peak_memory_bytes: Option<u64>,
    /// Bytes of the database for each decision, once the server has stopped.
    pub bytes_per_decision: f64,
}

impl Report {
    /// A report of a run on which nothing was found yet.
    pub fn new(arguments: &Arguments, machine: Machine) -> Self {
        Self {
            machine,
            settings: Settings {
                seconds: arguments.seconds,
                rounds: arguments.rounds,
                calls: arguments.calls,
                connections: arguments.connections,
                client_threads: arguments.client_threads,
                seed: arguments.seed,
                serve_args: arguments.serve_arg.clone(),
            },
            stages: Vec::new(),
            outside: Outside::read(&arguments.peer),
            bars: Vec::new(),
        }
    }

    /// Judges the bars, prints the tables, and writes both forms: JSON, and Markdown beside it.
    pub fn finish(mut self, output: &Path) -> anyhow::Result<()> {
        self.bars = bars::judge(&self.stages, &self.outside);
        let tables = table::render(&self);
        println!("{tables}");
        if let Some(folder) = output.parent() {
            fs::create_dir_all(folder)?;
        }
        fs::write(output, serde_json::to_string_pretty(&self)? + "\n")?;
        let beside = output.with_extension("md");
        fs::write(&beside, tables + "\n")?;
        println!("\nwritten to `{}` and `{}`", output.display(), beside.display());
        Ok(())
    }
}

impl Stage {
    /// The row of a load.
    pub fn row(&self, scenario: &str, subject: Subject, load: &str) -> Option<&Row> {
        let wanted = |row: &&Row| row.scenario == scenario && row.subject == subject && row.load == load;
        self.rows.iter().find(wanted)
    }
}
