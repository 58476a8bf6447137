//! Who may come in, and what each may do.

use std::fs;

use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use rcgen::KeyPair;
use reimage_rights::{
    access::Role,
    wire::pb::{
        self, eligibility_service_client::EligibilityServiceClient,
        transparency_service_client::TransparencyServiceClient,
    },
};
use tonic::{Code, Status, codegen::StdError};
use tonic_health::pb::{HealthCheckRequest, health_client::HealthClient};
use tonic_reflection::pb::v1::{ServerReflectionRequest, server_reflection_client::ServerReflectionClient};

use crate::support::{
    process::poll_for,
    server::{DEADLINE, Place, Server, keyed, typical},
    trust::{Authority, Known, bearing},
};

const LATER: &str = "2011-06-01T00:00:00Z";
const EARLIER: &str = "2011-03-01T00:00:00Z";
/// Every method, in the order of [`codes`].
const METHODS: usize = 10;

/// What each method answers a caller, asked about a decision of somebody.
async fn codes<T>(channel: T, decision_id: &str) -> [Code; METHODS]
where
    T: tonic::client::GrpcService<tonic::body::Body> + Clone,
    T::Error: Into<StdError>,
    T::ResponseBody: tonic::codegen::Body<Data = tonic::codegen::Bytes> + Send + 'static,
    <T::ResponseBody as tonic::codegen::Body>::Error: Into<StdError> + Send,
{
    let mut client = EligibilityServiceClient::new(channel.clone());
    let mut proofs = TransparencyServiceClient::new(channel);
    let decision_id = decision_id.to_owned();
    let batch = pb::BatchCheckRequest {
        requests: vec![typical("PC-9")],
    };
    let stream = tokio_stream::iter([pb::StreamCheckRequest {
        request: Some(typical("PC-9")),
    }]);
    let get = pb::GetDecisionRequest {
        decision_id: decision_id.clone(),
    };
    [
        code(client.check(typical("PC-9")).await),
        code(client.batch_check(batch).await),
        code(client.stream_check(stream).await),
        code(client.history(pb::HistoryRequest::default()).await),
        code(client.get_decision(get).await),
        code(client.reproduce(pb::ReproduceRequest { decision_id }).await),
        code(proofs.get_checkpoint(pb::GetCheckpointRequest { log: 1 }).await),
        code(proofs.prove_inclusion(pb::ProveInclusionRequest::default()).await),
        code(proofs.prove_consistency(pb::ProveConsistencyRequest::default()).await),
        code(proofs.export(pb::ExportRequest::default()).await),
    ]
}

fn code<T>(answer: Result<tonic::Response<T>, Status>) -> Code {
    answer.err().map_or(Code::Ok, |status| status.code())
}

async fn checked(channel: Known, request: pb::CheckRequest) -> Result<pb::Decision, Status> {
    let answer = EligibilityServiceClient::new(channel).check(request).await?;
    Ok(answer.into_inner().decision.unwrap())
}

#[tokio::test]
async fn without_credentials_only_the_health_is_told_and_nothing_is_recorded() {
    let server = Place::new().guarded("").serve().await;
    let denied = codes(server.channel(), "01946e2e-5d5d-7bb5-8f05-8a4cb0a4b10c").await;
    assert_eq!(denied, [Code::Unauthenticated; METHODS]);
    let health = HealthClient::new(server.channel())
        .check(HealthCheckRequest::default())
        .await;
    assert!(health.is_ok());
    let ask = tokio_stream::iter([ServerReflectionRequest::default()]);
    let reflection = ServerReflectionClient::new(server.channel())
        .server_reflection_info(ask)
        .await;
    assert_eq!(code(reflection), Code::Unauthenticated);
    let mut messages = Vec::new();
    for credential in ["", "rr_wrong", "a.b.c", "Basic x"] {
        let answer = checked(bearing(server.channel(), credential), typical("PC-1")).await;
        messages.push(answer.unwrap_err().to_string());
    }
    messages.dedup();
    assert_eq!(messages.len(), 1, "{messages:?}");
    assert_eq!(server.serving.counters.recorded(), 0);
    let metrics = server.metrics().await;
    assert!(
        metrics.contains("reimage_rights_denied_total{code=\"UNAUTHENTICATED\"} 15\n"),
        "{metrics}"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_role_may_do_its_own_and_nothing_else() {
    let place = Place::new().guarded("");
    let checker = place.token("checker", Role::Checker, LATER, 1);
    let other = place.token("other", Role::Checker, LATER, 2);
    let auditor = place.token("auditor", Role::Auditor, LATER, 3);
    let operator = place.token("operator", Role::Operator, LATER, 4);
    let server = place.serve().await;
    let decision = checked(server.known(&checker), typical("PC-1")).await.unwrap();
    assert_eq!(decision.caller, "checker");
    let id = &decision.decision_id;
    // The log is signed for the first time by now or soon: both are no denial.
    let (yes, no) = (Code::Ok, Code::PermissionDenied);
    let of = async |token| codes(server.known(token), id).await;
    assert_eq!(of(&checker).await, [yes, yes, yes, no, yes, no, no, no, no, no]);
    assert_eq!(of(&other).await, [yes, yes, yes, no, no, no, no, no, no, no]);
    server.export_as(&operator).await;
    assert_eq!(of(&auditor).await, [no, no, no, yes, yes, yes, yes, yes, yes, yes]);
    assert_eq!(of(&operator).await, [yes; METHODS]);
    // Whether there is such a decision is not told to those who may not read it.
    let unknown = codes(server.known(&other), "01946e2e-5d5d-7bb5-8f05-8a4cb0a4b10c").await;
    assert_eq!(unknown[4], no);
    let denied = EligibilityServiceClient::new(server.known(&other))
        .history(pb::HistoryRequest::default())
        .await
        .unwrap_err();
    assert_eq!(
        denied.message(),
        "History takes the role auditor or operator; `other` has checker"
    );
    let of_another = async |decision_id: &str| {
        let decision_id = decision_id.to_owned();
        let mut client = EligibilityServiceClient::new(server.known(&other));
        let asked = client.get_decision(pb::GetDecisionRequest { decision_id });
        asked.await.unwrap_err().message().to_owned()
    };
    assert_eq!(
        of_another(id).await,
        of_another("01946e2e-5d5d-7bb5-8f05-8a4cb0a4b10c").await
    );
    let malformed = codes(server.known(&other), "x").await;
    assert_eq!(malformed[4], Code::InvalidArgument);
}

#[tokio::test]
async fn a_request_id_is_each_callers_own() {
    let place = Place::new().guarded("");
    let one = place.token("one", Role::Checker, LATER, 1);
    let one_anew = place.token("one", Role::Checker, LATER, 3);
    let two = place.token("two", Role::Checker, LATER, 2);
    let server = place.serve().await;
    let first = checked(server.known(&one), keyed("PC-1", "job")).await.unwrap();
    let second = checked(server.known(&two), keyed("PC-2", "job")).await.unwrap();
    assert_ne!(first.decision_id, second.decision_id);
    // A replayed request gives what is recorded, to its own caller only; a caller with a new token is the same.
    let replayed = checked(server.known(&one_anew), keyed("PC-1", "job")).await.unwrap();
    assert_eq!(replayed, first);
    let stolen = checked(server.known(&two), keyed("PC-1", "job")).await.unwrap_err();
    assert_eq!(stolen.code(), Code::AlreadyExists);
    assert!(!stolen.message().contains(&first.decision_id), "{stolen}");
}

#[tokio::test]
async fn a_token_ends_when_it_expires() {
    let place = Place::new().guarded("");
    let old = place.token("old", Role::Operator, EARLIER, 1);
    let new = place.token("new", Role::Operator, LATER, 2);
    let server = place.serve().await;
    let refused = checked(server.known(&old), typical("PC-1")).await.unwrap_err();
    assert_eq!(refused.code(), Code::Unauthenticated);
    checked(server.known(&new), typical("PC-1")).await.unwrap();
    server.place.set_clock(100 * 24 * 3600 * 1_000_000);
    let refused = checked(server.known(&new), typical("PC-1")).await.unwrap_err();
    assert_eq!(refused.code(), Code::Unauthenticated);
}

#[tokio::test]
async fn a_stream_ends_when_its_caller_is_not_let_in_any_more() {
    let place = Place::new().guarded("");
    let token = place.token("one", Role::Checker, LATER, 1);
    let server = place.serve().await;
    let (ask, asked) = tokio::sync::mpsc::channel(1);
    let requests = tokio_stream::wrappers::ReceiverStream::new(asked);
    let mut client = EligibilityServiceClient::new(server.known(&token));
    let mut answers = client.stream_check(requests).await.unwrap().into_inner();
    let request = || pb::StreamCheckRequest {
        request: Some(typical("PC-1")),
    };
    ask.send(request()).await.unwrap();
    assert!(answers.message().await.unwrap().is_some());
    fs::write(server.place.access_file(), "").unwrap();
    let end = loop {
        // The stream may be gone already.
        let _ = ask.send(request()).await;
        match answers.message().await {
            Ok(answer) => assert!(answer.is_some()),
            Err(status) => break status,
        }
    };
    assert_eq!(end.code(), Code::Unauthenticated, "{end}");
}

#[tokio::test]
async fn a_stream_that_asks_nothing_ends_as_well_when_its_caller_is_not_let_in_any_more() {
    let place = Place::new().guarded("");
    let token = place.token("one", Role::Checker, LATER, 1);
    let server = place.serve().await;
    let mut client = EligibilityServiceClient::new(server.known(&token));
    let mut answers = client.stream_check(tokio_stream::pending()).await.unwrap().into_inner();
    fs::write(server.place.access_file(), "").unwrap();
    let end = tokio::time::timeout(DEADLINE, answers.message()).await.unwrap();
    assert_eq!(end.unwrap_err().code(), Code::Unauthenticated);
}

#[tokio::test]
async fn two_credentials_are_none() {
    let place = Place::new().guarded("");
    let token = place.token("one", Role::Checker, LATER, 1);
    let server = place.serve().await;
    let mut request = tonic::Request::new(typical("PC-1"));
    for shown in [token.reveal(), "rr_other"] {
        let shown = format!("Bearer {shown}").parse().unwrap();
        request.metadata_mut().append("authorization", shown);
    }
    let refused = server.client().check(request).await.unwrap_err();
    assert_eq!(refused.code(), Code::Unauthenticated);
}

#[tokio::test]
async fn an_access_file_that_was_wrong_is_tried_again_until_it_is_right() {
    let server = Place::new().guarded("").serve().await;
    let token = server.place.token("late", Role::Checker, LATER, 1);
    let path = server.place.access_file();
    let rest = fs::read_to_string(&path).unwrap();
    let jwt = "[jwt]\nissuer = \"i\"\naudience = \"a\"\njwks_file = \"jwks.json\"\n";
    fs::write(&path, format!("{jwt}{rest}")).unwrap();
    poll_for(async || {
        let metrics = server.metrics().await;
        metrics
            .contains("reimage_rights_reload_failures_total{file=\"access\"} 1")
            .then_some(())
    })
    .await;
    // Only now what it names, in a file that nobody watched.
    fs::copy("tests/corpus/jwks.json", server.place.path().join("jwks.json")).unwrap();
    poll_for(async || checked(server.known(&token), typical("PC-1")).await.ok()).await;
}

#[tokio::test]
async fn the_access_file_is_in_force_as_it_is_now_unless_it_is_wrong() {
    let server = Place::new().guarded("").serve().await;
    let token = server.place.token("late", Role::Checker, LATER, 1);
    let path = server.place.access_file();
    let until = async |code: Code| {
        poll_for(async || {
            let answer = checked(server.known(&token), typical("PC-1")).await;
            (answer.err().map_or(Code::Ok, |status| status.code()) == code).then_some(())
        })
        .await;
    };
    until(Code::Ok).await;
    fs::write(&path, "[[token]]\nname = 7\n").unwrap();
    poll_for(async || {
        let metrics = server.metrics().await;
        metrics
            .contains("reimage_rights_reload_failures_total{file=\"access\"} 1")
            .then_some(())
    })
    .await;
    checked(server.known(&token), typical("PC-1")).await.unwrap();
    fs::write(&path, "").unwrap();
    until(Code::Unauthenticated).await;
}

#[tokio::test]
async fn a_caller_is_known_by_the_certificate_of_an_authority_and_no_other() {
    let (authority, stranger) = (Authority::new(), Authority::new());
    let access = "[[certificate]]\nname = \"configmgr.example.com\"\nroles = [\"checker\"]\n";
    let place = Place::new()
        .guarded(access)
        .encrypted(&authority.issue(&["localhost"], 2090), Some(&authority));
    let server = place.serve_only().await;
    let known = authority.issue(&["x.example.com", "configmgr.example.com"], 2050);
    let channel = server.connect(authority.client(Some(&known))).await.unwrap();
    let mut client = EligibilityServiceClient::new(channel);
    let decision = client
        .check(typical("PC-1"))
        .await
        .unwrap()
        .into_inner()
        .decision
        .unwrap();
    assert_eq!(decision.caller, "configmgr.example.com");

    let unnamed = authority.issue(&["elsewhere.example.com"], 2050);
    let channel = server.connect(authority.client(Some(&unnamed))).await.unwrap();
    let refused = EligibilityServiceClient::new(channel)
        .check(typical("PC-1"))
        .await
        .unwrap_err();
    assert_eq!(refused.code(), Code::Unauthenticated);

    // Without a certificate, with a foreign one of the same name, or without TLS there is no connection at all.
    let forged = stranger.issue(&["configmgr.example.com"], 2050);
    for shown in [None, Some(&forged)] {
        let asked = async {
            let channel = server.connect(authority.client(shown)).await?;
            let asked = HealthClient::new(channel).check(HealthCheckRequest::default()).await;
            asked.map_err(|_| unreachable())
        };
        assert!(asked.await.is_err());
    }
    let address = format!("http://{}", server.serving.address);
    let plain = tonic::transport::Endpoint::from_shared(address).unwrap().connect_lazy();
    let asked = HealthClient::new(plain).check(HealthCheckRequest::default()).await;
    assert!(asked.is_err());

    // One that expires while it is connected is worth no more than an expired one.
    let year_2055_us = 2_682_374_400_000_000_i64;
    server.place.set_clock(year_2055_us - crate::support::server::START_US);
    let refused = client.check(typical("PC-1")).await.unwrap_err();
    assert_eq!(refused.code(), Code::Unauthenticated);
}

/// Stands for a connection that ended before it was one.
fn unreachable() -> tonic::transport::Error {
    tonic::transport::Endpoint::from_shared("not a URL at all".to_owned()).unwrap_err()
}

#[tokio::test]
async fn a_new_certificate_is_shown_without_an_end_to_connections() {
    let (old, new) = (Authority::new(), Authority::new());
    let place = Place::new().encrypted(&old.issue(&["localhost"], 2040), None);
    let server = place.serve_only().await;
    let channel = server.connect(old.client(None)).await.unwrap();
    let mut client = EligibilityServiceClient::new(channel);
    client.check(typical("PC-1")).await.unwrap();
    assert!(server.connect(new.client(None)).await.is_err());
    assert!(
        server
            .metrics()
            .await
            .contains("certificate_expiry_timestamp_seconds 2208988800\n")
    );

    server.place.show(&new.issue(&["localhost"], 2041));
    poll_for(async || server.connect(new.client(None)).await.ok()).await;
    assert!(server.connect(old.client(None)).await.is_err());
    client.check(typical("PC-2")).await.unwrap();
    assert!(
        server
            .metrics()
            .await
            .contains("certificate_expiry_timestamp_seconds 2240611200\n")
    );

    // What is wrong is not shown.
    fs::write(server.place.path().join("server.pem"), "nothing").unwrap();
    poll_for(async || {
        let metrics = server.metrics().await;
        metrics
            .contains("reimage_rights_reload_failures_total{file=\"tls\"} 1")
            .then_some(())
    })
    .await;
    server.connect(new.client(None)).await.unwrap();
}

#[tokio::test]
async fn a_caller_is_known_by_a_jwt_of_the_issuer() {
    let key = KeyPair::generate_for(&rcgen::PKCS_ED25519).unwrap();
    let access = "[jwt]\nissuer = \"https://issuer\"\naudience = \"rights\"\njwks_file = \"jwks.json\"\n";
    let place = Place::new();
    let set = |key: &KeyPair| {
        use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
        let x = URL_SAFE_NO_PAD.encode(key.public_key_raw());
        let jwk = serde_json::json!({ "kty": "OKP", "crv": "Ed25519", "kid": "one", "x": x });
        serde_json::json!({ "keys": [jwk] }).to_string()
    };
    let keys = place.path().join("jwks.json");
    fs::write(&keys, set(&key)).unwrap();
    let server = place.guarded(access).serve().await;
    let claims = serde_json::json!({
        "iss": "https://issuer", "aud": "rights", "sub": "alice", "roles": ["auditor", "checker"], "exp": 1_299_060_001,
    });
    let signed = |key: &KeyPair| {
        let mut header = Header::new(Algorithm::EdDSA);
        header.kid = Some("one".to_owned());
        encode(&header, &claims, &EncodingKey::from_ed_der(key.serialized_der())).unwrap()
    };
    let jwt = signed(&key);
    let decision = checked(bearing(server.channel(), &jwt), typical("PC-1")).await.unwrap();
    assert_eq!(decision.caller, "jwt:alice");

    // The issuer's keys are read again when they change.
    let next = KeyPair::generate_for(&rcgen::PKCS_ED25519).unwrap();
    fs::write(&keys, set(&next)).unwrap();
    let fresh = signed(&next);
    poll_for(async || checked(bearing(server.channel(), &fresh), typical("PC-1")).await.ok()).await;
    let refused = checked(bearing(server.channel(), &jwt), typical("PC-1"))
        .await
        .unwrap_err();
    assert_eq!(refused.code(), Code::Unauthenticated);
    server.place.set_clock(62_000_000);
    let refused = checked(bearing(server.channel(), &fresh), typical("PC-1"))
        .await
        .unwrap_err();
    assert_eq!(refused.code(), Code::Unauthenticated);
}

impl Server {
    /// Has everything signed.
    async fn export_as(&self, token: &reimage_rights::access::Token) {
        let mut proofs = TransparencyServiceClient::new(self.known(token));
        let mut chunks = proofs.export(pb::ExportRequest::default()).await.unwrap().into_inner();
        while chunks.message().await.unwrap().is_some() {}
    }
}
