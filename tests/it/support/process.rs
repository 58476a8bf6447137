//! The real binary as a process of its own, and how it is ended.

use std::{
    fs,
    net::SocketAddr,
    path::{Path, PathBuf},
    process::{Child, Command, ExitStatus, Output, Stdio},
    time::{Duration, Instant},
};

use reimage_rights::store::Owner;
use tonic::transport::{Channel, Endpoint};

use super::server::{Client, DEADLINE};

const BINARY: &str = env!("CARGO_BIN_EXE_reimage-rights");
const POLL_GAP: Duration = Duration::from_millis(5);

/// A server process; killed when dropped.
pub struct Process {
    child: Child,
    channel: Channel,
    pub owner: Owner,
}

impl Process {
    /// Starts `serve` on a free port and connects; its log goes to `serve.log` beside the database.
    pub async fn serve(database: &Path) -> Self {
        Self::serve_with(database, &[]).await
    }

    /// The same with more arguments.
    pub async fn serve_with(database: &Path, arguments: &[&str]) -> Self {
        Self::serve_in(database, &[], arguments).await
    }

    /// The same in an environment with more variables.
    pub async fn serve_in(database: &Path, variables: &[(&str, &str)], arguments: &[&str]) -> Self {
        let mut program = program(database);
        program.envs(variables.iter().copied()).arg("serve").args(arguments);
        Self::start(program, database).await
    }

    /// Starts `serve` as a process that cannot write a file past a length: beyond, the operating system refuses as a bad disk does.
    pub async fn serve_with_files_up_to(kibibytes: u32, database: &Path) -> Self {
        let mut shell = with_files_up_to(kibibytes, database);
        shell.arg("serve");
        Self::start(shell, database).await
    }

    /// Starts `serve` as a process that may have so many files open, connections among them.
    pub async fn serve_with_open_files(count_max: u32, database: &Path, arguments: &[&str]) -> Self {
        let mut shell = limited(&format!("ulimit -n {count_max}"), database);
        shell.arg("serve").args(arguments);
        Self::start(shell, database).await
    }

    /// Starts `serve` with a signal set as `env` takes it, such as `--ignore-signal=HUP`.
    pub async fn serve_hearing(signal: &str, database: &Path) -> Self {
        let mut env = surrounded(Command::new("env"), database);
        env.args([signal, BINARY, "serve"]);
        Self::start(env, database).await
    }

    async fn start(mut program: Command, database: &Path) -> Self {
        let file = fs::File::options().create(true).append(true).open(log_path(database));
        let child = program
            .args(["--listen", "127.0.0.1:0", "--database"])
            .arg(database)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(file.unwrap())
            .spawn()
            .unwrap();
        let pid = child.id();
        let mut started = Started(Some(child));
        let owner = poll(|| {
            let ended = started.child().try_wait().unwrap();
            assert!(ended.is_none(), "serve ended: {ended:?}\n{}", log(database));
            Owner::of(database).filter(|owner| owner.pid == Some(pid) && owner.address.is_some())
        })
        .await;
        let address = owner.address.clone().unwrap();
        let channel = Endpoint::from_shared(address).unwrap().connect().await.unwrap();
        let child = started.0.take().unwrap();
        Self { child, channel, owner }
    }

    pub fn channel(&self) -> Channel {
        self.channel.clone()
    }

    pub fn client(&self) -> Client {
        Client::new(self.channel.clone())
    }

    /// Ends the process where it stands, as `kill -9` does.
    pub fn kill(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// Asks the process to stop, as `kill` does.
    pub fn terminate(&self) {
        self.signal("TERM");
    }

    /// Where it listens besides, as its log has it behind these words.
    pub fn listens(database: &Path, words: &str) -> SocketAddr {
        let told = log(database);
        let line = told.lines().find(|line| line.contains(words)).unwrap();
        let rest = line.split_once("address=").unwrap().1;
        rest.split(' ').next().unwrap().parse().unwrap()
    }

    /// Sends the process a signal.
    pub fn signal(&self, name: &str) {
        signal(&self.child, name);
    }

    /// Memory that the process has now.
    pub fn resident_kib(&self) -> u64 {
        self.status_kib("VmRSS:")
    }

    /// The most that it had so far.
    pub fn peak_kib(&self) -> u64 {
        self.status_kib("VmHWM:")
    }

    fn status_kib(&self, figure: &str) -> u64 {
        let status = fs::read_to_string(format!("/proc/{}/status", self.child.id())).unwrap();
        let line = status.lines().find_map(|line| line.strip_prefix(figure)).unwrap();
        line.trim().trim_end_matches(" kB").parse().unwrap()
    }

    /// Waits until the process has ended.
    pub async fn ended(&mut self) -> ExitStatus {
        poll(|| self.child.try_wait().unwrap()).await
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // One that ended already cannot be killed.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A child that is not left running when a test fails while it starts.
struct Started(Option<Child>);

impl Started {
    fn child(&mut self) -> &mut Child {
        self.0.as_mut().unwrap()
    }
}

impl Drop for Started {
    fn drop(&mut self) {
        if let Some(child) = &mut self.0 {
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}

/// Runs a command to its end, with `home` for the user's folders.
pub fn run(home: &Path, arguments: &[&str]) -> Output {
    program(&home.join("decisions.db"))
        .args(arguments)
        .stdin(Stdio::null())
        .output()
        .unwrap()
}

/// The same where it cannot write a file past a length.
pub fn run_with_files_up_to(kibibytes: u32, home: &Path, arguments: &[&str]) -> Output {
    with_files_up_to(kibibytes, &home.join("decisions.db"))
        .args(arguments)
        .stdin(Stdio::null())
        .output()
        .unwrap()
}

/// Begins a command, of which nobody hears what it says.
pub fn begin(home: &Path, arguments: &[&str]) -> Child {
    program(&home.join("decisions.db"))
        .args(arguments)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap()
}

/// Sends a process a signal.
pub fn signal(child: &Child, name: &str) {
    let told = Command::new("sh")
        .args(["-c", &format!("kill -{name} {}", child.id())])
        .status();
    assert!(told.unwrap().success());
}

/// The exit code of a command, what it printed, and what it said beside that.
pub fn told(home: &Path, arguments: &[&str]) -> (Option<i32>, String, String) {
    let output = run(home, arguments);
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    (output.status.code(), text(&output.stdout), text(&output.stderr))
}

/// What the server processes of a database logged.
pub fn log(database: &Path) -> String {
    fs::read_to_string(log_path(database)).unwrap_or_default()
}

fn log_path(database: &Path) -> PathBuf {
    database.with_file_name("serve.log")
}

/// The program, without settings of whoever runs the tests.
fn program(database: &Path) -> Command {
    surrounded(Command::new(BINARY), database)
}

/// The program, where no file may grow past a length.
fn with_files_up_to(kibibytes: u32, database: &Path) -> Command {
    let blocks = kibibytes * 2;
    limited(&format!("ulimit -f {blocks}"), database)
}

/// The program within a limit of the operating system.
fn limited(limit: &str, database: &Path) -> Command {
    let mut shell = surrounded(Command::new("sh"), database);
    let script = format!("{limit}; exec \"$0\" \"$@\"");
    shell.arg("-c").arg(script).arg(BINARY);
    shell
}

fn surrounded(mut command: Command, database: &Path) -> Command {
    // The folder of the test, whatever is below it.
    let temporary = std::env::temp_dir();
    let home = database
        .ancestors()
        .find(|folder| folder.parent() == Some(temporary.as_path()))
        .unwrap();
    command
        .env_clear()
        .env("REIMAGE_RIGHTS_KEY_FILE", home.join("keys").join("checkpoint.keys"))
        .env("REIMAGE_RIGHTS_CHECKPOINT_FILE", home.join("state").join("checkpoints"))
        .env("PATH", "/usr/bin:/bin")
        .env("HOME", home)
        .env("XDG_CONFIG_HOME", home.join("config"))
        .env("XDG_DATA_HOME", home.join("data"));
    command
}

/// Asks again and again until there is something, up to a deadline.
pub async fn poll_for<T>(mut ask: impl AsyncFnMut() -> Option<T>) -> T {
    let begun = Instant::now();
    loop {
        if let Some(found) = ask().await {
            return found;
        }
        assert!(begun.elapsed() < DEADLINE, "it does not come about in time");
        tokio::time::sleep(POLL_GAP).await;
    }
}

/// Looks again and again until there is something, up to a deadline.
pub async fn poll<T>(mut look: impl FnMut() -> Option<T>) -> T {
    let begun = Instant::now();
    loop {
        if let Some(found) = look() {
            return found;
        }
        assert!(begun.elapsed() < DEADLINE, "it does not come about in time");
        tokio::time::sleep(POLL_GAP).await;
    }
}
