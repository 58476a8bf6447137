//! `serve`: a server on a socket, until it is told to stop.

use std::{io, net::SocketAddr, sync::Arc, time::Duration};

use anyhow::Context as _;
use tokio::{
    sync::{oneshot, watch},
    task::JoinHandle,
};
use tokio_stream::Stream;

use super::{
    Engine, Hosting, Opening,
    network::{self, Listeners, Network, Trust},
    server,
    signals::Signals,
    sources, web,
};
use crate::{
    config::Settings,
    service::{Counters, Sources},
    tls::Connection,
};

/// How long calls under way may take after the server was told to stop.
const GRACE: Duration = Duration::from_secs(10);

/// A server on a socket.
#[derive(Debug)]
pub struct Serving {
    /// Where it listens.
    pub address: SocketAddr,
    /// Where calls are taken over HTTP, if they are.
    pub http_address: Option<SocketAddr>,
    /// Where those who follow the logs over HTTP are served, if they are.
    pub tiles_address: Option<SocketAddr>,
    /// Where those who watch the service over HTTP are served, if they are.
    pub admin_address: Option<SocketAddr>,
    /// What it did so far, in numbers.
    pub counters: Arc<Counters>,
    /// How large its database may grow.
    pub page_limit: crate::store::PageLimit,
    stop: oneshot::Sender<()>,
    task: JoinHandle<anyhow::Result<()>>,
}

impl Serving {
    /// Stops gracefully: no new calls, waiting ones are answered, the database is closed.
    ///
    /// # Errors
    ///
    /// When the server failed.
    pub async fn stop(self) -> anyhow::Result<()> {
        // A server that failed has gone without being told to.
        let _ = self.stop.send(());
        self.task.await.context("the server ended out of order")?
    }
}

/// Serves until told to stop; told once more, it waits for nothing.
///
/// # Errors
///
/// When the settings do not allow it, the address is taken, or the database cannot be opened or written.
pub async fn serve(settings: Settings) -> anyhow::Result<()> {
    let hosting = Hosting::of(&settings)?;
    let mut told = Signals::hear()?;
    // Each connection takes a descriptor, and shells give out few. Where more are not to be had, the log says so once they run out.
    let _ = rlimit::increase_nofile_limit(u64::MAX);
    let database = settings.database.value.path().to_owned();
    let (has_tls, knows_callers) = (hosting.tls.is_some(), hosting.access_file.is_some());
    let serving = start(hosting, Opening::of(&settings, database)?, sources()).await?;
    tracing::info!(address = %serving.address, database = %settings.database.value, tls = has_tls, authentication = knows_callers, "serving");
    if let Some(address) = serving.http_address {
        tracing::info!(%address, tls = has_tls, "calls are taken over HTTP here");
    }
    if let Some(address) = serving.tiles_address {
        tracing::info!(%address, "the logs can be followed over HTTP here");
    }
    if let Some(address) = serving.admin_address {
        tracing::info!(%address, "the service can be watched over HTTP here");
    }
    for address in [serving.tiles_address, serving.admin_address].into_iter().flatten() {
        if !address.ip().is_loopback() {
            tracing::warn!(
                "whoever reaches `{address}` may read there without credentials: let those only who are meant to"
            );
        }
    }
    for address in [Some(serving.address), serving.http_address].into_iter().flatten() {
        if address.ip().is_loopback() || (has_tls && knows_callers) {
            continue;
        }
        tracing::warn!("`insecure` is set: whoever reaches `{address}` may read what goes by, or ask and decide");
    }
    let Serving { stop, mut task, .. } = serving;
    tokio::select! {
        _ = told.next() => {}
        ended = &mut task => return ended.context("the server ended out of order")?,
    }
    tracing::info!("stopping: no new calls, waiting ones are answered; told once more, it ends at once");
    let _ = stop.send(());
    let ended = tokio::select! {
        ended = task => ended.context("the server ended out of order")?,
        // A disk that does not answer can be waited for without end.
        _ = told.next() => anyhow::bail!("told twice to stop, it ended at once; what was acknowledged is recorded, calls under way got no answer"),
    };
    tracing::info!("stopped");
    ended
}

/// Starts a server.
///
/// # Errors
///
/// When an address is taken, or the database or another file cannot be opened or written.
pub async fn start(hosting: Hosting, opening: Opening, sources: Sources) -> anyhow::Result<Serving> {
    let trust = Trust::load(&hosting)?;
    let listeners = Listeners::bind(&hosting).await?;
    let engine = Engine::open(opening, sources).await?;
    let address = listeners.rpc_address;
    engine.announce(&trust.url(address));
    if let Some(expired) = trust.expires().filter(|expires| *expires <= engine.clock.now()) {
        tracing::error!(%expired, "the server's certificate has expired, so that clients refuse it; replace its files, they are read again");
    }
    let (http_address, tiles_address, admin_address) =
        (listeners.http_address, listeners.tiles_address, listeners.admin_address);
    let (page_limit, counters) = (engine.page_limit.clone(), Arc::clone(&engine.counters));
    let (stop, stopped) = oneshot::channel();
    let task = tokio::spawn(async move {
        let (leave, left) = watch::channel(());
        let network = network::open(&engine, listeners, trust, &hosting, &left);
        let served = run(&engine, network, stopped, (leave, left)).await;
        engine.close().await;
        served
    });
    Ok(Serving {
        address,
        http_address,
        tiles_address,
        admin_address,
        counters,
        page_limit,
        stop,
        task,
    })
}

/// Runs until stopped; calls that go on forever, such as watches of the health, are cut off after a while.
async fn run(
    engine: &Engine,
    network: Network<impl Stream<Item = io::Result<Connection>> + Send + 'static>,
    stopped: oneshot::Receiver<()>,
    (leave, left): (watch::Sender<()>, watch::Receiver<()>),
) -> anyhow::Result<()> {
    let Network {
        door,
        rpc,
        http,
        tasks: _beside,
    } = network;
    let stop = async move {
        // A handle that was dropped wants the server gone as well.
        let _ = stopped.await;
        drop(leave);
    };
    // Told once the sender is dropped.
    let told = |mut left: watch::Receiver<()>| async move { while left.changed().await.is_ok() {} };
    let over_http = async {
        if let Some((connections, site)) = http {
            web::serve(connections, site, web::CALLS, told(left.clone())).await;
        }
    };
    let serving = async {
        let (ended, ()) = tokio::join!(
            server::run(&engine.service, engine.recording.clone(), door, rpc, stop),
            over_http
        );
        ended
    };
    tokio::select! {
        ended = serving => ended,
        () = async { told(left.clone()).await; tokio::time::sleep(GRACE).await; } => {
            tracing::warn!("calls under way were cut off after {} s", GRACE.as_secs());
            Ok(())
        }
    }
}
