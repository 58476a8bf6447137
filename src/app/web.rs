//! What is served over HTTP/1.1: calls in JSON, and pages.

use std::{future::pending, io, pin::pin, time::Duration};

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
    task::{JoinHandle, JoinSet},
    time::timeout,
};
use tokio_stream::{Stream, StreamExt as _};
use tonic::transport::server::Connected as _;
use tower::ServiceExt as _;

use super::listener::{self, Places};
use crate::tls::Connection;

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
    let mut served = JoinSet::new();
    {
        let (mut connections, mut stop) = (pin!(connections), pin!(stop));
        loop {
            tokio::select! {
                connection = connections.next() => match connection {
                    Some(Ok(connection)) => drop(served.spawn(one(connection, site.clone(), times, stopping.watcher()))),
                    Some(Err(error)) => tracing::debug!(%error, "a connection for HTTP was not taken in"),
                    None => break,
                },
                Some(_) = served.join_next() => {}
                () = &mut stop => break,
            }
        }
    }
    stopping.shutdown().await;
}

/// Serves pages until the task is aborted: nobody is told there of anything that could be cut short.
pub(super) fn pages(listener: TcpListener, site: Router) -> JoinHandle<()> {
    let places = Places::new(PAGES_CONNECTION_COUNT_MAX);
    let connections = listener::incoming(listener, None, places, PAGES.head_max);
    // Nobody is asked who they are there: all are welcome.
    let connections = connections.map(|connection| connection.inspect(|one| one.connect_info().welcome.now()));
    tokio::spawn(serve(connections, site, PAGES, pending()))
}

/// Serves one connection to its end.
async fn one(connection: Connection, site: Router, times: Times, stopping: Watcher) {
    let peer = connection.connect_info();
    let site = site.map_request(move |mut request: Request<Incoming>| {
        request.extensions_mut().insert(peer.clone());
        request
    });
    let mut http = hyper::server::conn::http1::Builder::new();
    let serving = http
        .timer(TokioTimer::new())
        .header_read_timeout(times.head_max)
        .max_buf_size(HEAD_LEN_MAX)
        .serve_connection(TokioIo::new(connection), TowerToHyperService::new(site));
    // Whoever breaks off, or takes too long, gets no more.
    let _ = timeout(times.connection_max, stopping.watch(serving)).await;
}
