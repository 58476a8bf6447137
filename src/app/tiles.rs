//! The listener for those who follow the logs over HTTP.

use std::sync::Arc;

use tokio::{net::TcpListener, task::JoinHandle};

use crate::{service::Service, web};

/// Serves the trees of both logs until the task is aborted: nobody is told there of anything that could be cut short.
pub(super) fn serve(listener: TcpListener, service: Arc<Service>) -> JoinHandle<()> {
    tokio::spawn(async move {
        if let Err(error) = axum::serve(listener, web::router(service)).await {
            tracing::error!(%error, "the listener for those who follow the logs ended");
        }
    })
}
