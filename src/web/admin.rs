//! For those who watch the service: `/metrics` in the format of `OpenMetrics`, `/healthz` while the process lives, `/readyz` while decisions can be
//! recorded. Numbers only: nothing here tells what is in a request or a record.

use std::sync::Arc;

use axum::{
    Router,
    extract::State,
    http::{StatusCode, header},
    response::{IntoResponse, Response},
    routing::get,
};
use prometheus_client::{encoding::text::encode, registry::Registry};
use tokio::sync::watch;

use crate::service::Recording;

const OPEN_METRICS: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

/// What is watched.
#[derive(Clone, Debug)]
pub struct Watched {
    /// The numbers.
    pub registry: Arc<Registry>,
    /// Whether decisions can be recorded.
    pub recording: watch::Receiver<Recording>,
}

/// The pages for those who watch.
pub fn router(watched: Watched) -> Router {
    Router::new()
        .route("/metrics", get(metrics))
        .route("/healthz", get(async || "alive\n"))
        .route("/readyz", get(ready))
        .fallback(async || {
            let text = "there is nothing here; ask for `/metrics`, `/healthz` or `/readyz`\n";
            (StatusCode::NOT_FOUND, text)
        })
        .with_state(watched)
}

async fn metrics(State(watched): State<Watched>) -> Response {
    let mut text = String::new();
    match encode(&mut text, &watched.registry) {
        Ok(()) => ([(header::CONTENT_TYPE, OPEN_METRICS)], text).into_response(),
        Err(error) => {
            tracing::error!(%error, "the metrics have no text");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}

async fn ready(State(watched): State<Watched>) -> Response {
    match Recording::now(&watched.recording) {
        Recording::Ready => "ready\n".into_response(),
        Recording::Failing => {
            let text = "decisions cannot be recorded; the service's log says why\n";
            (StatusCode::SERVICE_UNAVAILABLE, text).into_response()
        }
    }
}
