//! gRPC health: SERVING only while a decision can be recorded and synced.

use tokio::sync::watch;
use tonic_health::{ServingStatus, server::HealthReporter};

use super::server::SERVICE_NAME;
use crate::service::Recording;

/// The server as a whole, which health knows by the empty name.
const SERVER: &str = "";

/// Reports whether decisions can be recorded, now and whenever that changes.
pub async fn follow(reporter: HealthReporter, mut recording: watch::Receiver<Recording>) {
    loop {
        let status = match *recording.borrow_and_update() {
            Recording::Ready => ServingStatus::Serving,
            Recording::Failing => ServingStatus::NotServing,
        };
        report(&reporter, status).await;
        if recording.changed().await.is_err() {
            return leave(reporter).await;
        }
    }
}

/// Reports that the service is gone.
pub async fn leave(reporter: HealthReporter) {
    report(&reporter, ServingStatus::NotServing).await;
}

async fn report(reporter: &HealthReporter, status: ServingStatus) {
    reporter.set_service_status(SERVER, status).await;
    reporter.set_service_status(SERVICE_NAME, status).await;
}
