//! The machine that figures come from.

use std::{
    fs::{self, File},
    io::Write as _,
    path::Path,
    process::Command,
    thread,
    time::{Duration, Instant},
};

use reimage_rights::{app::sources, wire::Timestamp};
use serde::Serialize;

use crate::count::figure;

/// What a small commit appends to a log before it syncs.
const BLOCK: [u8; 4096] = [7; 4096];

/// What is worth knowing about a machine before reading its figures.
#[derive(Debug, Serialize)]
pub struct Machine {
    /// When it was looked at.
    pub at: String,
    /// The commit that was measured, where that is known.
    pub commit: Option<String>,
    /// Model of the processor.
    pub cpu: String,
    /// Cores that may be used.
    pub cores: usize,
    /// Memory, in bytes.
    pub memory_bytes: Option<u64>,
    /// Operating system and its version.
    pub kernel: String,
    /// Blocks of 4 KiB that the disk appends and syncs in a second, one after another.
    pub syncs_per_second: f64,
}

impl Machine {
    /// Looks at this machine and at the disk under a folder.
    pub fn look(folder: &Path, probe: Duration) -> anyhow::Result<Self> {
        Ok(Self {
            at: Timestamp::from_microseconds(sources().clock.now_us()).to_string(),
            commit: output(
                "git",
                &["describe", "--always", "--dirty", "--abbrev=12", "--exclude=*"],
            ),
            cpu: field("/proc/cpuinfo", "model name").unwrap_or_else(|| std::env::consts::ARCH.to_owned()),
            cores: thread::available_parallelism().map_or(1, usize::from),
            memory_bytes: field("/proc/meminfo", "MemTotal").and_then(|text| kibibytes(&text)),
            kernel: output("uname", &["-sr"]).unwrap_or_else(|| std::env::consts::OS.to_owned()),
            syncs_per_second: syncs_per_second(folder, probe)?,
        })
    }
}

fn field(path: &str, name: &str) -> Option<String> {
    let text = fs::read_to_string(path).ok()?;
    let line = text.lines().find(|line| line.starts_with(name))?;
    Some(line.split_once(':')?.1.trim().to_owned())
}

fn kibibytes(text: &str) -> Option<u64> {
    let count: u64 = text.trim_end_matches("kB").trim().parse().ok()?;
    count.checked_mul(1024)
}

fn output(program: &str, arguments: &[&str]) -> Option<String> {
    let output = Command::new(program).args(arguments).output().ok()?;
    let text = String::from_utf8(output.stdout).ok()?;
    (output.status.success() && !text.trim().is_empty()).then(|| text.trim().to_owned())
}

fn syncs_per_second(folder: &Path, span: Duration) -> anyhow::Result<f64> {
    let path = folder.join("sync.probe");
    let mut file = File::create(&path)?;
    let begun = Instant::now();
    let mut count = 0;
    while begun.elapsed() < span {
        file.write_all(&BLOCK)?;
        file.sync_data()?;
        count += 1;
    }
    let rate = figure(count) / begun.elapsed().as_secs_f64();
    fs::remove_file(&path)?;
    Ok(rate)
}
