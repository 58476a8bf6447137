//! Checks over the wire: what an answer carries, and how answers follow each other in the log.

use std::collections::BTreeSet;

use reimage_rights::wire::pb::{self, Outcome};
use tokio_stream::StreamExt as _;
use tonic::Request;
use tonic_health::pb::{HealthCheckRequest, health_check_response::ServingStatus, health_client::HealthClient};
use tonic_reflection::pb::{v1, v1alpha};
use uuid::Uuid;

use crate::support::server::{START_US, Server, examples, typical};

const SERVICE: &str = "reimagerights.v1.EligibilityService";

#[tokio::test]
async fn an_answer_is_rendered_whole() {
    let server = Server::start().await;
    for request in examples() {
        let decision = server.check(request.clone()).await.unwrap();
        assert_eq!(decision.request.as_ref(), Some(&request));
        assert_ne!(decision.verdict, 0);
        assert_eq!(decision.caller, "local");
        assert_eq!(decision.edition, "2011-02");
        assert!(decision.rules_revision.starts_with("2011-02/"), "{decision:?}");
        assert_eq!(decision.catalogue_digest.len(), 64);
        assert_eq!(decision.engine, env!("CARGO_PKG_VERSION"));
        assert_eq!(decision.trace_id, "");
        assert!(decision.advice.iter().any(|advice| advice.code == "agreement-governs"));
        assert!(decision.advice.iter().all(|advice| !advice.text.is_empty()));
        let resolved = decision.resolved.as_ref().unwrap();
        let product = &resolved.device.as_ref().unwrap().licenses[0].product;
        assert_ne!(product.as_ref().unwrap().family, "", "names are resolved");

        assert_eq!(decision.items.len(), request.image.unwrap().products.len());
        for item in &decision.items {
            assert_ne!(item.product.as_ref().unwrap().family, "");
            assert_ne!(item.license_id, "");
            assert_eq!(item.other_bases.len(), 4);
            assert!(!item.findings.is_empty());
            item.findings.iter().for_each(assert_rendered);
        }
    }
}

fn assert_rendered(finding: &pb::Finding) {
    assert_ne!(finding.explanation, "", "{finding:?}");
    assert_ne!(finding.reason, "", "{finding:?}");
    let citation = finding.citation.as_ref().unwrap();
    assert_eq!(citation.edition, "2011-02");
    assert!(
        !citation.section.is_empty() && !citation.paragraph.is_empty(),
        "{finding:?}"
    );
    let stands = matches!(finding.outcome(), Outcome::Holds | Outcome::DoesNotApply);
    assert_eq!(finding.remedy.is_empty(), stands, "{finding:?}");
    assert!(!finding.facts.is_empty(), "{finding:?}");
    let roots = ["device", "image", "agreement", "activation"];
    let rooted = |path: &String| roots.iter().any(|root| path.starts_with(root));
    assert!(finding.facts.iter().all(rooted), "{finding:?}");
}

#[tokio::test]
async fn the_log_has_no_gaps_and_time_in_it_always_runs_forward_whatever_the_clock_does() {
    let server = Server::start().await;
    let mut decisions = Vec::new();
    for clock in [5_000_000, 1_000_000, 9_000_000, -3_000_000] {
        server.place.set_clock(clock);
        decisions.extend(server.record(50).await);
    }
    decisions.sort_unstable_by_key(|decision| decision.log_index);
    let indices: Vec<u64> = decisions.iter().map(|decision| decision.log_index).collect();
    assert_eq!(indices, (0..200).collect::<Vec<u64>>());
    let times: Vec<i64> = decisions.iter().map(decided_at_us).collect();
    assert!(times.is_sorted_by(|one, next| one < next), "{times:?}");
    // A hundred at the last and the earlier clock: each a microsecond behind the one before.
    assert_eq!((times[0], times[199]), (START_US + 5_000_000, START_US + 9_000_099));
    let ids: BTreeSet<Uuid> = decisions
        .iter()
        .map(|decision| Uuid::parse_str(&decision.decision_id).unwrap())
        .collect();
    assert_eq!(ids.len(), 200);
    assert!(ids.iter().all(|id| id.get_version_num() == 7));

    // The log goes on where it was, behind its last time, after a restart too.
    let server = server.restart().await;
    let next = server.check(typical("PC-next")).await.unwrap();
    assert_eq!(next.log_index, 200);
    assert_eq!(decided_at_us(&next), START_US + 9_000_100);
}

fn decided_at_us(decision: &pb::Decision) -> i64 {
    let time = decision.decided_at.as_ref().unwrap();
    time.seconds * 1_000_000 + i64::from(time.nanos / 1000)
}

#[tokio::test]
async fn a_decision_is_given_again_as_it_was_answered() {
    let server = Server::start().await;
    let mut answered = Vec::new();
    for request in examples() {
        answered.push(server.check(request).await.unwrap());
    }
    let server = server.restart().await;
    for decision in &answered {
        assert_eq!(&server.decision(&decision.decision_id).await.unwrap(), decision);
    }
    let history = server.whole_history(pb::HistoryRequest::default()).await;
    assert!(history.iter().rev().eq(answered.iter()));
}

#[tokio::test]
async fn a_trace_id_is_kept_from_the_traceparent() {
    let server = Server::start().await;
    let id = "4bf92f3577b34da6a3ce929d0e0e4736";
    let mut request = Request::new(typical("PC-1"));
    let parent = format!("00-{id}-00f067aa0ba902b7-01");
    request.metadata_mut().insert("traceparent", parent.parse().unwrap());
    let decision = server.client().check(request).await.unwrap().into_inner().decision;
    assert_eq!(decision.unwrap().trace_id, id);
}

#[tokio::test]
async fn a_server_that_can_record_is_healthy_and_knows_no_other_service() {
    let server = Server::start().await;
    let mut client = HealthClient::new(server.channel());
    for service in ["", SERVICE] {
        let service = service.to_owned();
        let answer = client.check(HealthCheckRequest { service }).await.unwrap().into_inner();
        assert_eq!(answer.status(), ServingStatus::Serving);
    }
    let service = "reimagerights.v1.Nothing".to_owned();
    let status = client.check(HealthCheckRequest { service }).await.unwrap_err();
    assert_eq!(status.code(), tonic::Code::NotFound);
}

macro_rules! reflects {
    ($($test:ident: $version:ident),+) => {
        $(#[tokio::test]
        async fn $test() {
            use $version::{
                ServerReflectionRequest, server_reflection_client::ServerReflectionClient,
                server_reflection_request::MessageRequest, server_reflection_response::MessageResponse,
            };

            let server = Server::start().await;
            let mut client = ServerReflectionClient::new(server.channel());
            let ask = |message_request| ServerReflectionRequest {
                host: String::new(),
                message_request: Some(message_request),
            };
            let asked = [
                ask(MessageRequest::ListServices(String::new())),
                ask(MessageRequest::FileContainingSymbol(SERVICE.to_owned())),
            ];
            let answers = client.server_reflection_info(tokio_stream::iter(asked)).await.unwrap();
            let answers: Vec<_> = answers.into_inner().map(|answer| answer.unwrap().message_response).collect().await;
            let [Some(MessageResponse::ListServicesResponse(list)), Some(MessageResponse::FileDescriptorResponse(files))] =
                &answers[..]
            else {
                panic!("{answers:?}")
            };
            let names: BTreeSet<&str> = list.service.iter().map(|service| service.name.as_str()).collect();
            assert!(names.contains(SERVICE) && names.contains("grpc.health.v1.Health"), "{names:?}");
            assert!(!files.file_descriptor_proto.is_empty());
        })+
    };
}

reflects! {
    reflection_lists_the_services: v1,
    reflection_of_older_clients_lists_them_too: v1alpha
}
