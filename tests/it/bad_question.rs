//! Questions to the record that are wrong: refused at their paths, with a cure.

use reimage_rights::wire::Timestamp;
use reimage_rights::wire::pb::HistoryRequest;
use tonic::Code;

use crate::support::{
    server::{Server, typical},
    wrong::{named, violations},
};

fn by(set: impl FnOnce(&mut HistoryRequest)) -> HistoryRequest {
    let mut request = HistoryRequest::default();
    set(&mut request);
    request
}

async fn assert_refused(server: &Server, request: HistoryRequest, path: &str, cure: &str) {
    let found = violations(&server.history(request).await.unwrap_err());
    let told = found.get(path).unwrap_or_else(|| panic!("{path} is not in {found:?}"));
    assert!(told.contains(cure), "{path}: {told}");
}

#[tokio::test]
async fn wrong_questions_to_the_history_are_refused_at_their_paths() {
    let server = Server::start().await;
    let moment = Some(Timestamp { seconds: 5, nanos: 0 });
    let expect = [
        (
            by(|request| "next".clone_into(&mut request.page_token)),
            "page_token",
            "not a page token of this service",
        ),
        (by(|request| request.page_size = 1001), "page_size", "1 to 1000"),
        (by(|request| request.verdict = 99), "verdict", "VERDICT_PERMITTED"),
        (by(|request| request.basis = 99), "basis", "BASIS_OEM_PRELOAD"),
        (by(|request| request.order = 99), "order", "DECISION_ORDER_OLDEST_FIRST"),
        (by(|request| request.view = 99), "view", "DECISION_VIEW_BASIC"),
        (
            by(|request| "same-langage".clone_into(&mut request.condition)),
            "condition",
            "same-language",
        ),
        (
            by(|request| request.product = Some(named("Windos 7 Pro"))),
            "product.name",
            "Windows 7 Professional",
        ),
        (
            by(|request| request.product = Some(named("Windos 7"))),
            "product.name",
            "known: `Windows 7`, `Windows 7 ",
        ),
        (
            by(|request| request.image_id = "x".repeat(257)),
            "image_id",
            "at most 256",
        ),
        (
            by(|request| (request.decided_after, request.decided_before) = (moment, moment)),
            "decided_before",
            "not later than `decided_after`",
        ),
    ];
    for (request, path, cure) in expect {
        assert_refused(&server, request, path, cure).await;
    }
}

#[tokio::test]
async fn a_page_token_goes_with_its_own_filters_and_order_whatever_the_page_size_and_view() {
    let server = Server::start().await;
    server.check_all(vec![typical("PC-1"); 3]).await;
    let device = |device: &str| by(|request| (request.device_id, request.page_size) = (device.to_owned(), 1));
    let page_token = server.history(device("PC-1")).await.unwrap().next_page_token;
    let with_token = |request: HistoryRequest| HistoryRequest {
        page_token: page_token.clone(),
        ..request
    };
    for other in [
        device("PC-2"),
        by(|_| {}),
        HistoryRequest {
            order: 2,
            ..device("PC-1")
        },
    ] {
        assert_refused(&server, with_token(other), "page_token", "of another query").await;
    }
    let next = HistoryRequest {
        page_size: 5,
        view: 2,
        ..device("PC-1")
    };
    assert_eq!(server.history(with_token(next)).await.unwrap().decisions.len(), 2);
}

#[tokio::test]
async fn an_id_that_is_none_is_told_from_one_that_names_no_decision() {
    let server = Server::start().await;
    for id in ["", "1", "not-an-id"] {
        assert!(violations(&server.decision(id).await.unwrap_err()).contains_key("decision_id"));
        assert!(violations(&server.reproduce(id).await.unwrap_err()).contains_key("decision_id"));
    }
    let id = "0190b2c4-7d1e-7a3b-9c5d-1234567890ab";
    let status = server.decision(id).await.unwrap_err();
    assert_eq!(status.code(), Code::NotFound);
    assert!(status.message().contains(id), "{status:?}");
    assert_eq!(server.reproduce(id).await.unwrap_err().code(), Code::NotFound);
}
