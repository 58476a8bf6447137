//! The real service on a port of its own, with a temporary database, a clock that stands until it is set, and a client.

use std::{
    fs,
    net::SocketAddr,
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicI64, AtomicU64, Ordering},
    },
    time::Duration,
};

use reimage_rights::{
    app::{self, Addresses, Hosting, Limits, Opening, Serving},
    audit::Log,
    service::{Clock, Sources},
    wire::{
        RpcStatus,
        pb::{
            self, eligibility_service_client::EligibilityServiceClient,
            transparency_service_client::TransparencyServiceClient,
        },
    },
};
use sqlx::{
    ConnectOptions as _, SqliteConnection,
    sqlite::{SqliteConnectOptions, SqliteJournalMode},
};
use tempfile::TempDir;
use tokio::task::JoinSet;
use tonic::{Status, transport::Channel};
use tonic_health::pb::{HealthCheckRequest, health_check_response::ServingStatus, health_client::HealthClient};

/// The generated client.
pub type Client = EligibilityServiceClient<Channel>;

/// The generated client of the service that proves.
pub type TransparencyClient = TransparencyServiceClient<Channel>;

/// What one request of many came to.
pub type Outcome = Result<pb::Decision, RpcStatus>;

/// That requests on devices `PC-0`, `PC-1` and so on were answered in their order, and recorded in it on a new log.
pub fn assert_in_order(outcomes: &[Outcome], count: usize) {
    assert_eq!(outcomes.len(), count);
    for (number, outcome) in outcomes.iter().enumerate() {
        let decision = outcome.as_ref().unwrap();
        let request = decision.request.as_ref().unwrap();
        assert_eq!(request.device.as_ref().unwrap().id, format!("PC-{number}"));
        assert_eq!(decision.log_index, number as u64);
    }
}

/// 2011-03-02T10:00:00Z: where every clock stands at first.
pub const START_US: i64 = 1_299_060_000_000_000;
/// Nothing that a test waits for takes nearly as long.
pub const DEADLINE: Duration = Duration::from_secs(30);
/// What a client takes that reads the answer to a full batch.
const BATCH_ANSWER_LEN_MAX: usize = 32 * 1024 * 1024;
/// Room for every test that asks much at once; those about too little room set their own.
const QUEUE_LEN_MAX: usize = 4096;

/// A folder with a database, and the clock of whoever serves it; both outlive a server.
#[derive(Debug)]
pub struct Place {
    folder: TempDir,
    clock: Arc<AtomicI64>,
    random: Arc<AtomicU64>,
    limits: Limits,
    hosting: Hosting,
}

/// A running server.
pub struct Server {
    pub place: Place,
    pub serving: Serving,
    channel: Channel,
}

impl Place {
    pub fn new() -> Self {
        Self {
            folder: TempDir::new().unwrap(),
            clock: Arc::new(AtomicI64::new(START_US)),
            random: Arc::default(),
            limits: Limits {
                queue_len_max: QUEUE_LEN_MAX,
                ..Limits::default()
            },
            hosting: hosting(),
        }
    }

    /// A place whose server signs with the keys of another.
    pub fn with_keys(key_file: &Path) -> Self {
        let place = Self::new();
        fs::create_dir_all(place.key_file().parent().unwrap()).unwrap();
        fs::copy(key_file, place.key_file()).unwrap();
        place
    }

    /// Served from now on within other limits.
    pub fn limited(self, limits: Limits) -> Self {
        Self { limits, ..self }
    }

    /// Put on the network in another way from now on.
    pub fn hosted(mut self, change: impl FnOnce(&mut Hosting)) -> Self {
        change(&mut self.hosting);
        self
    }

    pub fn path(&self) -> &Path {
        self.folder.path()
    }

    pub fn database(&self) -> PathBuf {
        self.folder.path().join("decisions.db")
    }

    /// A file beside the database, such as its lock.
    pub fn beside(&self, extension: &str) -> PathBuf {
        self.folder.path().join(format!("decisions.db{extension}"))
    }

    /// Sets the clock, in microseconds behind its start.
    pub fn set_clock(&self, behind_start_us: i64) {
        self.clock.store(START_US + behind_start_us, Ordering::Relaxed);
    }

    /// A connection of another program.
    pub async fn sql(&self) -> SqliteConnection {
        sql(&self.database()).await
    }

    pub async fn serve(self) -> Server {
        let mut server = self.serve_only().await;
        let endpoint = Channel::from_shared(format!("http://{}", server.serving.address)).unwrap();
        server.channel = endpoint.connect().await.unwrap();
        server
    }

    /// Serves, and does not connect: over TLS, each client does by itself.
    pub async fn serve_only(self) -> Server {
        let serving = self.try_serve().await.unwrap();
        Server {
            place: self,
            serving,
            channel: Channel::from_static("http://not.connected").connect_lazy(),
        }
    }

    pub async fn try_serve(&self) -> anyhow::Result<Serving> {
        app::start(self.hosting.clone(), self.opening(), self.sources()).await
    }

    /// The database with its keys and checkpoints, in folders of their own.
    pub fn opening(&self) -> Opening {
        Opening {
            database: self.database(),
            key_file: self.key_file(),
            checkpoint_file: self.checkpoint_file(),
            limits: self.limits,
            configuration_digest: String::new(),
        }
    }

    pub fn key_file(&self) -> PathBuf {
        self.folder.path().join("keys").join("checkpoint.keys")
    }

    pub fn checkpoint_file(&self) -> PathBuf {
        self.folder.path().join("state").join("checkpoints")
    }

    /// The clock as set; randomness that is the same in every run, and never the same twice in a place.
    fn sources(&self) -> Sources {
        let (clock, random) = (Arc::clone(&self.clock), Arc::clone(&self.random));
        Sources {
            clock: Clock::new(move || clock.load(Ordering::Relaxed)),
            fill: Box::new(move |bytes| {
                for chunk in bytes.chunks_mut(8) {
                    let number = scatter(random.fetch_add(1, Ordering::Relaxed));
                    chunk.copy_from_slice(&number.to_be_bytes()[..chunk.len()]);
                }
            }),
        }
    }
}

/// On free ports of this machine, for anyone.
fn hosting() -> Hosting {
    let anywhere = SocketAddr::from(([127, 0, 0, 1], 0));
    Hosting {
        addresses: Addresses {
            rpc: anywhere,
            http: Some(anywhere),
            tiles: Some(anywhere),
            admin: Some(anywhere),
        },
        access_file: None,
        tls: None,
        connection_count_max: 1024,
        welcome_max: DEADLINE,
        deadline_max: DEADLINE,
        pause_max: DEADLINE,
        stall_max: DEADLINE,
        is_traced: false,
    }
}

impl Server {
    pub async fn start() -> Self {
        Place::new().serve().await
    }

    pub fn channel(&self) -> Channel {
        self.channel.clone()
    }

    pub fn client(&self) -> Client {
        Client::new(self.channel())
    }

    pub async fn stop(self) -> Place {
        drop(self.channel);
        self.serving.stop().await.unwrap();
        self.place
    }

    pub async fn restart(self) -> Self {
        self.stop().await.serve().await
    }

    /// Waits, by watching the health, until it is as wanted.
    pub async fn until(&self, wanted: ServingStatus) {
        until(self.channel(), wanted).await;
    }

    pub async fn check(&self, request: pb::CheckRequest) -> Result<pb::Decision, Status> {
        check(self.client(), request).await
    }

    /// Asks all at once; answers in the order of the requests.
    pub async fn check_all(&self, requests: Vec<pb::CheckRequest>) -> Vec<Result<pb::Decision, Status>> {
        let asked = requests.into_iter().map(|request| check(self.client(), request));
        all(asked).await
    }

    /// Asks in one batch; what each request came to.
    pub async fn batch(&self, requests: Vec<pb::CheckRequest>) -> Result<Vec<Outcome>, Status> {
        batch(self.client(), requests).await
    }

    /// Records `count` decisions on devices `PC-0`, `PC-1`, ..., all at once.
    pub async fn record(&self, count: usize) -> Vec<pb::Decision> {
        let requests = (0..count).map(|index| typical(&format!("PC-{index}"))).collect();
        let answers = self.check_all(requests).await;
        answers.into_iter().map(Result::unwrap).collect()
    }

    pub async fn history(&self, request: pb::HistoryRequest) -> Result<pb::HistoryResponse, Status> {
        self.client().history(request).await.map(tonic::Response::into_inner)
    }

    /// Every page of a history, put together.
    pub async fn whole_history(&self, mut request: pb::HistoryRequest) -> Vec<pb::Decision> {
        let mut decisions = Vec::new();
        loop {
            let page = self.history(request.clone()).await.unwrap();
            decisions.extend(page.decisions);
            if page.next_page_token.is_empty() {
                return decisions;
            }
            request.page_token = page.next_page_token;
        }
    }

    pub async fn decision(&self, id: &str) -> Result<pb::Decision, Status> {
        let request = pb::GetDecisionRequest {
            decision_id: id.to_owned(),
        };
        let answer = self.client().get_decision(request).await?;
        Ok(answer.into_inner().decision.unwrap())
    }

    pub fn transparency(&self) -> TransparencyClient {
        TransparencyClient::new(self.channel())
    }

    /// The evidence bundle of a history.
    pub async fn export(&self, history: pb::HistoryRequest) -> Result<Vec<u8>, Status> {
        let history = Some(history);
        let mut chunks = self
            .transparency()
            .export(pb::ExportRequest { history })
            .await?
            .into_inner();
        let mut bundle = Vec::new();
        while let Some(response) = chunks.message().await? {
            bundle.extend(response.chunk);
        }
        Ok(bundle)
    }

    /// The checkpoint of a log as it is now: an export has it signed.
    pub async fn checkpoint(&self, log: Log) -> String {
        let nothing = pb::HistoryRequest {
            device_id: "none".to_owned(),
            ..pb::HistoryRequest::default()
        };
        self.export(nothing).await.unwrap();
        let log = match log {
            Log::Decisions => pb::Log::Decisions,
            Log::Operations => pb::Log::Operations,
        };
        let request = pb::GetCheckpointRequest { log: log.into() };
        self.transparency()
            .get_checkpoint(request)
            .await
            .unwrap()
            .into_inner()
            .checkpoint
    }

    pub async fn reproduce(&self, id: &str) -> Result<pb::ReproduceResponse, Status> {
        let request = pb::ReproduceRequest {
            decision_id: id.to_owned(),
        };
        self.client().reproduce(request).await.map(tonic::Response::into_inner)
    }
}

/// Waits, by watching the health of a server, until it is as wanted.
pub async fn until(channel: Channel, wanted: ServingStatus) {
    let mut client = HealthClient::new(channel);
    let watched = async {
        let mut states = client.watch(HealthCheckRequest::default()).await.unwrap().into_inner();
        while states.message().await.unwrap().unwrap().status() != wanted {}
    };
    tokio::time::timeout(DEADLINE, watched)
        .await
        .unwrap_or_else(|_| panic!("the health is not {wanted:?} in time"));
}

pub async fn check(mut client: Client, request: pb::CheckRequest) -> Result<pb::Decision, Status> {
    let answer = client.check(request).await?;
    Ok(answer.into_inner().decision.unwrap())
}

pub async fn batch(client: Client, requests: Vec<pb::CheckRequest>) -> Result<Vec<Outcome>, Status> {
    let mut client = client.max_decoding_message_size(BATCH_ANSWER_LEN_MAX);
    let answer = client.batch_check(pb::BatchCheckRequest { requests }).await?;
    Ok(answer.into_inner().results.into_iter().map(outcome).collect())
}

/// What one request of many came to.
pub fn outcome(result: pb::CheckResult) -> Outcome {
    match result.outcome.unwrap() {
        pb::check_result::Outcome::Decision(decision) => Ok(decision),
        pb::check_result::Outcome::Error(error) => Err(error),
    }
}

/// Runs all at once; results in the order of the futures.
pub async fn all<T: Send + 'static>(
    futures: impl IntoIterator<Item = impl Future<Output = T> + Send + 'static>,
) -> Vec<T> {
    let mut set = JoinSet::new();
    for (index, future) in futures.into_iter().enumerate() {
        set.spawn(async move { (index, future.await) });
    }
    let mut results = set.join_all().await;
    results.sort_unstable_by_key(|(index, _)| *index);
    results.into_iter().map(|(_, result)| result).collect()
}

/// A connection as any other program would make it.
pub async fn sql(database: &Path) -> SqliteConnection {
    let options = SqliteConnectOptions::new()
        .filename(database)
        .journal_mode(SqliteJournalMode::Wal);
    options.connect().await.unwrap()
}

/// One license, one product, permitted; without a request id.
pub fn typical(device: &str) -> pb::CheckRequest {
    let mut request = example("reimage-oem-windows-7-professional");
    request.request_id.clear();
    device.clone_into(&mut request.device.as_mut().unwrap().id);
    request
}

/// The typical request under a request id.
pub fn keyed(device: &str, request_id: &str) -> pb::CheckRequest {
    pb::CheckRequest {
        request_id: request_id.to_owned(),
        ..typical(device)
    }
}

pub fn example(name: &str) -> pb::CheckRequest {
    read_request(&Path::new("examples").join(format!("{name}.json")))
}

/// Every request under `examples`.
pub fn examples() -> Vec<pb::CheckRequest> {
    let mut paths: Vec<PathBuf> = fs::read_dir("examples")
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.is_file())
        .collect();
    paths.sort();
    assert!(!paths.is_empty());
    paths.iter().map(|path| read_request(path)).collect()
}

fn read_request(path: &Path) -> pb::CheckRequest {
    let text = fs::read_to_string(path).unwrap();
    serde_json::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The finalizer of `SplitMix64`: numbers that are counted come out as if drawn.
pub fn scatter(counted: u64) -> u64 {
    let mut number = counted.wrapping_add(1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    number = (number ^ (number >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    number = (number ^ (number >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    number ^ (number >> 31)
}
