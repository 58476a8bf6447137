//! Callers who ask too much, too fast or too large, or who do not listen: each is bounded, and the others are served.

use std::{num::NonZeroUsize, time::Duration};

use reimage_rights::{
    access::Role,
    app::Limits,
    wire::pb::{self, eligibility_service_client::EligibilityServiceClient},
};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
    task::JoinHandle,
};
use tonic::{
    Code, Request,
    codegen::Bytes,
    transport::{Channel, Endpoint},
};
use tonic_types::StatusExt as _;

use crate::{
    operations::operations,
    support::{
        http::get,
        process::{Process, log, poll, poll_for},
        server::{Client, DEADLINE, Place, Server, TransparencyClient, check, keyed, typical},
    },
};

/// How long a client may leave an answer unread in these tests.
const STALL_MAX: Duration = Duration::from_millis(200);

/// A channel that takes little before it must be read.
async fn narrow(server: &Server) -> Channel {
    let endpoint = Endpoint::from_shared(format!("http://{}", server.serving.address)).unwrap();
    let narrow = endpoint
        .initial_stream_window_size(65_535)
        .initial_connection_window_size(65_535);
    narrow.connect().await.unwrap()
}

#[tokio::test]
async fn a_check_that_takes_too_long_is_given_up_and_a_retry_tells_that_it_was_recorded() {
    let place = Place::new().hosted(|hosting| hosting.deadline_max = Duration::from_millis(200));
    let server = place.serve().await;
    let mut other = server.place.sql().await;
    sqlx::query("BEGIN IMMEDIATE").execute(&mut other).await.unwrap();
    let late = server.check(keyed("PC-1", "job-1")).await.unwrap_err();
    assert_eq!(late.code(), Code::DeadlineExceeded);
    assert!(late.message().contains("same request id"), "{late}");
    sqlx::query("ROLLBACK").execute(&mut other).await.unwrap();
    let decision = server.check(keyed("PC-1", "job-1")).await.unwrap();
    assert_eq!(decision.log_index, 0);
    assert_eq!(server.serving.counters.recorded(), 1);
    assert_eq!(server.serving.counters.found_again.get(), 1);
}

#[tokio::test]
async fn a_caller_who_asks_too_fast_is_told_when_to_ask_again_and_others_are_served() {
    let later = "2011-06-01T00:00:00Z";
    let place = Place::new().guarded("").limited(Limits {
        rate_max: NonZeroUsize::new(3),
        ..Limits::default()
    });
    let fast = place.token("fast", Role::Checker, later, 1);
    let calm = place.token("calm", Role::Checker, later, 2);
    let server = place.serve().await;
    let mut client = EligibilityServiceClient::new(server.known(&fast));
    let requests = vec![typical("PC-1"), typical("PC-2"), typical("PC-3")];
    client.batch_check(pb::BatchCheckRequest { requests }).await.unwrap();
    let refused = client.check(typical("PC-4")).await.unwrap_err();
    assert_eq!(refused.code(), Code::ResourceExhausted);
    let retry = refused.get_details_retry_info().unwrap().retry_delay.unwrap();
    assert!(
        retry < Duration::from_secs(1) && refused.message().starts_with("3 requests in a second"),
        "{refused}"
    );
    let mut client = EligibilityServiceClient::new(server.known(&calm));
    client.check(typical("PC-5")).await.unwrap();
    assert_eq!(server.serving.counters.busy.get(), 1);

    // A batch of more than there may be in a second counts as those: it is not refused for ever.
    let large = place_batch(9);
    poll_for(async || client.batch_check(large.clone()).await.ok()).await;
}

fn place_batch(count: usize) -> pb::BatchCheckRequest {
    pb::BatchCheckRequest {
        requests: (0..count).map(|number| typical(&format!("PC-{number}"))).collect(),
    }
}

#[tokio::test]
async fn connections_beyond_their_bound_are_closed_at_once_until_others_end() {
    let place = Place::new().hosted(|hosting| hosting.connection_count_max = 3);
    let server = place.serve().await;
    let address = server.serving.address;
    // The server's own client is the first.
    let two = [
        TcpStream::connect(address).await.unwrap(),
        TcpStream::connect(address).await.unwrap(),
    ];
    poll_for(async || {
        server
            .metrics()
            .await
            .contains("reimage_rights_connections 3\n")
            .then_some(())
    })
    .await;
    let endpoint = Endpoint::from_shared(format!("http://{address}")).unwrap();
    let refused = async || {
        let channel = endpoint.connect().await.ok()?;
        check(Client::new(channel), typical("PC-1")).await.ok()
    };
    assert!(refused().await.is_none());
    assert!(
        !server
            .metrics()
            .await
            .contains("reimage_rights_connections_refused_total 0\n")
    );
    server.check(typical("PC-1")).await.unwrap();
    drop(two);
    poll_for(refused).await;
}

#[tokio::test]
async fn connections_that_there_is_no_file_descriptor_for_are_counted_and_hardly_logged() {
    let place = Place::new();
    let database = place.database();
    let process = Process::serve_with_open_files(128, &database, &["--admin-listen", "127.0.0.1:0"]).await;
    let words = "be watched over HTTP";
    poll(|| log(&database).contains(words).then_some(())).await;
    let watched = Process::listens(&database, words);
    let address = process.owner.address.clone().unwrap();
    let socket = address.strip_prefix("http://").unwrap();
    let mut many = Vec::new();
    for _ in 0..200 {
        many.push(TcpStream::connect(socket).await.unwrap());
    }
    let failed = || log(&database).matches("connections cannot be accepted").count();
    poll(|| (failed() > 0).then_some(())).await;
    // Who is connected is served.
    check(process.client(), typical("PC-1")).await.unwrap();
    drop(many);
    let (_, metrics) = get(watched, "/metrics").await;
    let metrics = String::from_utf8(metrics).unwrap();
    let series = "reimage_rights_connections_failed_total ";
    let value = metrics.lines().find_map(|line| line.strip_prefix(series)).unwrap();
    assert!(value.parse::<u64>().unwrap() > 0, "{metrics}");
    // Once for each listener.
    assert!(failed() <= 2, "{}", log(&database));
}

#[tokio::test]
async fn a_client_that_never_reads_is_cut_off_and_its_place_is_free_again() {
    let place = Place::new()
        .hosted(|hosting| hosting.stall_max = STALL_MAX)
        .limited(Limits {
            stream_call_count_max: 1,
            ..Limits::default()
        });
    let server = place.serve().await;
    let mut deaf = Client::new(narrow(&server).await);
    let requests = tokio_stream::iter((0..).map(|number| pb::StreamCheckRequest {
        request: Some(typical(&format!("PC-{number}"))),
    }));
    let mut unread = deaf.stream_check(requests).await.unwrap().into_inner();
    let one = async || {
        let request = pb::StreamCheckRequest {
            request: Some(typical("PC-other")),
        };
        let mut answers = server
            .client()
            .stream_check(tokio_stream::iter([request]))
            .await?
            .into_inner();
        answers.message().await
    };
    assert_eq!(one().await.unwrap_err().code(), Code::ResourceExhausted);
    server.check(typical("PC-x")).await.unwrap();
    poll_for(async || one().await.ok()).await;
    // What was on its way is there; then the connection is gone.
    let mut answered = 0;
    let end = loop {
        match unread.message().await {
            Ok(Some(_)) => answered += 1,
            Ok(None) => panic!("the stream ended in good order"),
            Err(status) => break status,
        }
    };
    assert!(answered > 0 && end.code() != Code::Ok, "{answered} {end}");
    // Whoever reads is not cut off, however long it takes.
    let bundle = server.export(pb::HistoryRequest::default()).await.unwrap();
    assert!(!bundle.is_empty());
}

#[tokio::test]
async fn exports_that_nobody_reads_keep_nobody_else_from_theirs() {
    // Long enough that on a busy machine, too, the third is asked for while the first two last.
    let place = Place::new().hosted(|hosting| hosting.stall_max = 5 * STALL_MAX);
    let server = place.serve().await;
    server.record(600).await;
    let channel = narrow(&server).await;
    let ask = async || {
        TransparencyClient::new(channel.clone())
            .export(pb::ExportRequest::default())
            .await
    };
    let _unread = [ask().await.unwrap(), ask().await.unwrap()];
    let nothing = pb::HistoryRequest::default;
    let refused = server.export(nothing()).await.unwrap_err();
    assert_eq!(refused.code(), Code::ResourceExhausted);
    poll_for(async || server.export(nothing()).await.ok()).await;
    // Whoever was refused has read nothing.
    let place = server.stop().await;
    let reads = operations(&place.database()).await;
    let reads = reads.iter().filter(|one| one["rpc"] == "Export").count();
    assert_eq!(reads, 3);
}

/// Calls over HTTP/2 itself whose answers are never read.
struct Deaf {
    calls: h2::client::SendRequest<Bytes>,
    connection: JoinHandle<Result<(), h2::Error>>,
    /// Kept, and with each the part of the body that fits the window.
    unread: Vec<http::Response<h2::RecvStream>>,
}

impl Deaf {
    /// Connects; of each answer, so many bytes may be sent.
    async fn taking(window_len: u32, server: &Server) -> Self {
        let stream = TcpStream::connect(server.serving.address).await.unwrap();
        // Else what is sent in two parts waits for the first to be acknowledged.
        stream.set_nodelay(true).unwrap();
        let mut narrow = h2::client::Builder::new();
        let (calls, connection) = narrow.initial_window_size(window_len).handshake(stream).await.unwrap();
        Self {
            calls,
            connection: tokio::spawn(connection),
            unread: Vec::new(),
        }
    }

    async fn ask(&mut self, method: &str, message: &impl prost::Message) {
        self.ask_for(
            &format!("reimagerights.v1.EligibilityService/{method}"),
            message.encode_to_vec(),
        )
        .await;
    }

    async fn ask_for(&mut self, method: &str, message: Vec<u8>) {
        let request = http::Request::post(format!("http://server/{method}"))
            .header("content-type", "application/grpc")
            .header("te", "trailers");
        let (answer, mut body) = self.calls.send_request(request.body(()).unwrap(), false).unwrap();
        let mut framed = vec![0];
        framed.extend(u32::try_from(message.len()).unwrap().to_be_bytes());
        framed.extend(message);
        body.send_data(framed.into(), true).unwrap();
        self.unread.push(answer.await.unwrap());
    }

    /// Keeps the connection until the server ends it, in good order or not.
    async fn cut_off(self) {
        let _ = tokio::time::timeout(DEADLINE, self.connection).await.unwrap().unwrap();
    }
}

#[tokio::test]
async fn one_large_answer_that_nobody_reads_ends_its_connection() {
    let place = Place::new().hosted(|hosting| hosting.stall_max = STALL_MAX);
    let server = place.serve().await;
    server.record(300).await;
    let page = pb::HistoryRequest {
        page_size: 300,
        ..pb::HistoryRequest::default()
    };
    let mut deaf = Deaf::taking(65_535, &server).await;
    deaf.ask("History", &page).await;
    deaf.cut_off().await;
    server.check(typical("PC-1")).await.unwrap();
}

#[tokio::test]
async fn short_answers_that_nobody_reads_keep_nobody_else_from_large_ones() {
    const LARGE_COUNT_MAX: usize = 32;
    // Long enough that on a busy machine, too, all of them are asked for while the first lasts.
    let place = Place::new().hosted(|hosting| hosting.stall_max = 5 * STALL_MAX);
    let server = place.serve().await;
    let mut deaf = Deaf::taking(0, &server).await;
    for _ in 0..LARGE_COUNT_MAX {
        deaf.ask("BatchCheck", &pb::BatchCheckRequest::default()).await;
    }
    let refused = server.history(pb::HistoryRequest::default()).await.unwrap_err();
    assert_eq!(refused.code(), Code::ResourceExhausted);
    deaf.cut_off().await;
    poll_for(async || server.history(pb::HistoryRequest::default()).await.ok()).await;
}

#[tokio::test]
async fn small_answers_that_nobody_reads_take_no_room_for_requests() {
    const CALL_COUNT_MAX: usize = 1024;
    const QUESTION_LEN_MAX: usize = 16 * 1024;
    let server = Server::start().await;
    let mut deaf = Deaf::taking(0, &server).await;
    // A field that nobody knows, of such length that all calls together take all the room there is for small requests.
    let field_len = QUESTION_LEN_MAX - 4;
    let mut padded = vec![0x7a];
    prost::encoding::encode_varint(field_len as u64, &mut padded);
    padded.resize(padded.len() + field_len, b'x');
    for _ in 0..CALL_COUNT_MAX {
        deaf.ask_for("grpc.health.v1.Health/Check", padded.clone()).await;
    }
    server.check(typical("PC-1")).await.unwrap();
    assert_eq!(deaf.unread.len(), CALL_COUNT_MAX);
}

#[tokio::test]
async fn large_single_answers_that_nobody_reads_are_only_so_many() {
    // Of what is beyond the first bytes of each, which are counted apart.
    const ANSWERS_LEN_MAX: usize = 32 * 1024 * 1024;
    const SMALL_LEN_MAX: usize = 16 * 1024;
    let server = Server::start().await;
    let text = "x".repeat(1000);
    let mut request = typical("PC-1");
    request.labels = (0..32).map(|key| (key.to_string(), text.clone())).collect();
    let licenses = &mut request.device.get_or_insert_default().licenses;
    licenses[0].evidence.clone_from(&text);
    let license = licenses[0].clone();
    *licenses = (0..32)
        .map(|number| pb::License {
            id: format!("license-{number}"),
            ..license.clone()
        })
        .collect();
    let decision = server.check(request).await.unwrap();
    let fit = ANSWERS_LEN_MAX / (prost::Message::encoded_len(&decision) - SMALL_LEN_MAX);
    let mut deaf = Deaf::taking(0, &server).await;
    let asked = pb::GetDecisionRequest {
        decision_id: decision.decision_id.clone(),
    };
    for _ in 0..fit {
        deaf.ask("GetDecision", &asked).await;
    }
    let refused = server.decision(&decision.decision_id).await.unwrap_err();
    assert_eq!(refused.code(), Code::ResourceExhausted, "{refused}");
    assert!(refused.get_details_retry_info().is_some(), "{refused}");
    server.check(typical("PC-2")).await.unwrap();
    deaf.connection.abort();
    poll_for(async || server.decision(&decision.decision_id).await.ok()).await;
}

#[tokio::test]
async fn requests_that_do_not_come_keep_nobody_from_a_large_answer() {
    const LARGE_COUNT_MAX: usize = 32;
    // Long enough that on a busy machine, too, all of them are asked for while the first lasts.
    let place = Place::new().hosted(|hosting| hosting.pause_max = 5 * STALL_MAX);
    let server = place.serve().await;
    let stream = TcpStream::connect(server.serving.address).await.unwrap();
    let (mut calls, connection) = h2::client::handshake(stream).await.unwrap();
    let connection = tokio::spawn(connection);
    let mut begun = Vec::new();
    for _ in 0..LARGE_COUNT_MAX {
        let request = http::Request::post("http://server/reimagerights.v1.EligibilityService/BatchCheck")
            .header("content-type", "application/grpc")
            .header("te", "trailers");
        let (answer, mut body) = calls.send_request(request.body(()).unwrap(), false).unwrap();
        // That a message comes, and nothing of it.
        body.send_data(Bytes::from_static(&[0, 0, 0, 1, 0]), false).unwrap();
        begun.push((answer, body));
    }
    let history = async || server.history(pb::HistoryRequest::default()).await;
    let refused = poll_for(async || history().await.err()).await;
    assert_eq!(refused.code(), Code::ResourceExhausted);
    for (answer, _body) in begun {
        let told = answer.await.unwrap();
        assert_eq!(
            told.headers()["grpc-status"],
            i32::from(Code::DeadlineExceeded).to_string()
        );
        let message = told.headers()["grpc-message"].to_str().unwrap();
        assert!(message.contains("did%20not%20come"), "{message}");
    }
    history().await.unwrap();
    connection.abort();
}

#[tokio::test]
async fn whoever_begins_nothing_is_sent_away() {
    let place = Place::new().hosted(|hosting| hosting.welcome_max = STALL_MAX);
    let server = place.serve().await;
    for said in [&b""[..], b"P", b"PRI * HTTP/2.0"] {
        let mut stream = TcpStream::connect(server.serving.address).await.unwrap();
        stream.write_all(said).await.unwrap();
        let mut answer = Vec::new();
        // A setting or a farewell may come before the end.
        let _ = tokio::time::timeout(DEADLINE, stream.read_to_end(&mut answer))
            .await
            .unwrap();
    }
    server.check(typical("PC-1")).await.unwrap();
}

#[tokio::test]
async fn many_small_requests_that_are_not_answered_yet_are_no_attack() {
    const COUNT: usize = 20_000;
    let server = Server::start().await;
    let requests = tokio_stream::iter((0..COUNT).map(|number| pb::StreamCheckRequest {
        request: Some(pb::CheckRequest {
            request_id: format!("job-{number}"),
            ..pb::CheckRequest::default()
        }),
    }));
    let mut answers = server.client().stream_check(requests).await.unwrap().into_inner();
    let mut count = 0;
    while answers.message().await.unwrap().is_some() {
        count += 1;
    }
    assert_eq!(count, COUNT);
}

#[tokio::test]
async fn headers_and_messages_beyond_their_bounds_are_refused_and_the_connection_goes_on() {
    let server = Server::start().await;
    let mut request = Request::new(typical("PC-1"));
    request
        .metadata_mut()
        .insert("x-large", "x".repeat(20_000).parse().unwrap());
    assert!(server.client().check(request).await.is_err());
    server.check(typical("PC-1")).await.unwrap();
    // 4 MiB are read, and found wrong for what they say; one byte more is not.
    for (extra, code) in [(0, Code::InvalidArgument), (1, Code::OutOfRange)] {
        let mut large = pb::CheckRequest::default();
        let overhead = 5;
        large.request_id = "x".repeat(4 * 1024 * 1024 - overhead + extra);
        assert_eq!(prost::Message::encoded_len(&large), 4 * 1024 * 1024 + extra);
        let refused = server.check(large).await.unwrap_err();
        assert_eq!(refused.code(), code, "{refused}");
    }
    server.check(typical("PC-1")).await.unwrap();
}

#[tokio::test]
async fn ten_thousand_idle_connections_keep_nobody_from_an_answer() {
    const COUNT: usize = 10_000;
    let wanted = COUNT as u64 + 1000;
    assert!(
        rlimit::increase_nofile_limit(wanted).unwrap() >= wanted,
        "this test takes {wanted} file descriptors; raise `ulimit -Hn`"
    );
    let place = Place::new();
    let process = Process::serve(&place.database()).await;
    let before = process.resident_kib();
    let address = process.owner.address.clone().unwrap();
    let socket = address.strip_prefix("http://").unwrap().to_owned();
    let mut idle = Vec::with_capacity(COUNT);
    for _ in 0..COUNT {
        idle.push(TcpStream::connect(&socket).await.unwrap());
    }
    let fresh = Endpoint::from_shared(address).unwrap().connect().await.unwrap();
    let begun = std::time::Instant::now();
    check(Client::new(fresh), typical("PC-1")).await.unwrap();
    check(process.client(), typical("PC-2")).await.unwrap();
    let grown = process.resident_kib().saturating_sub(before);
    println!(
        "{COUNT} idle connections: two checks in {:.1?}, {grown} KiB more",
        begun.elapsed()
    );
    assert!(grown < 200 * 1024, "{grown} KiB");
    drop(idle);
}
