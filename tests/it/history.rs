//! The history: what its filters find, and pages that stay right while decisions keep arriving.

use std::collections::BTreeSet;

use prost::Message as _;
use reimage_rights::wire::Timestamp;
use reimage_rights::wire::{
    pb::{self, DecisionOrder, DecisionView, HistoryRequest},
    projection,
};

use crate::support::{
    server::{START_US, Server, all, check, example, examples, keyed, typical},
    wrong::named,
};

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

fn by(set: impl FnOnce(&mut HistoryRequest)) -> HistoryRequest {
    let mut request = HistoryRequest::default();
    set(&mut request);
    request
}

/// 0: permitted; 1: not permitted, on the same image; 2: indeterminate; 3: two products; 4: permitted, on that image too, with
/// another device, key and label.
async fn filled() -> (Server, Vec<pb::Decision>) {
    let server = Server::start().await;
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
    (server, decisions)
}

async fn assert_found(server: &Server, expect: Vec<(HistoryRequest, Vec<u64>)>) {
    for (request, expected) in expect {
        assert_eq!(found(server, request.clone()).await, expected, "{request:?}");
    }
}

#[tokio::test]
async fn decisions_are_found_by_device_image_caller_key_and_edition() {
    let (server, decisions) = filled().await;
    let image = |index: usize| {
        let request = decisions[index].request.clone().unwrap();
        by(|filter| filter.image_id = request.image.unwrap().id)
    };
    let all = vec![0, 1, 2, 3, 4];
    let expect = vec![
        (by(|_| {}), all.clone()),
        (by(|filter| "PC-4".clone_into(&mut filter.device_id)), vec![4]),
        (by(|filter| "pc-4".clone_into(&mut filter.device_id)), vec![]),
        (image(3), vec![3]),
        (image(0), vec![0, 1, 4]),
        (by(|filter| "local".clone_into(&mut filter.caller)), all.clone()),
        (by(|filter| "nobody".clone_into(&mut filter.caller)), vec![]),
        (by(|filter| "job-4".clone_into(&mut filter.request_id)), vec![4]),
        (by(|filter| "2011-02".clone_into(&mut filter.edition)), all),
        (by(|filter| "2012-02".clone_into(&mut filter.edition)), vec![]),
    ];
    assert_found(&server, expect).await;
}

#[tokio::test]
async fn decisions_are_found_by_verdict_basis_and_open_condition() {
    let (server, decisions) = filled().await;
    let mut expect = vec![
        (by(|filter| filter.verdict = pb::Verdict::NotPermitted as i32), vec![1]),
        (by(|filter| filter.verdict = pb::Verdict::Indeterminate as i32), vec![2]),
    ];
    for basis in [
        pb::Basis::ReimagingRight,
        pb::Basis::VolumeLicense,
        pb::Basis::OemRecovery,
    ] {
        let decided = decisions
            .iter()
            .filter(|decision| decision.items.iter().any(|item| item.basis() == basis));
        let expected = decided.map(|decision| decision.log_index).collect();
        expect.push((by(|filter| filter.basis = basis as i32), expected));
    }
    for condition in ["same-product", "prior-version"] {
        let expected = open(&decisions, condition);
        assert!(!expected.is_empty());
        expect.push((by(|filter| condition.clone_into(&mut filter.condition)), expected));
    }
    assert_found(&server, expect).await;
}

#[tokio::test]
async fn what_is_blank_is_not_taken_for_all_there_is() {
    let server = Server::start().await;
    let blank = || " ".to_owned();
    for (path, asked) in [
        ("device_id", by(|filter| filter.device_id = blank())),
        ("image_id", by(|filter| filter.image_id = blank())),
        ("caller", by(|filter| filter.caller = blank())),
        ("request_id", by(|filter| filter.request_id = blank())),
        ("edition", by(|filter| filter.edition = blank())),
        ("condition", by(|filter| filter.condition = blank())),
    ] {
        let status = server.history(asked).await.unwrap_err();
        assert!(status.message().contains(&format!("{path}: is blank")), "{status}");
    }
}

#[tokio::test]
async fn decisions_are_found_by_product_and_label_and_filters_combine_with_and() {
    let (server, decisions) = filled().await;
    let family = |family: &str, version: &str| pb::Product {
        family: family.to_owned(),
        version: version.to_owned(),
        ..pb::Product::default()
    };
    let label = |value: &str| {
        let (key, value) = ("site".to_owned(), value.to_owned());
        Some(pb::LabelFilter { key, value })
    };
    let image = |index: usize| decisions[index].request.clone().unwrap().image.unwrap().id;
    let expect = vec![
        (
            by(|filter| filter.product = Some(named("Office Standard 2007"))),
            vec![3],
        ),
        (by(|filter| filter.product = Some(family("Office", ""))), vec![3]),
        (by(|filter| filter.product = Some(named("Office"))), vec![3]),
        (
            by(|filter| filter.product = Some(named("win 7"))),
            holding(&decisions, "Windows", "7"),
        ),
        (
            by(|filter| filter.product = Some(family("WINDOWS", "7"))),
            holding(&decisions, "Windows", "7"),
        ),
        (by(|filter| filter.label = label("Oslo")), vec![4]),
        (
            by(|filter| (filter.image_id, filter.label) = (image(0), label("Oslo"))),
            vec![4],
        ),
        (
            by(|filter| (filter.image_id, filter.label) = (image(3), label("Oslo"))),
            vec![],
        ),
    ];
    assert_found(&server, expect).await;
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
    all(callers).await;
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
    let last = sqlx::query_as("SELECT first_index, postings FROM posting_tail ORDER BY first_index DESC LIMIT 1");
    let (first_index, postings): (i64, Vec<u8>) = last.fetch_one(&mut database).await.unwrap();
    let place = u32::try_from(decisions[1].log_index.cast_signed() - first_index).unwrap();
    let mut postings: Vec<Vec<u8>> = postings.chunks(12).map(<[u8]>::to_vec).collect();
    postings.push([&device.to_be_bytes()[..], &place.to_be_bytes()].concat());
    postings.sort();
    let changed = sqlx::query("UPDATE posting_tail SET postings = ?2 WHERE first_index = ?1");
    let changed = changed.bind(first_index).bind(postings.concat());
    changed.execute(&mut database).await.unwrap();
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
