//! The listeners that speak plain HTTP.

use axum::Router;
use tokio::{net::TcpListener, task::JoinHandle};

/// Serves pages until the task is aborted: nobody is told there of anything that could be cut short.
pub(super) fn serve(listener: TcpListener, pages: Router) -> JoinHandle<()> {
    tokio::spawn(async move {
        if let Err(error) = axum::serve(listener, pages).await {
            tracing::error!(%error, "a listener for HTTP ended");
        }
    })
}
