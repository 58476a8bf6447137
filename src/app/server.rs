//! The gRPC server: the service, health and reflection on whatever connections come.

use std::{sync::Arc, time::Duration};

use tokio::{
    io::{AsyncRead, AsyncWrite},
    sync::watch,
};
use tokio_stream::{Stream, StreamExt as _};
use tonic::{
    server::NamedService as _,
    transport::{Server, server::Connected},
};
use tonic_health::server::{HealthReporter, health_reporter};

use super::{gathered::Gathered, health};
use crate::{
    door::{Door, MESSAGE_LEN_MAX},
    rpc::{Behind, Eligibility, Transparency},
    service::{Recording, Service},
    wire::{
        pb::{self, transparency_service_server::TransparencyServiceServer},
        served::EligibilityServiceServer,
    },
};

/// Most bytes of a question to health or reflection, which is a name.
const QUESTION_LEN_MAX: usize = 16 * 1024;
/// Concurrent calls on one connection.
const STREAM_COUNT_MAX: u32 = 1024;
/// Bytes of one call that are read ahead of the service. Small, so that many little requests of a stream that waits for room are few enough for the
/// transport, which takes a flood of small unread pieces for an attack.
const CALL_WINDOW_LEN: u32 = 64 * 1024;
/// Bytes of all calls of a connection that are read ahead.
const CONNECTION_WINDOW_LEN: u32 = 4 * 1024 * 1024;
/// How long a silent connection is kept before it is asked whether anybody is there.
const KEEPALIVE: Duration = Duration::from_mins(1);
/// How long it may take to say so.
const KEEPALIVE_ANSWER_MAX: Duration = Duration::from_secs(20);
/// Most bytes of a call's headers: a JWT with many claims fits.
const HEADERS_LEN_MAX: u32 = 16 * 1024;

/// Serves the use cases behind `door` on the connections of `incoming` until `stop` resolves: then no new calls, and waiting ones are answered.
pub async fn run<I, S>(
    service: &Arc<Service>,
    recording: watch::Receiver<Recording>,
    door: Door,
    incoming: I,
    stop: impl Future<Output = ()> + Send + 'static,
) -> anyhow::Result<()>
where
    I: Stream<Item = std::io::Result<S>> + Send + 'static,
    S: AsyncRead + AsyncWrite + Connected + Unpin + Send + 'static,
{
    let (reporter, health_service) = health_reporter();
    let watching = tokio::spawn(health::follow(reporter.clone(), recording));
    let eligibility =
        EligibilityServiceServer::new(Eligibility::new(Arc::clone(service))).max_decoding_message_size(MESSAGE_LEN_MAX);
    let transparency = TransparencyServiceServer::new(Transparency::new(Arc::clone(service)))
        .max_decoding_message_size(MESSAGE_LEN_MAX);
    let reflection = || {
        tonic_reflection::server::Builder::configure()
            .register_encoded_file_descriptor_set(tonic_health::pb::FILE_DESCRIPTOR_SET)
            // So that clients which learn the schema here can read the details of errors.
            .register_encoded_file_descriptor_set(tonic_types::pb::FILE_DESCRIPTOR_SET)
            // Last, since of two files that hold `google.rpc.Status` clients shall be given the one that our own import.
            .register_encoded_file_descriptor_set(pb::DESCRIPTORS)
    };
    let stop = stopping(stop, Arc::clone(service), reporter, watching.abort_handle());
    let served = Server::builder()
        .max_concurrent_streams(STREAM_COUNT_MAX)
        .initial_stream_window_size(CALL_WINDOW_LEN)
        .initial_connection_window_size(CONNECTION_WINDOW_LEN)
        .http2_keepalive_interval(Some(KEEPALIVE))
        .http2_keepalive_timeout(Some(KEEPALIVE_ANSWER_MAX))
        .http2_max_header_list_size(HEADERS_LEN_MAX)
        .layer(Behind::new(door))
        .add_service(eligibility)
        .add_service(transparency)
        .add_service(health_service.max_decoding_message_size(QUESTION_LEN_MAX))
        .add_service(reflection().build_v1()?.max_decoding_message_size(QUESTION_LEN_MAX))
        .add_service(
            reflection()
                .build_v1alpha()?
                .max_decoding_message_size(QUESTION_LEN_MAX),
        )
        .serve_with_incoming_shutdown(incoming.map(|connection| connection.map(Gathered::new)), stop)
        .await;
    watching.abort();
    Ok(served?)
}

/// Says that the service is going before it goes; streams, which could go on for ever, are told to end.
async fn stopping(
    stop: impl Future<Output = ()>,
    service: Arc<Service>,
    reporter: HealthReporter,
    watching: tokio::task::AbortHandle,
) {
    stop.await;
    service.end_streams();
    watching.abort();
    health::leave(reporter).await;
}

/// Name of the service as health and reflection know it.
pub const SERVICE_NAME: &str = EligibilityServiceServer::<Eligibility>::NAME;
