//! The listeners that speak plain HTTP.

use std::{sync::Arc, time::Duration};

use axum::Router;
use hyper_util::{
    rt::{TokioIo, TokioTimer},
    service::TowerToHyperService,
};
use tokio::{
    net::TcpListener,
    sync::Semaphore,
    task::JoinHandle,
    time::{sleep, timeout},
};

/// Most connections to one listener at a time; more wait to be accepted.
const CONNECTION_COUNT_MAX: usize = 256;
/// How long the head of a request may take.
const HEAD_MAX: Duration = Duration::from_secs(10);
/// How long a connection is kept, whatever is asked on it.
const CONNECTION_MAX: Duration = Duration::from_mins(5);
/// How long nothing is accepted after that failed.
const PAUSE: Duration = Duration::from_millis(100);

/// Serves pages until the task is aborted: nobody is told there of anything that could be cut short.
pub(super) fn serve(listener: TcpListener, pages: Router) -> JoinHandle<()> {
    let places = Arc::new(Semaphore::new(CONNECTION_COUNT_MAX));
    tokio::spawn(async move {
        while let Ok(place) = Arc::clone(&places).acquire_owned().await {
            let stream = match listener.accept().await {
                Ok((stream, _)) => stream,
                Err(error) => {
                    tracing::warn!(%error, "a connection for HTTP could not be accepted");
                    sleep(PAUSE).await;
                    continue;
                }
            };
            let pages = TowerToHyperService::new(pages.clone());
            tokio::spawn(async move {
                let _place = place;
                let mut http = hyper::server::conn::http1::Builder::new();
                let serving = http
                    .timer(TokioTimer::new())
                    .header_read_timeout(HEAD_MAX)
                    .serve_connection(TokioIo::new(stream), pages);
                // Whoever breaks off, or takes too long, gets no more.
                let _ = timeout(CONNECTION_MAX, serving).await;
            });
        }
    })
}
