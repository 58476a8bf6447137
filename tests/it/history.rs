//! The history: what its filters find, and pages that stay right while decisions keep arriving.

use std::collections::BTreeSet;

use pbjson_types::Timestamp;
use prost::Message as _;
use reimage_rights::wire::{
    pb::{self, DecisionOrder, DecisionView, HistoryRequest},
    projection,
};

use crate::support::server::{START_US, Server, check, example, examples, keyed, typical};

/// What common clients take.
const ANSWER_LEN_MAX: usize = 4 * 1024 * 1024;

fn oldest_first() -> HistoryRequest {
    HistoryRequest {
        order: DecisionOrder::OldestFirst as i32,
        ..HistoryRequest::default()
    }
}

fn indices(decisions: &[pb::Decision]) -> Vec<u64> {
    decisions.iter().map(|decision| decision.log_index).collect()
}

/// Log indices of the decisions that a request finds, oldest first.
async fn found(server: &Server, request: HistoryRequest) -> Vec<u64> {
    let order = DecisionOrder::OldestFirst as i32;
    indices(&server.whole_history(HistoryRequest { order, ..request }).await)
}

#[tokio::test]
async fn each_filter_finds_what_it_names_and_they_combine_with_and() {
    let server = Server::start().await;
    // 0: permitted; 1: not permitted; 2: indeterminate; 3: two products; 4: permitted, another device and label.
    let mut last = keyed("PC-4", "job-4");
    last.labels.insert("site".to_owned(), "Oslo".to_owned());
    let requests = [
        example("reimage-oem-windows-7-professional"),
        example("home-premium-is-not-professional"),
        example("prior-version-terms-not-stated"),
        example("windows-and-office-in-one-image"),
        last,
    ];
    let mut decisions = Vec::new();
    for request in requests {
        decisions.push(server.check(request).await.unwrap());
    }
    let of = |index: usize| decisions[index].request.clone().unwrap();
    let by = HistoryRequest::default;
    let named = |name: &str| pb::Product {
        name: name.to_owned(),
        ..pb::Product::default()
    };
    let family = |family: &str, version: &str| pb::Product {
        family: family.to_owned(),
        version: version.to_owned(),
        ..pb::Product::default()
    };
    let label = |key: &str, value: &str| pb::LabelFilter {
        key: key.to_owned(),
        value: value.to_owned(),
    };
    let device = |index: usize| of(index).device.unwrap().id;
    let image = |index: usize| of(index).image.unwrap().id;

    let expect: Vec<(HistoryRequest, Vec<u64>)> = vec![
        (by(), vec![0, 1, 2, 3, 4]),
        (
            HistoryRequest {
                device_id: device(0),
                ..by()
            },
            vec![0],
        ),
        (
            HistoryRequest {
                device_id: "PC-4".to_owned(),
                ..by()
            },
            vec![4],
        ),
        (
            HistoryRequest {
                device_id: "pc-4".to_owned(),
                ..by()
            },
            vec![],
        ),
        (
            HistoryRequest {
                image_id: image(3),
                ..by()
            },
            vec![3],
        ),
        (
            HistoryRequest {
                image_id: image(0),
                ..by()
            },
            vec![0, 1, 4],
        ),
        (
            HistoryRequest {
                caller: "local".to_owned(),
                ..by()
            },
            vec![0, 1, 2, 3, 4],
        ),
        (
            HistoryRequest {
                caller: "nobody".to_owned(),
                ..by()
            },
            vec![],
        ),
        (
            HistoryRequest {
                request_id: "job-4".to_owned(),
                ..by()
            },
            vec![4],
        ),
        (
            HistoryRequest {
                verdict: pb::Verdict::NotPermitted as i32,
                ..by()
            },
            vec![1],
        ),
        (
            HistoryRequest {
                verdict: pb::Verdict::Indeterminate as i32,
                ..by()
            },
            vec![2],
        ),
        (
            HistoryRequest {
                edition: "2011-02".to_owned(),
                ..by()
            },
            vec![0, 1, 2, 3, 4],
        ),
        (
            HistoryRequest {
                edition: "2012-02".to_owned(),
                ..by()
            },
            vec![],
        ),
        (
            HistoryRequest {
                condition: "same-product".to_owned(),
                ..by()
            },
            open(&decisions, "same-product"),
        ),
        (
            HistoryRequest {
                condition: "prior-version".to_owned(),
                ..by()
            },
            open(&decisions, "prior-version"),
        ),
        (
            HistoryRequest {
                product: Some(named("Office Standard 2007")),
                ..by()
            },
            vec![3],
        ),
        (
            HistoryRequest {
                product: Some(family("Office", "")),
                ..by()
            },
            vec![3],
        ),
        (
            HistoryRequest {
                product: Some(family("WINDOWS", "7")),
                ..by()
            },
            holding(&decisions, "Windows", "7"),
        ),
        (
            HistoryRequest {
                label: Some(label("site", "Oslo")),
                ..by()
            },
            vec![4],
        ),
        (
            HistoryRequest {
                label: Some(label("site", "Berlin")),
                ..by()
            },
            vec![0],
        ),
        (
            HistoryRequest {
                image_id: image(0),
                label: Some(label("site", "Oslo")),
                ..by()
            },
            vec![4],
        ),
        (
            HistoryRequest {
                image_id: image(3),
                label: Some(label("site", "Oslo")),
                ..by()
            },
            vec![],
        ),
    ];
    for (request, indices) in expect {
        assert_eq!(found(&server, request.clone()).await, indices, "{request:?}");
    }
    for basis in [
        pb::Basis::ReimagingRight,
        pb::Basis::VolumeLicense,
        pb::Basis::OemRecovery,
    ] {
        let decided = decisions
            .iter()
            .filter(|decision| decision.items.iter().any(|item| item.basis() == basis));
        let expected: Vec<u64> = decided.map(|decision| decision.log_index).collect();
        assert_eq!(
            found(
                &server,
                HistoryRequest {
                    basis: basis as i32,
                    ..by()
                }
            )
            .await,
            expected
        );
    }
    assert!(!open(&decisions, "same-product").is_empty() && !open(&decisions, "prior-version").is_empty());
}

/// Where a condition is broken or unknown on a deciding basis.
fn open(decisions: &[pb::Decision], condition: &str) -> Vec<u64> {
    let is_open = |finding: &pb::Finding| matches!(finding.outcome(), pb::Outcome::Broken | pb::Outcome::Unknown);
    let has = |decision: &&pb::Decision| {
        let mut findings = decision.items.iter().flat_map(|item| &item.findings);
        findings.any(|finding| finding.condition == condition && is_open(finding))
    };
    decisions
        .iter()
        .filter(has)
        .map(|decision| decision.log_index)
        .collect()
}

fn holding(decisions: &[pb::Decision], family: &str, version: &str) -> Vec<u64> {
    let is = |item: &pb::Item| {
        let product = item.product.as_ref().unwrap();
        product.family == family && product.version == version
    };
    let has = decisions.iter().filter(|decision| decision.items.iter().any(is));
    has.map(|decision| decision.log_index).collect()
}

#[tokio::test]
async fn a_time_range_holds_its_start_and_not_its_end() {
    let server = Server::start().await;
    for second in 0..4 {
        server.place.set_clock(second * 1_000_000);
        server.check(typical("PC-1")).await.unwrap();
    }
    let at = |behind_us: i64| {
        let us = START_US + behind_us;
        let nanos = i32::try_from(us % 1_000_000).unwrap() * 1000;
        Some(Timestamp {
            seconds: us / 1_000_000,
            nanos,
        })
    };
    let within = |decided_after, decided_before| HistoryRequest {
        decided_after,
        decided_before,
        ..HistoryRequest::default()
    };
    for (request, expected) in [
        (within(at(1_000_000), None), vec![1, 2, 3]),
        (within(at(1_000_001), None), vec![2, 3]),
        (within(None, at(2_000_000)), vec![0, 1]),
        (within(at(1_000_000), at(3_000_000)), vec![1, 2]),
        (within(at(9_000_000), None), vec![]),
    ] {
        assert_eq!(found(&server, request.clone()).await, expected, "{request:?}");
    }
}

#[tokio::test]
async fn a_history_begins_with_the_newest_unless_asked_otherwise() {
    let server = Server::start().await;
    server.record(60).await;
    let page = server.history(HistoryRequest::default()).await.unwrap();
    assert_eq!(
        indices(&page.decisions),
        (10..60).rev().collect::<Vec<u64>>(),
        "50 on a page by default"
    );
    let rest = HistoryRequest {
        page_token: page.next_page_token,
        ..HistoryRequest::default()
    };
    let page = server.history(rest).await.unwrap();
    assert_eq!(indices(&page.decisions), (0..10).rev().collect::<Vec<u64>>());
    assert_eq!(page.next_page_token, "");
    let page = server.history(oldest_first()).await.unwrap();
    assert_eq!(indices(&page.decisions), (0..50).collect::<Vec<u64>>());
}

#[tokio::test]
async fn pages_have_no_gap_and_no_duplicate_while_decisions_keep_arriving() {
    let server = Server::start().await;
    server.record(40).await;
    for order in [DecisionOrder::NewestFirst, DecisionOrder::OldestFirst] {
        let mut request = HistoryRequest {
            page_size: 7,
            order: order as i32,
            ..HistoryRequest::default()
        };
        let newest = found(&server, HistoryRequest::default()).await.len() as u64;
        let mut seen = Vec::new();
        for page in 0.. {
            let arriving = if page < 5 { 6 } else { 0 };
            let (answer, arrived) = tokio::join!(server.history(request.clone()), server.record(arriving));
            assert_eq!(arrived.len(), arriving);
            let answer = answer.unwrap();
            assert!(answer.decisions.len() == 7 || answer.next_page_token.is_empty());
            seen.extend(indices(&answer.decisions));
            request.page_token = answer.next_page_token;
            if request.page_token.is_empty() {
                break;
            }
        }
        if order == DecisionOrder::NewestFirst {
            // Begun at the newest of its time, it goes down to the first without a gap.
            let first = seen[0];
            assert!(first + 1 >= newest);
            assert_eq!(seen, (0..=first).rev().collect::<Vec<u64>>());
        } else {
            let last = *seen.last().unwrap();
            assert!(last + 1 >= newest + 24, "those that arrived before the end are found");
            assert_eq!(seen, (0..=last).collect::<Vec<u64>>());
        }
    }
}

#[tokio::test]
async fn the_basic_view_leaves_out_what_is_long() {
    let server = Server::start().await;
    for request in examples() {
        server.check(request).await.unwrap();
    }
    let view = DecisionView::Basic as i32;
    let basic = server.whole_history(HistoryRequest { view, ..oldest_first() }).await;
    let full = server.whole_history(oldest_first()).await;
    assert_eq!(basic.len(), full.len());
    for (basic, mut full) in basic.into_iter().zip(full) {
        assert!(full.request.is_some() && full.resolved.is_some() && !full.items[0].findings.is_empty());
        full.request = None;
        full.resolved = None;
        full.items.iter_mut().for_each(|item| item.findings.clear());
        assert_eq!(basic, full);
    }
}

#[tokio::test]
async fn a_page_of_a_thousand_whole_decisions_stays_within_what_clients_take() {
    let server = Server::start().await;
    server.record(1000).await;
    let mut request = HistoryRequest {
        page_size: 1000,
        ..oldest_first()
    };
    let mut seen = Vec::new();
    let mut pages = 0;
    loop {
        let page = server.history(request.clone()).await.unwrap();
        assert!(page.encoded_len() < ANSWER_LEN_MAX, "{}", page.encoded_len());
        assert!(!page.decisions.is_empty());
        seen.extend(indices(&page.decisions));
        pages += 1;
        request.page_token = page.next_page_token;
        if request.page_token.is_empty() {
            break;
        }
    }
    assert_eq!(seen, (0..1000).collect::<Vec<u64>>());
    assert!(pages > 1, "a thousand whole decisions are more than one answer takes");
}

#[tokio::test]
async fn an_acknowledged_decision_is_in_the_next_history() {
    let server = Server::start().await;
    let callers = (0..16).map(|caller| {
        let client = server.client();
        async move {
            for turn in 0..8 {
                let device = format!("PC-{caller}-{turn}");
                let decision = check(client.clone(), typical(&device)).await.unwrap();
                let request = HistoryRequest {
                    device_id: device,
                    ..HistoryRequest::default()
                };
                let page = client.clone().history(request).await.unwrap().into_inner();
                assert_eq!(page.decisions, [decision]);
            }
        }
    });
    crate::support::server::all(callers).await;
    assert_eq!(found(&server, HistoryRequest::default()).await.len(), 128);
}

#[tokio::test]
async fn records_that_share_a_search_number_are_told_apart() {
    let server = Server::start().await;
    let decisions = server.record(2).await;
    // As if the device ids of both had the same number.
    let terms = |decision: &pb::Decision| projection(decision).unwrap().terms().to_vec();
    let (first, second) = (terms(&decisions[0]), terms(&decisions[1]));
    let own: BTreeSet<i64> = first
        .iter()
        .filter(|term| !second.contains(term))
        .map(|term| term.stored())
        .collect();
    let device = own.into_iter().next().unwrap();
    let mut database = server.place.sql().await;
    sqlx::query("INSERT INTO posting (term, log_index) VALUES (?1, ?2)")
        .bind(device)
        .bind(decisions[1].log_index.cast_signed())
        .execute(&mut database)
        .await
        .unwrap();
    let device_id = "PC-0".to_owned();
    let found = found(
        &server,
        HistoryRequest {
            device_id,
            ..HistoryRequest::default()
        },
    )
    .await;
    assert_eq!(found, [decisions[0].log_index]);
}
