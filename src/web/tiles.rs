//! The logs as C2SP tlog-tiles has them, for monitors: `/decisions/checkpoint`, `/decisions/tile/...`, and the same of `/operations`.
//!
//! Hashes and signatures only: nothing here tells what is in a record.

use std::sync::Arc;

use axum::{
    Router,
    extract::{Path, State},
    http::{StatusCode, header},
    response::{IntoResponse, Response},
    routing::get,
};

use crate::{
    audit::{Log, TilePath},
    service::{Service, ServiceError},
};

/// The hashes under one path never change; a checkpoint is soon replaced.
const FOR_EVER: &str = "public, max-age=31536000, immutable";
const NOT_FOR_LONG: &str = "no-cache";

/// The read API over the logs of `service`.
pub fn router(service: Arc<Service>) -> Router {
    Router::new()
        .route("/{log}/checkpoint", get(checkpoint))
        .route("/{log}/{*path}", get(tile))
        .fallback(async || missing("there is nothing here; ask for `/decisions/checkpoint` or `/decisions/tile/0/000`"))
        .with_state(service)
}

async fn checkpoint(State(service): State<Arc<Service>>, Path(log): Path<String>) -> Response {
    let Some(log) = Log::parse(&log) else {
        return no_log(&log);
    };
    match service.last_note(log).await {
        Ok(note) => {
            let headers = [
                (header::CONTENT_TYPE, "text/plain; charset=utf-8"),
                (header::CACHE_CONTROL, NOT_FOR_LONG),
            ];
            (headers, note).into_response()
        }
        Err(error) => failed(&error),
    }
}

async fn tile(State(service): State<Arc<Service>>, Path((log, path)): Path<(String, String)>) -> Response {
    let Some(log) = Log::parse(&log) else {
        return no_log(&log);
    };
    let path: TilePath = match path.parse() {
        Ok(path) => path,
        Err(error) => return missing(&format!("{error}")),
    };
    match service.tile(log, path).await {
        Ok(Some(hashes)) => {
            let headers = [
                (header::CONTENT_TYPE, "application/octet-stream"),
                (header::CACHE_CONTROL, FOR_EVER),
            ];
            (headers, hashes).into_response()
        }
        Ok(None) => missing("the log has no such tile, or not yet that much of it"),
        Err(error) => failed(&error),
    }
}

fn no_log(name: &str) -> Response {
    missing(&format!(
        "there is no log `{name}`; there are `decisions` and `operations`"
    ))
}

fn missing(why: &str) -> Response {
    (StatusCode::NOT_FOUND, format!("{why}\n")).into_response()
}

fn failed(error: &ServiceError) -> Response {
    let code = match error {
        ServiceError::Unsigned(_) => StatusCode::NOT_FOUND,
        _ => StatusCode::SERVICE_UNAVAILABLE,
    };
    (code, format!("{error}\n")).into_response()
}
