//! What those see who watch the service: numbers, its state, and traces.

use std::{collections::BTreeSet, fs};

use opentelemetry_proto::tonic::collector::trace::v1::{
    ExportTraceServiceRequest, ExportTraceServiceResponse,
    trace_service_server::{TraceService, TraceServiceServer},
};
use reimage_rights::audit::hexadecimal;
use tokio::sync::mpsc;
use tonic::{Request, Response, Status, transport::server::TcpIncoming};
use tonic_health::pb::health_check_response::ServingStatus::{NotServing, Serving};

use crate::support::{
    http,
    process::Process,
    server::{DEADLINE, Place, Server, typical},
};

impl Server {
    /// The numbers as they are now.
    pub async fn metrics(&self) -> String {
        let (head, body) = self.watch("/metrics").await;
        assert!(
            head.starts_with("HTTP/1.1 200 ") && head.contains("application/openmetrics-text"),
            "{head}"
        );
        body
    }

    /// Transactions so far that recorded decisions.
    pub async fn transactions(&self) -> u64 {
        let metrics = self.metrics().await;
        let series = "reimage_rights_batch_length_count ";
        let count = metrics.lines().find_map(|line| line.strip_prefix(series));
        count.unwrap().parse().unwrap()
    }

    /// A page for those who watch: its head and its body.
    async fn watch(&self, path: &str) -> (String, String) {
        let (head, body) = http::get(self.serving.admin_address.unwrap(), path).await;
        (head, String::from_utf8(body).unwrap())
    }
}

/// The value of a series.
fn value(metrics: &str, series: &str) -> Option<f64> {
    let lines = metrics.lines().filter_map(|line| line.strip_prefix(series));
    lines
        .filter_map(|rest| rest.strip_prefix(' '))
        .find_map(|value| value.parse().ok())
}

#[tokio::test]
async fn the_numbers_are_those_that_are_documented_and_tell_what_happened() {
    let server = Server::start().await;
    server.record(3).await;
    server
        .check(reimage_rights::wire::pb::CheckRequest::default())
        .await
        .unwrap_err();
    let metrics = server.metrics().await;
    let of = |series: &str| value(&metrics, &format!("reimage_rights_{series}"));
    assert_eq!(of("decisions_total{verdict=\"PERMITTED\"}"), Some(3.0), "{metrics}");
    assert_eq!(of("decisions_total{verdict=\"INDETERMINATE\"}"), Some(0.0));
    assert_eq!(of("calls_total{rpc=\"Check\",code=\"OK\"}"), Some(3.0));
    assert_eq!(of("calls_total{rpc=\"Check\",code=\"INVALID_ARGUMENT\"}"), Some(1.0));
    assert_eq!(of("call_seconds_count{rpc=\"Check\"}"), Some(4.0));
    assert_eq!(of("batch_length_sum"), Some(3.0));
    assert_eq!(of("log_size{log=\"decisions\"}"), Some(3.0));
    assert_eq!(of("log_size{log=\"operations\"}"), Some(1.0));
    assert_eq!(of("recording"), Some(1.0));
    assert_eq!(of("queue_length"), Some(0.0));
    assert_eq!(of("connections"), Some(1.0));
    assert_eq!(of("checkpoint_timestamp_seconds"), Some(1_299_060_000.0));
    let bytes = fs::metadata(server.place.database()).unwrap().len();
    #[expect(clippy::cast_precision_loss, reason = "a small file")]
    let bytes = bytes as f64;
    assert!(of("database_bytes").unwrap() > bytes);

    let names: BTreeSet<&str> = metrics
        .lines()
        .filter_map(|line| line.strip_prefix("# TYPE "))
        .filter_map(|line| line.split(' ').next())
        .collect();
    let documented = fs::read_to_string("deploy/metrics.txt").unwrap();
    for name in documented.lines() {
        let family = ["_total", "_info"]
            .iter()
            .find_map(|suffix| name.strip_suffix(suffix))
            .unwrap_or(name);
        // Only a server with TLS has a certificate, and only one with files reads them again.
        let others = ["certificate_expiry_timestamp_seconds", "reload_failures"];
        let is_there = names.contains(family) || others.iter().any(|other| family.ends_with(other));
        assert!(is_there, "{name} is documented and not there");
    }
    for name in names {
        let is_documented = documented.lines().any(|line| {
            line.strip_prefix(name)
                .is_some_and(|rest| ["", "_total", "_info"].contains(&rest))
        });
        assert!(is_documented, "{name} is not documented");
    }
    // What is in a request is nobody's business there.
    assert!(!metrics.contains("PC-1"));
}

#[tokio::test]
async fn ready_is_who_can_record_and_alive_who_runs() {
    let server = Server::start().await;
    assert_eq!(server.watch("/readyz").await.1, "ready\n");
    let away = server.place.path().join("away.db");
    fs::rename(server.place.database(), &away).unwrap();
    server.until(NotServing).await;
    let (head, body) = server.watch("/readyz").await;
    assert!(
        head.starts_with("HTTP/1.1 503 ") && body.contains("cannot be recorded"),
        "{head}\n{body}"
    );
    assert_eq!(server.watch("/healthz").await.1, "alive\n");
    assert_eq!(value(&server.metrics().await, "reimage_rights_recording"), Some(0.0));
    fs::rename(&away, server.place.database()).unwrap();
    server.until(Serving).await;
    assert_eq!(server.watch("/readyz").await.1, "ready\n");
    assert!(server.watch("/").await.0.starts_with("HTTP/1.1 404 "));
}

/// A collector that passes on what it is sent.
struct Collector(mpsc::UnboundedSender<ExportTraceServiceRequest>);

#[tonic::async_trait]
impl TraceService for Collector {
    async fn export(
        &self,
        request: Request<ExportTraceServiceRequest>,
    ) -> Result<Response<ExportTraceServiceResponse>, Status> {
        self.0.send(request.into_inner()).unwrap();
        Ok(Response::new(ExportTraceServiceResponse::default()))
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_call_is_a_span_in_its_clients_trace_and_the_record_names_the_trace() {
    let (sent, mut received) = mpsc::unbounded_channel();
    let incoming = TcpIncoming::bind("127.0.0.1:0".parse().unwrap()).unwrap();
    let endpoint = format!("http://{}", incoming.local_addr().unwrap());
    let service = TraceServiceServer::new(Collector(sent));
    let collector = tonic::transport::Server::builder().add_service(service);
    tokio::spawn(collector.serve_with_incoming(incoming));

    let place = Place::new();
    let mut process = Process::serve_with(&place.database(), &["--otlp-endpoint", &endpoint]).await;
    let trace_id = "4bf92f3577b34da6a3ce929d0e0e4736";
    let mut request = Request::new(typical("PC-1"));
    let parent = format!("00-{trace_id}-00f067aa0ba902b7-01");
    request.metadata_mut().insert("traceparent", parent.parse().unwrap());
    let ours = process
        .client()
        .check(request)
        .await
        .unwrap()
        .into_inner()
        .decision
        .unwrap();
    assert_eq!(ours.trace_id, trace_id);
    let other = process
        .client()
        .check(typical("PC-2"))
        .await
        .unwrap()
        .into_inner()
        .decision
        .unwrap();
    assert!(
        other.trace_id.len() == 32 && other.trace_id != trace_id,
        "{}",
        other.trace_id
    );

    // The last spans are sent before the process ends.
    process.terminate();
    assert!(process.ended().await.success());
    let mut spans = Vec::new();
    while spans.len() < 2 {
        let request = tokio::time::timeout(DEADLINE, received.recv()).await.unwrap().unwrap();
        for resource in request.resource_spans {
            spans.extend(resource.scope_spans.into_iter().flat_map(|scope| scope.spans));
        }
    }
    let of = |id: &str| {
        let is_of = |span: &&opentelemetry_proto::tonic::trace::v1::Span| hexadecimal(&span.trace_id) == id;
        spans.iter().find(is_of).unwrap()
    };
    let span = of(trace_id);
    assert_eq!(
        (span.name.as_str(), hexadecimal(&span.parent_span_id).as_str()),
        ("Check", "00f067aa0ba902b7")
    );
    assert!(of(&other.trace_id).parent_span_id.is_empty());
    let sent = format!("{spans:?}");
    assert!(
        sent.contains("rpc.grpc.status_code") && !sent.contains("PC-1"),
        "{sent}"
    );
}
