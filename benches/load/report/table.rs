//! The report as people read it: tables in Markdown.

use comfy_table::{CellAlignment, Table, presets::ASCII_MARKDOWN};

use super::{Report, Row, Stage};
use crate::count::{figure, rounded, thousands};

/// Everything, in the order in which one wants to know it.
pub fn render(report: &Report) -> String {
    let mut parts = vec![machine(report), "## Bars".to_owned(), bars(report)];
    for stage in &report.stages {
        parts.extend(of_stage(stage));
    }
    parts.join("\n\n")
}

fn machine(report: &Report) -> String {
    let machine = &report.machine;
    let memory = machine.memory_bytes.map_or("unknown".to_owned(), mib);
    let commit = machine.commit.as_deref().unwrap_or("unknown");
    format!(
        "{}, {} cores, {memory} MiB of memory, {}, {} syncs of 4 KiB a second; commit {commit}, {}",
        machine.cpu,
        machine.cores,
        machine.kernel,
        rounded(machine.syncs_per_second),
        machine.at
    )
}

fn bars(report: &Report) -> String {
    let mut table = table(&["figure", "on", "bar", "aim", "seen", "reached"], &[4]);
    for bar in &report.bars {
        table.add_row([
            bar.figure.to_owned(),
            bar.on.clone(),
            bar.wanted.to_string(),
            bar.aim.map(rounded).unwrap_or_default(),
            bar.seen.map(rounded).unwrap_or_default(),
            bar.judgement().to_owned(),
        ]);
    }
    table.to_string()
}

fn of_stage(stage: &Stage) -> Vec<String> {
    let mut parts = vec![format!("## On {}", stage.name)];
    let loads: Vec<&Row> = stage.rows.iter().filter(|row| row.per_second.is_some()).collect();
    let calls: Vec<&Row> = stage.rows.iter().filter(|row| row.per_second.is_none()).collect();
    if !loads.is_empty() {
        parts.push(load_table(&loads));
    }
    if !calls.is_empty() {
        parts.push(call_table(&calls));
    }
    let mut facts = vec![format!("{} decisions at the end", thousands(stage.decisions[1]))];
    facts.extend(
        stage
            .filled_per_second
            .map(|rate| format!("filled at {} decisions/s", rounded(rate))),
    );
    facts.extend(
        stage
            .peak_memory_bytes
            .map(|bytes| format!("peak memory {} MiB", mib(bytes))),
    );
    facts.push(format!(
        "{} bytes on disk for a decision",
        rounded(stage.bytes_per_decision)
    ));
    parts.push(facts.join("; "));
    parts
}

fn load_table(rows: &[&Row]) -> String {
    let header = [
        "load",
        "who",
        "decisions/s",
        "rounds",
        "p50 µs",
        "p99 µs",
        "p99.9 µs",
        "refused",
    ];
    let mut table = table(&header, &[2, 3, 4, 5, 6, 7]);
    for row in rows {
        let [p50, p99, p999] = latencies(row);
        table.add_row([
            format!("{}: {}", row.scenario, row.load),
            row.subject.to_string(),
            row.per_second.map(rounded).unwrap_or_default(),
            range(&row.rounds),
            p50,
            p99,
            p999,
            thousands(row.refused),
        ]);
    }
    table.to_string()
}

fn call_table(rows: &[&Row]) -> String {
    let header = [
        "call",
        "who",
        "p50 µs",
        "p99 µs",
        "slowest µs",
        "decisions in an answer",
    ];
    let mut table = table(&header, &[2, 3, 4, 5]);
    for row in rows {
        let [p50, p99, _] = latencies(row);
        table.add_row([
            row.load.clone(),
            row.subject.to_string(),
            p50,
            p99,
            row.latency.map(|latency| rounded(latency.max_us)).unwrap_or_default(),
            row.per_call.map(rounded).unwrap_or_default(),
        ]);
    }
    table.to_string()
}

fn latencies(row: &Row) -> [String; 3] {
    row.latency.map_or_else(Default::default, |latency| {
        [latency.p50_us, latency.p99_us, latency.p999_us].map(rounded)
    })
}

fn range(rates: &[f64]) -> String {
    let least = rates.iter().copied().min_by(f64::total_cmp);
    let most = rates.iter().copied().max_by(f64::total_cmp);
    let (Some(least), Some(most)) = (least, most) else {
        return String::new();
    };
    format!("{} to {}", rounded(least), rounded(most))
}

fn mib(bytes: u64) -> String {
    rounded(figure(bytes) / 1024.0 / 1024.0)
}

fn table(header: &[&str], right: &[usize]) -> Table {
    let mut table = Table::new();
    table.load_style(ASCII_MARKDOWN).set_header(header);
    for column in right {
        if let Some(column) = table.column_mut(*column) {
            column.set_cell_alignment(CellAlignment::Right);
        }
    }
    table
}
