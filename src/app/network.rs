//! A server's place on the network: its listeners, who is let in, and what is kept as its files are.

use std::{
    net::{IpAddr, SocketAddr},
    sync::Arc,
};

use anyhow::Context as _;
use arc_swap::ArcSwap;
use axum::Router;
use jiff::Timestamp;
use tokio::{net::TcpListener, sync::watch, task::JoinHandle};
use tokio_stream::Stream;

use super::{
    Engine, Hosting,
    listener::{self, Places},
    metrics::{self, OfFile, ReloadFailures},
    reload, web,
};
use crate::{
    access::{AccessError, Gate},
    door::{Admission, Door, Meter, Terms},
    tls::{Connection, Identity, Speech, Stay, TlsError},
    web as pages,
};

/// The listeners of a server, bound before anything else is done.
pub(super) struct Listeners {
    rpc: TcpListener,
    http: Option<TcpListener>,
    tiles: Option<TcpListener>,
    admin: Option<TcpListener>,
    pub(super) rpc_address: SocketAddr,
    pub(super) http_address: Option<SocketAddr>,
    pub(super) tiles_address: Option<SocketAddr>,
    pub(super) admin_address: Option<SocketAddr>,
}

impl Listeners {
    /// Takes the addresses.
    pub(super) async fn bind(hosting: &Hosting) -> anyhow::Result<Self> {
        let addresses = hosting.addresses;
        let (rpc, rpc_address) = bind(addresses.rpc, "--listen").await?;
        let (http, http_address) = bind_some(addresses.http, "--http-listen").await?;
        let (tiles, tiles_address) = bind_some(addresses.tiles, "--tiles-listen").await?;
        let (admin, admin_address) = bind_some(addresses.admin, "--admin-listen").await?;
        Ok(Self {
            rpc,
            http,
            tiles,
            admin,
            rpc_address,
            http_address,
            tiles_address,
            admin_address,
        })
    }
}

/// Who is let in and how, read from its files.
pub(super) struct Trust {
    gate: Option<Arc<ArcSwap<Gate>>>,
    tls: Option<Arc<ArcSwap<Identity>>>,
}

impl Trust {
    /// Reads the files.
    pub(super) fn load(hosting: &Hosting) -> anyhow::Result<Self> {
        let gate = hosting.access_file.as_deref().map(Gate::load).transpose()?;
        let tls = hosting.tls.as_ref().map(Identity::load).transpose()?;
        let kept = |gate| Arc::new(ArcSwap::from_pointee(gate));
        Ok(Self {
            gate: gate.map(kept),
            tls: tls.map(|tls| Arc::new(ArcSwap::from_pointee(tls))),
        })
    }

    /// The URL under which this server is reached on its own machine.
    pub(super) fn url(&self, address: SocketAddr) -> String {
        let port = address.port();
        match (&self.tls, address.ip()) {
            // Names are what certificates are on.
            (Some(_), ip) if ip.is_unspecified() || ip.is_loopback() => format!("https://localhost:{port}"),
            (Some(_), _) => format!("https://{address}"),
            (None, IpAddr::V4(ip)) if ip.is_unspecified() => format!("http://127.0.0.1:{port}"),
            (None, IpAddr::V6(ip)) if ip.is_unspecified() => format!("http://[::1]:{port}"),
            (None, _) => format!("http://{address}"),
        }
    }

    /// When the certificate ends, if there is one.
    pub(super) fn expires(&self) -> Option<Timestamp> {
        self.tls.as_ref().map(|tls| tls.load().expires)
    }
}

/// Tasks that end with the server.
pub(super) struct Tasks(Vec<JoinHandle<()>>);

impl Drop for Tasks {
    fn drop(&mut self) {
        self.0.iter().for_each(JoinHandle::abort);
    }
}

/// A service on the network.
pub(super) struct Network<C> {
    /// The door for its calls.
    pub(super) door: Door,
    /// Connections for calls over gRPC.
    pub(super) rpc: C,
    /// Connections for calls over HTTP, and what answers them, if they are taken.
    pub(super) http: Option<(C, Router)>,
    /// What goes on beside.
    pub(super) tasks: Tasks,
}

/// Puts an engine on the network, until the sender of `leaving` goes.
pub(super) fn open(
    engine: &Engine,
    listeners: Listeners,
    trust: Trust,
    hosting: &Hosting,
    leaving: &watch::Receiver<()>,
) -> Network<impl Stream<Item = std::io::Result<Connection>> + use<>> {
    let meter = Arc::<Meter>::default();
    let places = Places::new(hosting.connection_count_max);
    let failures = ReloadFailures::default();
    let registry = metrics::registry(engine, &meter, &places, trust.tls.as_ref(), &failures);
    let mut tasks = follow(&trust, hosting, &failures);
    if let Some(listener) = listeners.tiles {
        tasks.push(web::pages(listener, pages::tiles(Arc::clone(&engine.service))));
    }
    if let Some(listener) = listeners.admin {
        let watched = pages::Watched {
            registry: Arc::new(registry),
            recording: engine.recording.clone(),
        };
        tasks.push(web::pages(listener, pages::admin(watched)));
    }
    let door = Door::new(Terms {
        admission: trust.gate.map_or(Admission::Anyone, Admission::Known),
        pace: engine.service.pace().clone(),
        deadline_max: hosting.deadline_max,
        pause_max: hosting.pause_max,
        stall_max: hosting.stall_max,
        is_traced: hosting.is_traced,
        meter,
        busy: engine.counters.busy.clone(),
        clock: engine.clock.clone(),
    });
    // Both kinds of calls share the places.
    let connections = |listener, speech| {
        let greeting = trust.tls.clone().map(|tls| (tls, speech));
        let stay = Stay {
            welcome_max: hosting.welcome_max,
            leaving: leaving.clone(),
        };
        listener::incoming(listener, greeting, Arc::clone(&places), stay)
    };
    let calls = |listener| {
        let site = pages::calls(Arc::clone(&engine.service), &door);
        (connections(listener, Speech::Http1), site)
    };
    Network {
        rpc: connections(listeners.rpc, Speech::Http2),
        http: listeners.http.map(calls),
        door,
        tasks: Tasks(tasks),
    }
}

/// Keeps what was read from files as they are.
fn follow(trust: &Trust, hosting: &Hosting, failures: &ReloadFailures) -> Vec<JoinHandle<()>> {
    let failed = |file| failures.get_or_create_owned(&OfFile { file });
    let mut tasks = Vec::new();
    if let (Some(gate), Some(path)) = (&trust.gate, hosting.access_file.clone()) {
        let source = reload::Source::<Gate, AccessError> {
            what: "the access file",
            files: Box::new(|gate| gate.files().to_vec()),
            load: Box::new(move || Gate::load(&path)),
            failures: failed("access"),
        };
        tasks.push(reload::follow(Arc::clone(gate), source));
    }
    if let (Some(identity), Some(files)) = (&trust.tls, hosting.tls.clone()) {
        let named = files.clone();
        let source = reload::Source::<Identity, TlsError> {
            what: "the server's certificate",
            files: Box::new(move |_| named.all()),
            load: Box::new(move || Identity::load(&files)),
            failures: failed("tls"),
        };
        tasks.push(reload::follow(Arc::clone(identity), source));
    }
    tasks
}

async fn bind(address: SocketAddr, flag: &str) -> anyhow::Result<(TcpListener, SocketAddr)> {
    let listener = TcpListener::bind(address)
        .await
        .with_context(|| format!("cannot listen on `{address}`; stop what listens there, or give another `{flag}`"))?;
    let address = listener.local_addr().context("the socket has no address")?;
    Ok((listener, address))
}

async fn bind_some(
    address: Option<SocketAddr>,
    flag: &str,
) -> anyhow::Result<(Option<TcpListener>, Option<SocketAddr>)> {
    match address {
        Some(address) => {
            let (listener, address) = bind(address, flag).await?;
            Ok((Some(listener), Some(address)))
        }
        None => Ok((None, None)),
    }
}
