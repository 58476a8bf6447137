//! One run: a new database, then the filled one, and what was found on both.

use std::{
    fs,
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use anyhow::Context as _;
use prost::Message as _;
use tempfile::TempDir;

use crate::{
    arena::Arena,
    arguments::{Arguments, Scenario},
    count::{figure, thousands},
    fill::fill,
    filled::{Known, decision_count},
    machine::Machine,
    pool::Client,
    process::{Echo, Server},
    random::Random,
    report::{Report, Row, Stage, Subject},
    scenario::{self, SATURATED, in_flight_name},
    workload::Workload,
};

/// With less in the log, questions about it show nothing.
const DECISIONS_TO_ASK_FOR: u64 = 100;

/// How long the disk is probed, at most.
const PROBE_MAX: Duration = Duration::from_secs(1);

/// Measures everything that is asked for.
pub async fn run(arguments: &Arguments) -> anyhow::Result<()> {
    fs::create_dir_all(&arguments.folder)?;
    let folder = TempDir::with_prefix_in("run-", &arguments.folder)?;
    let machine = Machine::look(folder.path(), arguments.round().min(PROBE_MAX))?;
    let mut report = Report::new(arguments, machine);

    let workload = Arc::new(Workload::new(arguments.seed));
    let server = Server::start(&folder.path().join("new").join("decisions.db"), &arguments.serve_arg).await?;
    let echo = Echo::start(&answer(&mut server.client().await?, &workload, folder.path()).await?)?;
    let arena = Arena {
        arguments,
        workload: &workload,
        echo: &echo,
        server: &server,
    };
    let measured = measure(&arena, "a new database".to_owned()).await?;
    report.stages.push(measured.stopped(server).await?);
    if arguments.decisions == 0 && arguments.database.is_none() {
        return report.finish(&arguments.output);
    }

    let place = arguments.database.clone();
    let place = place.unwrap_or_else(|| folder.path().join("filled").join("decisions.db"));
    let server = Server::start(&place, &arguments.serve_arg).await?;
    let arena = Arena {
        workload: &unlike_earlier(&mut server.client().await?, arguments.seed).await?,
        server: &server,
        arguments,
        echo: &echo,
    };
    let filled_per_second = fill(&arena).await?;
    let held = decision_count(&mut server.client().await?).await?;
    let mut measured = measure(&arena, format!("{} decisions", thousands(held))).await?;
    measured.filled_per_second = filled_per_second;
    if arguments.wants(Scenario::Growth) {
        say("Check, and Check on an empty database");
        measured.rows.extend(scenario::growth(&arena, folder.path()).await?);
    }
    report.stages.push(measured.stopped(server).await?);
    report.finish(&arguments.output)
}

/// Leaves the answer to a typical request in a file, for the echo.
async fn answer(client: &mut Client, workload: &Workload, folder: &Path) -> anyhow::Result<PathBuf> {
    let answer = client.check(workload.typical()).await?.into_inner();
    let decision = answer.decision.context("an answer without a decision")?;
    let path = folder.join("answer.bin");
    fs::write(&path, decision.encode_to_vec())?;
    Ok(path)
}

/// Requests that no earlier run sent to this database: those would only find their decisions again.
async fn unlike_earlier(client: &mut Client, seed: u64) -> anyhow::Result<Arc<Workload>> {
    let held = decision_count(client).await?;
    Ok(Arc::new(Workload::new(Random::at(seed, held).number())))
}

/// What was found on a database whose server still runs.
struct Measured {
    name: String,
    decision_count: u64,
    rows: Vec<Row>,
    filled_per_second: Option<f64>,
}

async fn measure(arena: &Arena<'_>, name: String) -> anyhow::Result<Measured> {
    let wants = |scenario| arena.arguments.wants(scenario);
    let mut client = arena.server.client().await?;
    let count_before = decision_count(&mut client).await?;
    eprintln!("on {name}:");
    let mut rows = Vec::new();
    if wants(Scenario::Unary) {
        say("Check and echo, closed loop");
        rows.extend(scenario::unary(arena).await?);
    }
    if wants(Scenario::Batch) {
        say("BatchCheck, and plain inserts");
        rows.extend(scenario::batch(arena).await?);
    }
    if wants(Scenario::Stream) {
        say("StreamCheck");
        rows.extend(scenario::stream(arena).await?);
    }
    if wants(Scenario::Steady) {
        say("Check and echo, open loop");
        let saturation = saturation(&rows);
        rows.extend(scenario::steady(arena, saturation).await?);
    }
    let asks_for_decisions = wants(Scenario::History) || wants(Scenario::Lookup);
    if asks_for_decisions && decision_count(&mut client).await? < DECISIONS_TO_ASK_FOR {
        say("too few decisions to ask for; measure `unary` too, or fill a database with `--decisions`");
    } else if asks_for_decisions {
        let known = Known::look(&mut client, arena.arguments.seed).await?;
        if wants(Scenario::History) {
            say("pages of the history");
            rows.extend(scenario::history(arena, &known).await?);
        }
        if wants(Scenario::Lookup) {
            say("single decisions");
            rows.extend(scenario::lookup(arena, &known).await?);
        }
    }
    Ok(Measured {
        name,
        decision_count: count_before,
        rows,
        filled_per_second: None,
    })
}

/// What Check did with everybody waiting, where that was measured.
fn saturation(rows: &[Row]) -> Option<f64> {
    let load = in_flight_name(SATURATED);
    let row = rows
        .iter()
        .find(|row| row.subject == Subject::Check && row.load == load);
    row?.per_second
}

impl Measured {
    /// Adds what is known once the server was stopped.
    async fn stopped(self, server: Server) -> anyhow::Result<Stage> {
        let after = decision_count(&mut server.client().await?).await?;
        let peak_memory_bytes = server.peak_memory();
        let bytes = server.stop().await?;
        Ok(Stage {
            name: self.name,
            decisions: [self.decision_count, after],
            rows: self.rows,
            filled_per_second: self.filled_per_second,
            peak_memory_bytes,
            bytes_per_decision: figure(bytes) / figure(after.max(1)),
        })
    }
}

fn say(what: &str) {
    eprintln!("  {what}");
}
