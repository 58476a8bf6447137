//! Requests far larger than usual: so many bytes of them are in hand at one time, whatever their number, and those of the usual size are served.

use prost::Message as _;
use reimage_rights::wire::pb;
use tokio::{net::TcpStream, task::JoinSet};
use tonic::{Code, Status, codegen::Bytes};
use tonic_types::StatusExt as _;

use crate::support::{
    process::{Process, poll_for},
    server::{Place, Server, keyed, outcome, typical},
};

/// Most bytes of a message.
const MESSAGE_LEN_MAX: usize = 4 * 1024 * 1024;

/// A request of some forty kilobytes, of labels and evidence, which takes no time to decide.
fn large(number: usize) -> pb::CheckRequest {
    let text = |key| format!("{number} {key} {}", "x".repeat(1000));
    let mut request = keyed(&format!("PC-{number}"), &format!("job-{number}"));
    request.labels = (0..32).map(|key| (format!("label-{key}"), text(key))).collect();
    let licenses = &mut request.device.get_or_insert_default().licenses;
    let license = licenses.first().cloned().unwrap_or_default();
    *licenses = (0..8)
        .map(|key| pb::License {
            id: format!("license-{key}"),
            evidence: text(key),
            ..license.clone()
        })
        .collect();
    let len = request.encoded_len();
    assert!((40 * 1024..48 * 1024).contains(&len), "{len}");
    request
}

#[tokio::test]
async fn large_requests_that_do_not_end_keep_others_of_their_size_out_and_no_usual_one() {
    const IN_HAND: usize = 4;
    let server = Server::start().await;
    let stream = TcpStream::connect(server.serving.address).await.unwrap();
    let (mut calls, connection) = h2::client::handshake(stream).await.unwrap();
    let connection = tokio::spawn(connection);
    let mut ask = |len: usize| {
        let request = http::Request::post("http://server/reimagerights.v1.EligibilityService/Check")
            .header("content-type", "application/grpc")
            .header("te", "trailers");
        let (answer, mut body) = calls.send_request(request.body(()).unwrap(), false).unwrap();
        let mut begun = vec![0];
        begun.extend(u32::try_from(MESSAGE_LEN_MAX).unwrap().to_be_bytes());
        begun.resize(len, b'x');
        body.send_data(Bytes::from(begun), false).unwrap();
        (answer, body)
    };
    let mut begun = Vec::new();
    let mut answers = JoinSet::new();
    for _ in 0..=IN_HAND {
        let (answer, body) = ask(MESSAGE_LEN_MAX);
        begun.push(body);
        answers.spawn(answer);
    }
    let told = answers.join_next().await.unwrap().unwrap().unwrap();
    let status = Status::from_header_map(told.headers()).unwrap();
    assert_eq!(status.code(), Code::ResourceExhausted);
    assert!(
        status.get_details_retry_info().is_some() && status.message().contains("send less at a time"),
        "{status}"
    );
    assert_eq!(server.serving.counters.busy.get(), 1);
    server.check(typical("PC-1")).await.unwrap();
    assert_eq!(answers.len(), IN_HAND);
    drop(begun);
    // What was begun is given up once the server hears of it.
    poll_for(async || server.check(large(1)).await.ok()).await;
    connection.abort();
}

#[tokio::test]
async fn requests_under_used_keys_are_told_so_however_large_what_was_recorded_is() {
    const COUNT: usize = 24;
    let server = Server::start().await;
    let all: Vec<pb::CheckRequest> = (0..COUNT).map(large).collect();
    let recorded = server.batch(all.clone()).await.unwrap();
    assert!(recorded.iter().all(Result::is_ok));
    let again = (0..COUNT).map(|number| keyed("PC-other", &format!("job-{number}")));
    let told = server.batch(again.collect()).await.unwrap();
    let codes: Vec<i32> = told.into_iter().map(|outcome| outcome.unwrap_err().code).collect();
    assert_eq!(codes, [Code::AlreadyExists as i32; COUNT]);
    let again = server.batch(all).await.unwrap();
    assert!(again == recorded);
}

#[tokio::test]
async fn large_requests_of_streams_wait_for_their_turn_and_take_little_memory() {
    const STREAM_COUNT: usize = 16;
    const COUNT: usize = 20;
    const PEAK_KIB_MAX: u64 = 200 * 1024;
    let place = Place::new();
    let process = Process::serve(&place.database()).await;
    let mut streams = JoinSet::new();
    for stream in 0..STREAM_COUNT {
        let mut client = process.client();
        let requests = (0..COUNT).map(move |number| pb::StreamCheckRequest {
            request: Some(large(COUNT * stream + number)),
        });
        streams.spawn(async move {
            let answers = client.stream_check(tokio_stream::iter(requests)).await;
            let mut answers = answers.unwrap().into_inner();
            let mut decided = 0;
            while let Some(answer) = answers.message().await.unwrap() {
                decided += usize::from(outcome(answer.result.unwrap()).is_ok());
            }
            decided
        });
    }
    assert_eq!(streams.join_all().await, [COUNT; STREAM_COUNT]);
    let page = pb::HistoryRequest {
        page_size: 1000,
        ..pb::HistoryRequest::default()
    };
    let page = process.client().history(page).await.unwrap().into_inner();
    assert!(!page.decisions.is_empty() && !page.next_page_token.is_empty());
    let peak_kib = process.peak_kib();
    println!("at most {peak_kib} KiB");
    assert!(peak_kib < PEAK_KIB_MAX, "{peak_kib} KiB");
}
