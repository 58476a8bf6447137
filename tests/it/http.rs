//! The calls over HTTP: the same answers and the same errors as over gRPC, from the same door.

use std::time::Duration;

use prost::Message as _;
use reimage_rights::wire::{RpcStatus, pb};
use serde::Serialize;
use serde_json::{Value, json};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
};
use tonic::{Code, Status};
use tonic_health::pb::health_check_response::ServingStatus::NotServing;

use crate::support::{
    http::{self, Answer, answer, ask_on},
    server::{Place, Server, keyed, typical},
};

mod access;
mod connection;

const JSON: (&str, &str) = ("Content-Type", "application/json");
const UNKNOWN: &str = "01946e2e-5d5d-7bb5-8f05-8a4cb0a4b10c";

impl Server {
    async fn ask(&self, verb: &str, path: &str, headers: &[(&str, &str)], body: &[u8]) -> Answer {
        let request = http::request(verb, path, headers, body);
        http::ask(self.serving.http_address.unwrap(), &request).await
    }

    async fn get(&self, path: &str) -> Answer {
        self.ask("GET", path, &[], b"").await
    }

    async fn post(&self, path: &str, message: &impl Serialize) -> Answer {
        self.ask("POST", path, &[JSON], &bytes(message)).await
    }
}

fn bytes(message: &impl Serialize) -> Vec<u8> {
    serde_json::to_vec(message).unwrap()
}

fn value(message: &impl Serialize) -> Value {
    serde_json::to_value(message).unwrap()
}

/// That an answer is the status that gRPC ended with, under the HTTP status that belongs to its code.
fn assert_same(answer: &Answer, status: &Status, http: u16) {
    let status = match RpcStatus::decode(status.details()) {
        Ok(whole) if whole.code != 0 => whole,
        _ => RpcStatus {
            code: status.code().into(),
            message: status.message().to_owned(),
            details: Vec::new(),
        },
    };
    assert_eq!(answer.json(), value(&status));
    assert_eq!(answer.status(), http, "{answer:?}");
    assert_eq!(answer.header("content-type"), Some("application/json; charset=utf-8"));
}

/// That an answer is an error with this code that says this.
fn assert_refused(answer: &Answer, http: u16, code: Code, words: &str) {
    let status = answer.json();
    assert_eq!(
        (answer.status(), status["code"].as_i64()),
        (http, Some(i32::from(code).into())),
        "{answer:?}"
    );
    let message = status["message"].as_str().unwrap();
    assert!(message.contains(words), "{message}");
}

#[tokio::test]
async fn a_check_is_answered_as_over_grpc_and_recorded_once_whichever_asks_again() {
    let server = Server::start().await;
    for (number, request) in [keyed("PC-1", "job-1"), keyed("PC-2", "job-2")].into_iter().enumerate() {
        let (over_http, decision) = if number == 0 {
            let first = server.post("/v1/check", &request).await;
            (first, server.check(request).await.unwrap())
        } else {
            let first = server.check(request.clone()).await.unwrap();
            (server.post("/v1/check", &request).await, first)
        };
        assert_eq!(over_http.status(), 200);
        assert_eq!(over_http.header("cache-control"), Some("no-store"));
        let decision = Some(decision);
        assert_eq!(over_http.json(), value(&pb::CheckResponse { decision }));
    }
    assert_eq!(server.serving.counters.recorded(), 2);
    assert_eq!(server.serving.counters.found_again.get(), 2);
}

#[tokio::test]
async fn a_batch_decides_each_request_for_itself() {
    let server = Server::start().await;
    let wrong = pb::CheckRequest {
        edition: "1999-01".to_owned(),
        ..typical("PC-2")
    };
    let requests = vec![keyed("PC-1", "job-1"), wrong, keyed("PC-3", "job-3")];
    let batch = pb::BatchCheckRequest { requests };
    let over_http = server.post("/v1/check:batch", &batch).await;
    assert_eq!(over_http.status(), 200);
    let over_grpc = server.client().batch_check(batch).await.unwrap().into_inner();
    assert_eq!(over_http.json(), value(&over_grpc));
    assert_eq!(over_http.json()["results"][1]["error"]["code"], 3);
    assert_eq!(server.serving.counters.recorded(), 2);

    // Nor does one that cannot be read: over HTTP it is the text that says what a request is.
    let unread = json!({ "requests": [value(&keyed("PC-1", "job-1")), {"devise": 1, "agreement": {"program": "SELECT"}}, value(&keyed("PC-4", "job-4"))] });
    let answer = server.post("/v1/check:batch", &unread).await;
    let results = &answer.json()["results"];
    assert_eq!(results[0], over_http.json()["results"][0]);
    let violations = &results[1]["error"]["details"][0]["fieldViolations"];
    let fields: Vec<&str> = (0..2).filter_map(|place| violations[place]["field"].as_str()).collect();
    assert_eq!(fields, ["agreement.program", "devise"]);
    assert_eq!(results[2]["decision"]["request"]["requestId"], "job-4");
    assert_eq!(server.serving.counters.recorded(), 3);

    let many = json!({ "requests": vec![json!({}); 1001] });
    let refused = server.post("/v1/check:batch", &many).await;
    assert_refused(&refused, 400, Code::InvalidArgument, "requests: 1001 are too many");
}

#[tokio::test]
async fn all_that_is_wrong_in_a_request_is_told_at_once() {
    let server = Server::start().await;
    let wrong = json!({
        "device": {"licenses": [{"chanel": "CHANNEL_OEM"}, {"channel": "RETAIL"}]},
        "image": {"deployment": "STANDARD", "media": {"source": "VLSC"}},
    });
    let refused = server.post("/v1/check", &wrong).await;
    assert_eq!(refused.status(), 400);
    let violations = refused.json()["details"][0]["fieldViolations"].clone();
    let fields: Vec<&str> = violations
        .as_array()
        .unwrap()
        .iter()
        .filter_map(|one| one["field"].as_str())
        .collect();
    assert_eq!(
        fields,
        [
            "device.licenses[0].chanel",
            "device.licenses[1].channel",
            "image.deployment",
            "image.media.source"
        ]
    );
    assert!(
        violations[0]["description"]
            .as_str()
            .unwrap()
            .contains("(line 1 column ")
    );
}

#[tokio::test]
async fn a_history_is_asked_by_parameters_in_either_spelling() {
    let server = Server::start().await;
    let mut request = typical("PC 1&2");
    request.labels.insert("site".to_owned(), "Köln".to_owned());
    server.check(request).await.unwrap();
    server.record(3).await;
    let product = pb::Product {
        family: "Windows".to_owned(),
        ..pb::Product::default()
    };
    let asked = pb::HistoryRequest {
        device_id: "PC 1&2".to_owned(),
        verdict: pb::Verdict::Permitted.into(),
        label: Some(pb::LabelFilter {
            key: "site".to_owned(),
            value: "Köln".to_owned(),
        }),
        product: Some(product),
        decided_after: Some(reimage_rights::wire::Timestamp {
            seconds: 1_299_060_000,
            nanos: 0,
        }),
        page_size: 2,
        order: pb::DecisionOrder::OldestFirst.into(),
        view: pb::DecisionView::Basic.into(),
        ..pb::HistoryRequest::default()
    };
    let expected = value(&server.history(asked).await.unwrap());
    assert_eq!(expected["decisions"].as_array().unwrap().len(), 1);
    let camel = "/v1/decisions?deviceId=PC+1%262&verdict=VERDICT_PERMITTED&label.key=site&label.value=K%C3%B6ln&product.family=Windows\
                 &decidedAfter=2011-03-02T10:00:00Z&pageSize=2&order=DECISION_ORDER_OLDEST_FIRST&view=DECISION_VIEW_BASIC";
    let snake = "/v1/decisions?device_id=PC%201%262&verdict=VERDICT_PERMITTED&label.key=site&label.value=K%C3%B6ln&product.family=Windows\
                 &decided_after=2011-03-02T11:00:00%2B01:00&page_size=2&order=DECISION_ORDER_OLDEST_FIRST&view=DECISION_VIEW_BASIC";
    for path in [camel, snake] {
        let found = server.get(path).await;
        assert_eq!((found.status(), found.json()), (200, expected.clone()), "{path}");
    }

    let mut devices = Vec::new();
    let mut path = "/v1/decisions?pageSize=3".to_owned();
    loop {
        let page = server.get(&path).await.json();
        let decisions = page["decisions"].as_array().unwrap().clone();
        devices.extend(decisions.iter().map(|one| one["request"]["device"]["id"].clone()));
        match page["nextPageToken"].as_str() {
            Some(token) => path = format!("/v1/decisions?pageSize=3&pageToken={token}"),
            None => break,
        }
    }
    assert_eq!(devices.len(), 4);
    assert_eq!(devices[3], "PC 1&2");

    for (query, words) in [
        (
            "devceId=x",
            "devceId: there is no field `devceId`; did you mean `device_id`?",
        ),
        ("deviceId=a&deviceId=b", "deviceId: is given 2 times"),
        ("deviceId=B%FCro", "deviceId: is not UTF-8; send it as UTF-8"),
        ("pageSize=1001", "page_size: "),
        ("decidedAfter=yesterday", "decidedAfter: `yesterday` is no time"),
        ("product.components=Word&product.family=Office", "product.components: "),
    ] {
        let refused = server.get(&format!("/v1/decisions?{query}")).await;
        assert_refused(&refused, 400, Code::InvalidArgument, words);
    }
}

#[tokio::test]
async fn a_decision_is_given_by_its_id() {
    let server = Server::start().await;
    let decision = server.check(typical("PC-1")).await.unwrap();
    let found = server.get(&format!("/v1/decisions/{}", decision.decision_id)).await;
    let expected = pb::GetDecisionResponse {
        decision: Some(decision),
    };
    assert_eq!((found.status(), found.json()), (200, value(&expected)));
    let unknown = server.decision(UNKNOWN).await.unwrap_err();
    assert_same(&server.get(&format!("/v1/decisions/{UNKNOWN}")).await, &unknown, 404);
    let none = server.decision("first").await.unwrap_err();
    assert_same(&server.get("/v1/decisions/first").await, &none, 400);
    assert_refused(
        &server.get("/v1/decisions/%FF").await,
        400,
        Code::InvalidArgument,
        "decision_id",
    );
}

#[tokio::test]
async fn an_error_is_the_status_that_grpc_gives() {
    let server = Server::start().await;
    let mut wrong = keyed("PC-1", "job-1");
    wrong.edition = "1999-01".to_owned();
    wrong.device.as_mut().unwrap().unlicensed = true;
    let refused = server.check(wrong.clone()).await.unwrap_err();
    let over_http = server.post("/v1/check", &wrong).await;
    assert_same(&over_http, &refused, 400);
    let violations = &over_http.json()["details"][0];
    assert_eq!(violations["@type"], "type.googleapis.com/google.rpc.BadRequest");
    assert_eq!(violations["fieldViolations"].as_array().unwrap().len(), 2);

    server.check(keyed("PC-1", "job-1")).await.unwrap();
    let another = server.check(keyed("PC-2", "job-1")).await.unwrap_err();
    assert_same(&server.post("/v1/check", &keyed("PC-2", "job-1")).await, &another, 409);

    let away = server.place.path().join("away.db");
    std::fs::rename(server.place.database(), &away).unwrap();
    server.until(NotServing).await;
    let failed = server.check(typical("PC-3")).await.unwrap_err();
    assert_eq!(failed.code(), Code::Unavailable);
    assert_same(&server.post("/v1/check", &typical("PC-3")).await, &failed, 503);
}

#[tokio::test]
async fn what_is_no_call_says_how_to_make_one() {
    let server = Server::start().await;
    for path in ["/", "/v1", "/v1/check/", "/v1/Check", "/v1/decisions/a/b", "/metrics"] {
        let nowhere = server.get(path).await;
        assert_refused(&nowhere, 404, Code::NotFound, "`POST /v1/check`");
    }
    for (verb, path, allowed) in [
        ("GET", "/v1/check", "POST"),
        ("PUT", "/v1/check:batch", "POST"),
        ("POST", "/v1/decisions", "GET,HEAD"),
        ("DELETE", "/v1/decisions/first", "GET,HEAD"),
        ("OPTIONS", "/v1/openapi.json", "GET,HEAD"),
    ] {
        let refused = server.ask(verb, path, &[], b"").await;
        assert_refused(&refused, 405, Code::Unimplemented, "`allow`");
        assert_eq!(refused.header("allow"), Some(allowed), "{verb} {path}");
    }
    let body = bytes(&typical("PC-1"));
    for headers in [
        &[][..],
        &[("Content-Type", "text/plain")],
        &[("Content-Type", "application/x-www-form-urlencoded")],
        &[("Content-Type", "application/json; charset=iso-8859-1")],
        &[JSON, ("Content-Encoding", "gzip")],
    ] {
        let refused = server.ask("POST", "/v1/check", headers, &body).await;
        assert_refused(&refused, 415, Code::InvalidArgument, "send it with");
    }
    for (body, words) in [
        ("", "body: is empty"),
        ("{\"device\": }", "device: expected value (line 1 column 12)"),
        (
            "{\"device\": {\"licenses\": [{\"chanel\": 1}]}}",
            "device.licenses[0].chanel: there is no field `chanel`; did you mean `channel`?",
        ),
        ("{\"device\": \"PC-1\"}", "device: "),
    ] {
        let refused = server.ask("POST", "/v1/check", &[JSON], body.as_bytes()).await;
        assert_refused(&refused, 400, Code::InvalidArgument, words);
        assert_eq!(
            refused.json()["details"][0]["fieldViolations"]
                .as_array()
                .unwrap()
                .len(),
            1
        );
    }
    let latin = server
        .ask("POST", "/v1/check", &[JSON], b"{\"requestId\": \"K\xf6ln\"}")
        .await;
    assert_refused(&latin, 400, Code::InvalidArgument, "body: is not UTF-8");
    assert_eq!(server.serving.counters.recorded(), 0);
}

#[tokio::test]
async fn a_request_that_is_too_long_is_refused_and_one_that_just_fits_is_read() {
    let server = Server::start().await;
    let long = |len: usize| format!("{{\"requestId\": \"{}\"}}", "x".repeat(len - 17)).into_bytes();
    let most = 4 * 1024 * 1024;
    let read = server.ask("POST", "/v1/check", &[JSON], &long(most)).await;
    assert_refused(&read, 400, Code::InvalidArgument, "request_id");
    let refused = server.ask("POST", "/v1/check", &[JSON], &long(most + 1)).await;
    assert_refused(&refused, 413, Code::OutOfRange, "4194304 bytes");

    let long = "x".repeat(17 * 1024);
    let refused = server
        .ask("GET", "/v1/decisions", &[("Authorization", &long)], b"")
        .await;
    assert_eq!((refused.status(), refused.body), (431, Vec::new()));

    // Whoever asks first hears it first.
    let mut connection = TcpStream::connect(server.serving.http_address.unwrap()).await.unwrap();
    let length = (most + 1).to_string();
    let headers = [JSON, ("Expect", "100-continue"), ("Content-Length", &length)];
    let told = ask_on(&mut connection, &http::request("POST", "/v1/check", &headers, b"")).await;
    assert_refused(&told, 413, Code::OutOfRange, "send less");
}

#[tokio::test]
async fn an_old_client_is_understood() {
    let server = Server::start().await;
    let address = server.serving.http_address.unwrap();
    let mut connection = TcpStream::connect(address).await.unwrap();
    let with_mark = [&b"\xef\xbb\xbf"[..], &bytes(&keyed("PC-1", "job-1"))].concat();
    let kind = ("Content-Type", "application/json;charset=UTF-8");
    for _ in 0..2 {
        let request = http::request("POST", "/v1/check", &[kind], &with_mark);
        assert_eq!(ask_on(&mut connection, &request).await.status(), 200, "kept alive");
    }

    let headers = [
        JSON,
        ("Expect", "100-continue"),
        ("Connection", "close"),
        ("Content-Length", &with_mark.len().to_string()),
    ];
    let head = http::request("POST", "/v1/check", &headers, b"");
    assert_eq!(ask_on(&mut connection, &head).await.status(), 100);
    connection.write_all(&with_mark).await.unwrap();
    let last = answer(&mut connection).await;
    assert_eq!((last.status(), last.header("connection")), (200, Some("close")));
    let mut rest = Vec::new();
    connection.read_to_end(&mut rest).await.unwrap();
    assert!(rest.is_empty());
    assert_eq!(server.serving.counters.recorded(), 1);

    let parts = b"1\r\n{\r\n1\r\n}\r\n0\r\n\r\n";
    let chunked = [
        http::request("POST", "/v1/check", &[JSON, ("Transfer-Encoding", "chunked")], b""),
        parts.to_vec(),
    ]
    .concat();
    assert_refused(
        &http::ask(address, &chunked).await,
        400,
        Code::InvalidArgument,
        "image.products",
    );
}

#[tokio::test]
async fn what_takes_too_long_is_given_up_and_a_retry_tells_that_it_was_recorded() {
    let place = Place::new().hosted(|hosting| hosting.deadline_max = Duration::from_millis(200));
    let server = place.serve().await;
    let mut other = server.place.sql().await;
    sqlx::raw_sql("BEGIN IMMEDIATE").execute(&mut other).await.unwrap();
    let late = server.post("/v1/check", &keyed("PC-1", "job-1")).await;
    assert_refused(&late, 504, Code::DeadlineExceeded, "same request id");
    sqlx::raw_sql("ROLLBACK").execute(&mut other).await.unwrap();
    assert_eq!(server.post("/v1/check", &keyed("PC-1", "job-1")).await.status(), 200);
    assert_eq!(server.serving.counters.recorded(), 1);
}

#[tokio::test]
async fn whoever_asks_for_the_head_is_told_how_long_the_answer_would_be() {
    let server = Server::start().await;
    server.record(3).await;
    for path in ["/v1/decisions", "/v1/openapi.json", "/v1/decisions/first", "/nowhere"] {
        let whole = server.get(path).await;
        let head = http::request("HEAD", path, &[("Connection", "close")], b"");
        let mut connection = TcpStream::connect(server.serving.http_address.unwrap()).await.unwrap();
        connection.write_all(&head).await.unwrap();
        let mut told = String::new();
        connection.read_to_string(&mut told).await.unwrap();
        let head = told.strip_suffix("\r\n\r\n").unwrap().to_owned();
        let head = Answer { head, body: Vec::new() };
        assert_eq!(head.status(), whole.status(), "{path}");
        assert_eq!(head.header("content-length"), whole.header("content-length"), "{path}");
        assert_eq!(head.header("content-length"), Some(&*whole.body.len().to_string()));
    }
}

#[tokio::test]
async fn calls_are_counted_and_traced_as_over_grpc() {
    let server = Server::start().await;
    server.check(typical("PC-1")).await.unwrap();
    let trace_id = "4bf92f3577b34da6a3ce929d0e0e4736";
    let parent = format!("00-{trace_id}-00f067aa0ba902b7-01");
    let headers = [JSON, ("traceparent", &*parent)];
    let body = bytes(&typical("PC-2"));
    let decided = server.ask("POST", "/v1/check", &headers, &body).await;
    assert_eq!(decided.json()["decision"]["traceId"], trace_id);
    server.get("/v1/decisions/first").await;
    server.get("/nowhere").await;
    let head = http::request("HEAD", "/v1/decisions", &[("Connection", "close")], b"");
    let mut connection = TcpStream::connect(server.serving.http_address.unwrap()).await.unwrap();
    connection.write_all(&head).await.unwrap();
    let mut told = String::new();
    connection.read_to_string(&mut told).await.unwrap();
    assert!(
        told.starts_with("HTTP/1.1 200 ") && told.ends_with("\r\n\r\n"),
        "{told}"
    );
    let metrics = server.metrics().await;
    for series in [
        "calls_total{rpc=\"Check\",code=\"OK\"} 2",
        "calls_total{rpc=\"History\",code=\"OK\"} 1",
        "calls_total{rpc=\"GetDecision\",code=\"INVALID_ARGUMENT\"} 1",
        "calls_total{rpc=\"other\",code=\"NOT_FOUND\"} 1",
        "call_seconds_count{rpc=\"Check\"} 2",
    ] {
        assert!(
            metrics.contains(&format!("reimage_rights_{series}\n")),
            "{series}\n{metrics}"
        );
    }
}
