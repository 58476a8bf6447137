//! Who may do what over HTTP: tokens, roles, certificates, pace.

use std::num::NonZeroUsize;

use reimage_rights::{access::Role, app::Limits, wire::pb};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
};
use tonic::Code;

use super::{JSON, assert_refused, bytes};
use crate::support::{
    http::{self, ask_on},
    server::{Place, typical},
    trust::Authority,
};

const LATER: &str = "2011-06-01T00:00:00Z";

#[tokio::test]
async fn without_credentials_nothing_is_told() {
    let server = Place::new().guarded("").serve().await;
    for (verb, path) in [
        ("POST", "/v1/check"),
        ("POST", "/v1/check:batch"),
        ("GET", "/v1/decisions"),
        ("GET", "/v1/decisions/first"),
        ("GET", "/v1/openapi.json"),
        ("GET", "/v1/nothing"),
        ("PUT", "/v1/check"),
    ] {
        for headers in [&[][..], &[("Authorization", "Bearer rr_wrong")]] {
            let refused = server.ask(verb, path, headers, b"").await;
            assert_refused(&refused, 401, Code::Unauthenticated, "who calls is not known");
            assert_eq!(refused.header("www-authenticate"), Some("Bearer"), "{verb} {path}");
        }
    }
    let metrics = server.metrics().await;
    assert!(
        metrics.contains("reimage_rights_denied_total{code=\"UNAUTHENTICATED\"} 14\n"),
        "{metrics}"
    );
}

#[tokio::test]
async fn each_role_may_do_the_same_as_over_grpc() {
    let place = Place::new().guarded("");
    let checker = place.token("checker", Role::Checker, LATER, 1);
    let other = place.token("other", Role::Checker, LATER, 2);
    let auditor = place.token("auditor", Role::Auditor, LATER, 3);
    let server = place.serve().await;
    let shown = |token: &reimage_rights::access::Token| format!("Bearer {}", token.reveal());
    let body = bytes(&typical("PC-1"));
    let bearing = ("Authorization", &*shown(&checker));
    let decided = server.ask("POST", "/v1/check", &[JSON, bearing], &body).await;
    assert_eq!(decided.json()["decision"]["caller"], "checker");
    let id = decided.json()["decision"]["decisionId"].as_str().unwrap().to_owned();
    let batch = bytes(&pb::BatchCheckRequest {
        requests: vec![typical("PC-2")],
    });
    let one = format!("/v1/decisions/{id}");
    for (token, expected) in [
        (&checker, [200, 200, 403, 200, 200]),
        (&other, [200, 200, 403, 403, 200]),
        (&auditor, [403, 403, 200, 200, 200]),
    ] {
        let headers = [JSON, ("Authorization", &*shown(token))];
        let found = [
            server.ask("POST", "/v1/check", &headers, &body).await.status(),
            server.ask("POST", "/v1/check:batch", &headers, &batch).await.status(),
            server.ask("GET", "/v1/decisions", &headers, b"").await.status(),
            server.ask("GET", &one, &headers, b"").await.status(),
            server.ask("GET", "/v1/openapi.json", &headers, b"").await.status(),
        ];
        assert_eq!(found, expected);
    }
    let twice = [JSON, bearing, ("Authorization", "Bearer rr_other")];
    assert_eq!(server.ask("POST", "/v1/check", &twice, &body).await.status(), 401);
}

#[tokio::test]
async fn over_tls_a_client_may_show_a_certificate_in_place_of_a_token() {
    let authority = Authority::new();
    let place = Place::new()
        .guarded("[[certificate]]\nname = \"hall-3\"\nroles = [\"checker\"]\n")
        .encrypted(&authority.issue(&["localhost"], 2100), Some(&authority));
    let server = place.serve_only().await;
    let address = server.serving.http_address.unwrap();
    let request = http::request("POST", "/v1/check", &[JSON], &bytes(&typical("PC-1")));
    let mut known = authority
        .connect(address, Some(&authority.issue(&["hall-3"], 2100)))
        .await;
    assert_eq!(known.get_ref().1.alpn_protocol(), Some(&b"http/1.1"[..]));
    let decided = ask_on(&mut known, &request).await;
    assert_eq!(decided.json()["decision"]["caller"], "hall-3");
    let mut unknown = authority
        .connect(address, Some(&authority.issue(&["hall-4"], 2100)))
        .await;
    assert_eq!(ask_on(&mut unknown, &request).await.status(), 401);

    // Without a certificate, or without TLS, there is no connection.
    let mut nobody = authority.connect(address, None).await;
    let asked = nobody.write_all(&request).await;
    assert!(asked.is_err() || nobody.read_u8().await.is_err());
    let mut plain = TcpStream::connect(address).await.unwrap();
    plain.write_all(&request).await.unwrap();
    let mut told = Vec::new();
    let _ = plain.read_to_end(&mut told).await;
    assert!(!told.starts_with(b"HTTP"));
    assert_eq!(server.serving.counters.recorded(), 1);
}

#[tokio::test]
async fn who_is_to_come_again_is_told_when() {
    let place = Place::new().limited(Limits {
        rate_max: NonZeroUsize::new(1),
        ..Limits::default()
    });
    let server = place.serve().await;
    assert_eq!(server.post("/v1/check", &typical("PC-1")).await.status(), 200);
    let refused = server.get("/v1/decisions").await;
    assert_refused(&refused, 429, Code::ResourceExhausted, "1 requests in a second");
    assert_eq!(refused.header("retry-after"), Some("1"));
    let detail = &refused.json()["details"][0];
    assert_eq!(detail["@type"], "type.googleapis.com/google.rpc.RetryInfo");
    assert!(detail["retryDelay"].as_str().unwrap().ends_with('s'), "{detail}");
    // The pace is one for both.
    let refused = server.history(pb::HistoryRequest::default()).await.unwrap_err();
    assert_eq!(refused.code(), Code::ResourceExhausted);
}
