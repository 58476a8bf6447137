//! The processes that are measured: the real server, and the echo.

use std::{
    fs,
    io::{BufRead as _, BufReader},
    path::{Path, PathBuf},
    process::{Child, ChildStdin, Command, Stdio},
    time::{Duration, Instant},
};

use anyhow::{Context as _, bail};
use reimage_rights::store::Owner;

use crate::pool::{Client, Pool};

const SERVER: &str = env!("CARGO_BIN_EXE_reimage-rights");
const START_MAX: Duration = Duration::from_mins(1);
/// A large write-ahead log may have to be folded into the database.
const STOP_MAX: Duration = Duration::from_mins(5);
const POLL_GAP: Duration = Duration::from_millis(5);

/// The real program, serving a database; killed when dropped.
#[derive(Debug)]
pub struct Server {
    child: Child,
    database: PathBuf,
    address: String,
}

impl Server {
    /// Starts `serve` on a free port; its log goes to `serve.log` beside the database.
    pub async fn start(database: &Path, extra: &[String]) -> anyhow::Result<Self> {
        let folder = database.parent().context("a database is in a folder")?;
        fs::create_dir_all(folder)?;
        let log = fs::File::options()
            .create(true)
            .append(true)
            .open(folder.join("serve.log"))?;
        // Without settings of whoever runs this.
        let child = Command::new(SERVER)
            .args(["serve", "--listen", "127.0.0.1:0", "--database"])
            .arg(database)
            .args(extra)
            .env_clear()
            .env("HOME", folder)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(log)
            .spawn()
            .with_context(|| format!("`{SERVER}` cannot be started"))?;
        let mut server = Self {
            child,
            database: database.to_owned(),
            address: String::new(),
        };
        server.address = server.announced().await?;
        Ok(server)
    }

    /// Where it says it serves.
    async fn announced(&mut self) -> anyhow::Result<String> {
        let begun = Instant::now();
        loop {
            if let Some(status) = self.child.try_wait()? {
                let log = fs::read_to_string(self.database.with_file_name("serve.log")).unwrap_or_default();
                bail!("the server ended with {status}: {log}");
            }
            let owner = Owner::of(&self.database).filter(|owner| owner.pid == Some(self.child.id()));
            if let Some(address) = owner.and_then(|owner| owner.address) {
                return Ok(address);
            }
            if begun.elapsed() > START_MAX {
                bail!("the server does not serve after {} s", START_MAX.as_secs());
            }
            tokio::time::sleep(POLL_GAP).await;
        }
    }

    /// The file it keeps decisions in.
    pub fn database(&self) -> &Path {
        &self.database
    }

    /// Connections to it.
    pub async fn connect(&self, count: usize) -> anyhow::Result<Pool> {
        Pool::connect(&self.address, count).await
    }

    /// One connection to it.
    pub async fn client(&self) -> anyhow::Result<Client> {
        Ok(self.connect(1).await?.of(0))
    }

    /// The most memory it ever held, in bytes; `None` where the operating system does not tell.
    pub fn peak_memory(&self) -> Option<u64> {
        self.status("VmHWM:")
    }

    /// The memory it holds now.
    pub fn memory(&self) -> Option<u64> {
        self.status("VmRSS:")
    }

    /// The bytes that its database takes now, with its write-ahead log.
    pub fn bytes(&self) -> u64 {
        let beside = |extension: &str| {
            let mut path = self.database.clone().into_os_string();
            path.push(extension);
            fs::metadata(path).map_or(0, |file| file.len())
        };
        beside("") + beside("-wal")
    }

    fn status(&self, name: &str) -> Option<u64> {
        let status = fs::read_to_string(format!("/proc/{}/status", self.child.id())).ok()?;
        let line = status.lines().find_map(|line| line.strip_prefix(name))?;
        let kibibytes: u64 = line.trim().trim_end_matches("kB").trim().parse().ok()?;
        kibibytes.checked_mul(1024)
    }

    /// Stops it as an operator does, and gives the bytes that its database takes then.
    pub async fn stop(mut self) -> anyhow::Result<u64> {
        let told = Command::new("sh")
            .args(["-c", &format!("kill -TERM {}", self.child.id())])
            .status()?;
        anyhow::ensure!(told.success(), "the server cannot be told to stop");
        let begun = Instant::now();
        while self.child.try_wait()?.is_none() {
            if begun.elapsed() > STOP_MAX {
                bail!("the server does not stop within {} s", STOP_MAX.as_secs());
            }
            tokio::time::sleep(POLL_GAP).await;
        }
        Ok(self.bytes())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        end(&mut self.child);
    }
}

/// This program again, answering without deciding; it ends with the pipe to it.
#[derive(Debug)]
pub struct Echo {
    child: Child,
    address: String,
    _pipe: Option<ChildStdin>,
}

impl Echo {
    /// Starts it on a free port, with the answer in a file.
    pub fn start(answer: &Path) -> anyhow::Result<Self> {
        let mut child = Command::new(std::env::current_exe()?)
            .arg("echo")
            .arg(answer)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .context("the echo cannot be started")?;
        let mut address = String::new();
        let told = child.stdout.take().context("the echo has no output")?;
        BufReader::new(told).read_line(&mut address)?;
        let echo = Self {
            _pipe: child.stdin.take(),
            child,
            address: address.trim().to_owned(),
        };
        anyhow::ensure!(!echo.address.is_empty(), "the echo does not say where it serves");
        Ok(echo)
    }

    /// Connections to it.
    pub async fn connect(&self, count: usize) -> anyhow::Result<Pool> {
        Pool::connect(&self.address, count).await
    }
}

impl Drop for Echo {
    fn drop(&mut self) {
        end(&mut self.child);
    }
}

fn end(child: &mut Child) {
    // One that ended already cannot be killed.
    let _ = child.kill();
    let _ = child.wait();
}
