//! What is served over HTTP/1.1: calls in JSON, and pages.

use std::{
    future::pending,
    io,
    pin::pin,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering::Relaxed},
    },
    time::Duration,
};

use axum::Router;
use http::Request;
use hyper::body::Incoming;
use hyper_util::{
    rt::{TokioIo, TokioTimer},
    server::graceful::{GracefulShutdown, Watcher},
    service::TowerToHyperService,
};
use tokio::{
    net::TcpListener,
    sync::watch,
    task::{JoinHandle, JoinSet},
    time::timeout,
};
use tokio_stream::{Stream, StreamExt as _};
use tonic::transport::server::Connected as _;
use tower::ServiceExt as _;

use super::listener::{self, Places};
use crate::tls::{Connection, Stay};

/// Most connections to one listener for pages at a time.
const PAGES_CONNECTION_COUNT_MAX: usize = 256;
/// Most bytes of the head of a request, as of a call's headers over gRPC.
const HEAD_LEN_MAX: usize = 16 * 1024;

/// How long the connections of a listener may take.
#[derive(Clone, Copy, Debug)]
pub(super) struct Times {
    /// From the beginning, or the last answer, until the head of the next request is there.
    pub(super) head_max: Duration,
    /// From the beginning to the end, whatever is asked on it.
    pub(super) connection_max: Duration,
}

/// For callers: who is let in may stay.
pub(super) const CALLS: Times = Times {
    head_max: Duration::from_mins(1),
    connection_max: Duration::MAX,
};
/// For those who read pages.
const PAGES: Times = Times {
    head_max: Duration::from_secs(10),
    connection_max: Duration::from_mins(5),
};

/// Serves a site until told to stop: then no new requests, and those under way are answered.
pub(super) async fn serve(
    connections: impl Stream<Item = io::Result<Connection>>,
    site: Router,
    times: Times,
    stop: impl Future<Output = ()>,
) {
    let stopping = GracefulShutdown::new();
    let (leave, left) = watch::channel(());
    let mut served = JoinSet::new();
    {
        let (mut connections, mut stop) = (pin!(connections), pin!(stop));
        loop {
            tokio::select! {
                connection = connections.next() => match connection {
                    Some(Ok(connection)) => {
                        let served_until = (stopping.watcher(), left.clone());
                        served.spawn(one(connection, site.clone(), times, served_until));
                    }
                    Some(Err(error)) => tracing::debug!(%error, "a connection for HTTP was not taken in"),
                    None => break,
                },
                Some(_) = served.join_next() => {}
                () = &mut stop => break,
            }
        }
    }
    drop(leave);
    stopping.shutdown().await;
}

/// Serves pages until the task is aborted: nobody is told there of anything that could be cut short.
pub(super) fn pages(listener: TcpListener, site: Router) -> JoinHandle<()> {
    let places = Places::new(PAGES_CONNECTION_COUNT_MAX);
    // Nobody is told to leave: the task just ends.
    let (stays, leaving) = watch::channel(());
    let stay = Stay {
        welcome_max: PAGES.head_max,
        leaving,
    };
    let connections = listener::incoming(listener, None, places, stay);
    // Nobody is asked who they are there: all are welcome.
    let connections = connections.map(|connection| connection.inspect(|one| one.connect_info().welcome.now()));
    tokio::spawn(async move {
        serve(connections, site, PAGES, pending()).await;
        drop(stays);
    })
}

/// Serves one connection to its end, or until all are to end.
async fn one(connection: Connection, site: Router, times: Times, until: (Watcher, watch::Receiver<()>)) {
    let (stopping, mut left) = until;
    let peer = connection.connect_info();
    let has_begun = Arc::new(AtomicBool::new(false));
    let begun = Arc::clone(&has_begun);
    let site = site.map_request(move |mut request: Request<Incoming>| {
        begun.store(true, Relaxed);
        request.extensions_mut().insert(peer.clone());
        request
    });
    let mut http = hyper::server::conn::http1::Builder::new();
    let serving = http
        .timer(TokioTimer::new())
        .header_read_timeout(times.head_max)
        .max_buf_size(HEAD_LEN_MAX)
        .serve_connection(TokioIo::new(connection), TowerToHyperService::new(site));
    let serving = timeout(times.connection_max, stopping.watch(serving));
    // A connection that has not come to the end of its first head would be waited for as one with a request under way.
    let leaving = async {
        while left.changed().await.is_ok() {}
        if has_begun.load(Relaxed) {
            pending::<()>().await;
        }
    };
    tokio::select! {
        biased;
        // Whoever breaks off, or takes too long, gets no more.
        _ = serving => {}
        () = leaving => {}
    }
}
