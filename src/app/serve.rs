//! `serve`: a server on a socket, until it is told to stop.

use std::{io, net::SocketAddr, sync::Arc, time::Duration};

use anyhow::Context as _;
use tokio::{net::TcpListener, sync::oneshot, task::JoinHandle};
use tonic::transport::server::TcpIncoming;

use super::{Engine, Opening, server, sources, tiles};
use crate::{
    config::Settings,
    service::{Counters, Sources},
};

/// How long calls under way may take after the server was told to stop.
const GRACE: Duration = Duration::from_secs(10);

/// Where a server listens; port 0 takes a free one.
#[derive(Clone, Copy, Debug)]
pub struct Addresses {
    /// For calls.
    pub rpc: SocketAddr,
    /// For those who follow the logs over HTTP, if they are served.
    pub tiles: Option<SocketAddr>,
}

/// A server on a socket.
#[derive(Debug)]
pub struct Serving {
    /// Where it listens.
    pub address: SocketAddr,
    /// Where those who follow the logs over HTTP are served, if they are.
    pub tiles_address: Option<SocketAddr>,
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

/// Serves until told to stop.
///
/// # Errors
///
/// When the settings do not allow it, the address is taken, or the database cannot be opened or written.
pub async fn serve(settings: Settings) -> anyhow::Result<()> {
    let address = settings.permitted_listen()?;
    let mut told = signals()?;
    let database = settings.database.value.path().to_owned();
    let addresses = Addresses {
        rpc: address,
        tiles: settings.tiles_listen.value,
    };
    let serving = start(addresses, Opening::of(&settings, database)?, sources()).await?;
    tracing::info!(address = %serving.address, database = %settings.database.value, "serving");
    if let Some(address) = serving.tiles_address {
        tracing::info!(%address, "the logs can be followed over HTTP here");
    }
    if !address.ip().is_loopback() {
        tracing::warn!("callers are not authenticated: whoever reaches `{address}` can decide and read");
    }
    let Serving { stop, mut task, .. } = serving;
    tokio::select! {
        () = told.recv() => {}
        ended = &mut task => return ended.context("the server ended out of order")?,
    }
    tracing::info!("stopping: no new calls, waiting ones are answered");
    let _ = stop.send(());
    let ended = task.await.context("the server ended out of order")?;
    tracing::info!("stopped");
    ended
}

/// Starts a server.
///
/// # Errors
///
/// When an address is taken, or the database cannot be opened or written.
pub async fn start(addresses: Addresses, opening: Opening, sources: Sources) -> anyhow::Result<Serving> {
    let (listener, address) = bind(addresses.rpc, "--listen").await?;
    let tiles_listener = match addresses.tiles {
        Some(tiles) => Some(bind(tiles, "--tiles-listen").await?),
        None => None,
    };
    let engine = Engine::open(opening, sources).await?;
    engine.announce(&format!("http://{address}"));
    let (page_limit, counters) = (engine.page_limit.clone(), Arc::clone(&engine.counters));
    let tiles_address = tiles_listener.as_ref().map(|(_, address)| *address);
    let tiles = tiles_listener.map(|(listener, _)| tiles::serve(listener, Arc::clone(&engine.service)));
    let (stop, stopped) = oneshot::channel();
    let task = tokio::spawn(async move {
        let served = run(&engine, listener, stopped).await;
        if let Some(tiles) = tiles {
            tiles.abort();
        }
        engine.close().await;
        served
    });
    Ok(Serving {
        address,
        tiles_address,
        counters,
        page_limit,
        stop,
        task,
    })
}

async fn bind(address: SocketAddr, flag: &str) -> anyhow::Result<(TcpListener, SocketAddr)> {
    let listener = TcpListener::bind(address)
        .await
        .with_context(|| format!("cannot listen on `{address}`; stop what listens there, or give another `{flag}`"))?;
    let address = listener.local_addr().context("the socket has no address")?;
    Ok((listener, address))
}

/// Runs until stopped; calls that go on forever, such as watches of the health, are cut off after a while.
async fn run(engine: &Engine, listener: TcpListener, stopped: oneshot::Receiver<()>) -> anyhow::Result<()> {
    let (leave, left) = oneshot::channel::<()>();
    let stop = async move {
        // A handle that was dropped wants the server gone as well.
        let _ = stopped.await;
        drop(leave);
    };
    let serving = server::run(engine, TcpIncoming::from(listener).with_nodelay(Some(true)), stop);
    tokio::select! {
        ended = serving => ended,
        () = async { let _ = left.await; tokio::time::sleep(GRACE).await; } => {
            tracing::warn!("calls under way were cut off after {} s", GRACE.as_secs());
            Ok(())
        }
    }
}

struct Told {
    terminate: tokio::signal::unix::Signal,
    interrupt: tokio::signal::unix::Signal,
}

impl Told {
    async fn recv(&mut self) {
        tokio::select! {
            _ = self.terminate.recv() => {}
            _ = self.interrupt.recv() => {}
        }
    }
}

fn signals() -> io::Result<Told> {
    use tokio::signal::unix::{SignalKind, signal};
    Ok(Told {
        terminate: signal(SignalKind::terminate())?,
        interrupt: signal(SignalKind::interrupt())?,
    })
}
