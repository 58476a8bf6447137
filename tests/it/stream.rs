//! `StreamCheck`: pipelined requests, answered in order, as fast as the client reads.

use std::{
    collections::BTreeSet,
    num::NonZeroUsize,
    time::{Duration, Instant},
};

use reimage_rights::{app::Limits, wire::pb};
use tokio::sync::mpsc;
use tokio_stream::wrappers::UnboundedReceiverStream;
use tonic::{Code, Status, Streaming, transport::Channel};

use crate::support::{
    audit::audit,
    process::poll_for,
    server::{Client, DEADLINE, Outcome, Place, Server, assert_in_order, keyed, outcome, typical},
};

type Answers = Streaming<pb::StreamCheckResponse>;
type Requests = mpsc::UnboundedSender<pb::StreamCheckRequest>;

fn asked(request: pb::CheckRequest) -> pb::StreamCheckRequest {
    pb::StreamCheckRequest { request: Some(request) }
}

/// A stream that is asked step by step.
async fn open(mut client: Client) -> Result<(Requests, Answers), Status> {
    let (requests, sent) = mpsc::unbounded_channel();
    let answers = client.stream_check(UnboundedReceiverStream::new(sent)).await?;
    Ok((requests, answers.into_inner()))
}

/// Asks everything at once, then reads every answer.
async fn ask(client: Client, asked: impl IntoIterator<Item = pb::StreamCheckRequest>) -> Vec<Outcome> {
    let (requests, mut answers) = open(client).await.unwrap();
    asked.into_iter().for_each(|request| requests.send(request).unwrap());
    drop(requests);
    let mut outcomes = Vec::new();
    while let Some(answer) = answers.message().await.unwrap() {
        assert_eq!(answer.position, outcomes.len() as u64);
        outcomes.push(outcome(answer.result.unwrap()));
    }
    outcomes
}

#[tokio::test]
async fn answers_come_in_the_order_of_the_requests_and_so_does_the_log() {
    let server = Server::start().await;
    let requests = (0..500).map(|number| asked(typical(&format!("PC-{number}"))));
    let outcomes = ask(server.client(), requests).await;
    assert_in_order(&outcomes, 500);
}

#[tokio::test]
async fn an_answer_does_not_wait_for_the_next_request() {
    let server = Server::start().await;
    let (requests, mut answers) = open(server.client()).await.unwrap();
    for number in 0..3 {
        requests.send(asked(typical("PC-1"))).unwrap();
        assert_eq!(answers.message().await.unwrap().unwrap().position, number);
    }
    drop(requests);
    assert_eq!(answers.message().await.unwrap(), None);
}

#[tokio::test]
async fn a_bad_request_is_answered_with_its_error_and_the_stream_goes_on() {
    let server = Server::start().await;
    let mut wrong = typical("PC-1");
    wrong.edition = "1999-12".to_owned();
    let alone = server.check(wrong.clone()).await.unwrap_err();
    let requests = [
        asked(typical("PC-0")),
        asked(wrong),
        pb::StreamCheckRequest { request: None },
        asked(typical("PC-3")),
    ];
    let outcomes = ask(server.client(), requests).await;
    let codes: Vec<i32> = outcomes
        .iter()
        .map(|outcome| outcome.as_ref().map_or_else(|error| error.code, |_| 0))
        .collect();
    let invalid = i32::from(Code::InvalidArgument);
    assert_eq!(codes, [0, invalid, invalid, 0]);
    assert_eq!(outcomes[1].as_ref().unwrap_err().message, alone.message());
    assert!(!outcomes[1].as_ref().unwrap_err().details.is_empty());
}

#[tokio::test]
async fn a_key_twice_on_a_stream_is_one_decision() {
    let server = Server::start().await;
    let outcomes = ask(server.client(), vec![asked(keyed("PC-1", "job-1")); 50]).await;
    let ids: BTreeSet<String> = outcomes
        .into_iter()
        .map(|outcome| outcome.unwrap().decision_id)
        .collect();
    assert_eq!(ids.len(), 1);
}

#[tokio::test]
async fn a_client_that_is_faster_than_the_log_is_slowed_down_and_not_refused() {
    let limits = Limits {
        queue_len_max: 2,
        batch_len_max: 1,
        stream_in_flight_max: 3,
        ..Limits::default()
    };
    let server = Place::new().limited(limits).serve().await;
    let requests = (0..100).map(|number| asked(typical(&format!("PC-{number}"))));
    let outcomes = ask(server.client(), requests).await;
    assert_eq!(outcomes.iter().filter(|outcome| outcome.is_ok()).count(), 100);
    assert_eq!(server.serving.counters.busy.get(), 0);
}

#[tokio::test]
async fn a_client_that_does_not_read_is_not_read_from() {
    // In flight in the service, and, for decisions of 4 KiB and more, in the windows and buffers of the transport.
    reads_no_further(600, 1, 8 + 48).await;
}

#[tokio::test]
async fn an_answer_with_many_products_takes_the_room_of_many() {
    reads_no_further(20, 64, 3).await;
}

/// Asks `request_count` requests of `product_count` products each and reads no answer: at most `unread_max` may be recorded.
async fn reads_no_further(request_count: u64, product_count: usize, unread_max: u64) {
    let limits = Limits {
        stream_in_flight_max: 8,
        ..Limits::default()
    };
    let server = Place::new().limited(limits).serve().await;
    let narrow = Channel::from_shared(format!("http://{}", server.serving.address)).unwrap();
    let narrow = narrow.initial_stream_window_size(65_535).connect().await.unwrap();
    let (requests, mut answers) = open(Client::new(narrow)).await.unwrap();
    for number in 0..request_count {
        let mut request = typical(&format!("PC-{number}"));
        let products = &mut request.image.as_mut().unwrap().products;
        for version in 1..product_count {
            let mut other = products[0].clone();
            other.product = Some(pb::Product {
                family: "Program".to_owned(),
                version: version.to_string(),
                edition: "Standard".to_owned(),
                ..pb::Product::default()
            });
            products.push(other);
        }
        requests.send(asked(request)).unwrap();
    }
    drop(requests);

    let counters = &server.serving.counters;
    let mut own = 0;
    let mut unread = 0;
    let filled = async {
        // The service fills up; then it has the time of a hundred other decisions to read on, which it must not use.
        let mut steady = 0;
        while steady < 100 {
            server.check(typical("PC-other")).await.unwrap();
            own += 1;
            let now = counters.recorded() - own;
            steady = if now == unread && now >= 1 { steady + 1 } else { 0 };
            unread = now;
        }
    };
    tokio::time::timeout(DEADLINE, filled).await.unwrap();
    assert!(unread <= unread_max, "{unread} were recorded that nobody read");

    let mut count = 0;
    while let Some(answer) = answers.message().await.unwrap() {
        assert_eq!(answer.position, count);
        assert!(outcome(answer.result.unwrap()).is_ok());
        count += 1;
    }
    assert_eq!(count, request_count);
    assert_eq!(counters.recorded(), request_count + own);
}

#[tokio::test]
async fn a_server_that_stops_ends_a_stream_with_everything_answered_that_it_recorded() {
    let server = Server::start().await;
    let (requests, mut answers) = open(server.client()).await.unwrap();
    for number in 0..2000 {
        requests.send(asked(typical(&format!("PC-{number}")))).unwrap();
    }
    let mut answered = vec![answers.message().await.unwrap().unwrap()];
    let Server { place, serving, .. } = server;
    let stopping = tokio::spawn(serving.stop());
    let status = loop {
        match answers.message().await {
            Ok(answer) => answered.push(answer.expect("the client has not ended the stream")),
            Err(status) => break status,
        }
    };
    assert_eq!(status.code(), Code::Unavailable, "{status:?}");
    assert!(status.message().contains("stopping"), "{status:?}");
    drop(requests);
    stopping.await.unwrap().unwrap();

    let recorded = audit(&place.database()).await;
    let ids: BTreeSet<String> = answered
        .into_iter()
        .map(|answer| outcome(answer.result.unwrap()).unwrap().decision_id)
        .collect();
    assert_eq!(recorded.into_keys().collect::<BTreeSet<_>>(), ids);
}

#[tokio::test]
async fn streams_that_are_slowed_down_answer_at_once_what_was_read_when_the_server_stops() {
    const STREAM_COUNT: usize = 6;
    let limits = Limits {
        rate_max: NonZeroUsize::new(1),
        ..Limits::default()
    };
    let server = Place::new().limited(limits).serve().await;
    let mut streams = Vec::new();
    for _ in 0..STREAM_COUNT {
        streams.push(poll_for(async || open(server.client()).await.ok()).await);
    }
    for (requests, _) in &streams {
        requests.send(asked(typical("PC-1"))).unwrap();
    }
    // When it is the turn of one, those of all were read long since.
    poll_for(async || (server.serving.counters.recorded() > 0).then_some(())).await;
    let begun = Instant::now();
    let place = server.stop().await;
    // At the caller's pace it would be a second for each.
    assert!(begun.elapsed() < Duration::from_secs(3), "{:?}", begun.elapsed());
    for (_requests, mut answers) in streams {
        let answer = answers.message().await.unwrap().unwrap();
        assert!(outcome(answer.result.unwrap()).is_ok());
        assert_eq!(answers.message().await.unwrap_err().code(), Code::Unavailable);
    }
    assert_eq!(audit(&place.database()).await.len(), STREAM_COUNT);
}

#[tokio::test]
async fn an_idle_stream_does_not_keep_a_server_from_stopping() {
    let server = Server::start().await;
    let (requests, mut answers) = open(server.client()).await.unwrap();
    let place = server.stop().await;
    let status = answers.message().await.unwrap_err();
    assert_eq!(status.code(), Code::Unavailable, "{status:?}");
    assert!(audit(&place.database()).await.is_empty());
    drop(requests);
}

#[tokio::test]
async fn a_message_that_is_too_large_ends_the_stream_behind_the_answers() {
    let server = Server::start().await;
    let (requests, mut answers) = open(server.client()).await.unwrap();
    requests.send(asked(typical("PC-0"))).unwrap();
    let mut large = typical("PC-1");
    large.labels.insert("note".to_owned(), "x".repeat(4 * 1024 * 1024));
    requests.send(asked(large)).unwrap();
    let first = answers.message().await.unwrap().unwrap();
    assert!(outcome(first.result.unwrap()).is_ok());
    let status = answers.message().await.unwrap_err();
    assert_eq!(status.code(), Code::OutOfRange, "{status:?}");
}

#[tokio::test]
async fn a_client_that_leaves_gives_its_stream_up_and_finds_whole_decisions() {
    let limits = Limits {
        stream_call_count_max: 1,
        ..Limits::default()
    };
    let server = Place::new().limited(limits).serve().await;
    let (requests, mut answers) = open(server.client()).await.unwrap();
    for number in 0..300 {
        requests
            .send(asked(keyed(&format!("PC-{number}"), &format!("job-{number}"))))
            .unwrap();
    }
    answers.message().await.unwrap().unwrap();
    drop((requests, answers));

    // The only place for a stream is free again as soon as the server has noticed.
    let again = async {
        loop {
            match open(server.client()).await {
                Ok(open) => return open,
                Err(status) => assert_eq!(status.code(), Code::ResourceExhausted, "{status:?}"),
            }
        }
    };
    let (requests, mut answers) = tokio::time::timeout(DEADLINE, again).await.unwrap();
    for number in 0..300 {
        requests
            .send(asked(keyed(&format!("PC-{number}"), &format!("job-{number}"))))
            .unwrap();
    }
    drop(requests);
    while let Some(answer) = answers.message().await.unwrap() {
        assert!(outcome(answer.result.unwrap()).is_ok());
    }
    let place = server.stop().await;
    assert_eq!(audit(&place.database()).await.len(), 300);
}
