//! What a decision costs beside its evaluation, and what of it the one committer pays: encoding, stamping, decoding, rendering.
#![expect(
    clippy::expect_used,
    reason = "the requests are valid and decided; a benchmark of anything else must stop"
)]

mod requests;

use std::{hint::black_box, time::Duration};

use criterion::{BatchSize, Criterion, criterion_group, criterion_main};
use prost::Message as _;
use reimage_rights::{
    catalogue::Catalogue,
    rules::evaluate,
    wire::{Check, Context, Draft, Stamp, Stamped, decode, parse_check, pb, projection, render, unrecorded},
};
use tikv_jemallocator::Jemalloc;
use uuid::Uuid;

/// As in the program itself, so that like is compared with like.
#[global_allocator]
static ALLOCATOR: Jemalloc = Jemalloc;

fn context() -> Context {
    Context {
        caller: "local".to_owned(),
        engine: "0.1.0".to_owned(),
        trace_id: String::new(),
    }
}

fn stamp() -> Stamp {
    Stamp {
        decision_id: Uuid::from_u128(0x012e_7602_8500_7000_a839_7b1d_cdaf_6e78),
        decided_at_us: 1_299_060_000_123_456,
        salt: [7; 16],
    }
}

/// The stations of the typical request on its way to a record.
struct Way {
    check: Check,
    decision: pb::Decision,
    draft: Draft,
    stamped: Stamped,
}

impl Way {
    fn new(catalogue: &Catalogue) -> Self {
        let check = parse_check(requests::typical(), catalogue).expect("the request is valid");
        let judgement = evaluate(&check.facts, catalogue);
        let decision = unrecorded(
            check.request.clone(),
            check.edition,
            &check.facts,
            &judgement,
            catalogue,
            context(),
        );
        let draft = Draft::new(decision.clone()).expect("the decision is encoded");
        let stamped = draft.clone().stamped(&stamp(), 4711).expect("the time can be written");
        Self {
            check,
            decision,
            draft,
            stamped,
        }
    }
}

/// Everything of one check but the store and the socket.
fn decide(request: pb::CheckRequest, catalogue: &Catalogue) -> pb::Decision {
    let check = parse_check(request, catalogue).expect("the request is valid");
    let judgement = evaluate(&check.facts, catalogue);
    let decision = unrecorded(
        check.request.clone(),
        check.edition,
        &check.facts,
        &judgement,
        catalogue,
        context(),
    );
    let draft = Draft::new(decision).expect("the decision is encoded");
    let stamped = draft.stamped(&stamp(), 4711).expect("the time can be written");
    let mut decision = black_box(stamped).decision;
    render(&mut decision, &check.facts, catalogue);
    decision
}

fn whole(criterion: &mut Criterion) {
    let catalogue = Catalogue::embedded();
    let mut group = criterion.benchmark_group("check_without_store");
    for (name, request) in [
        ("typical", requests::typical()),
        ("suites_4x4", requests::family("Office", 4)),
    ] {
        group.bench_function(name, |bencher| {
            let again = || request.clone();
            bencher.iter_batched(again, |request| decide(request, catalogue), BatchSize::SmallInput);
        });
    }
}

fn record(criterion: &mut Criterion) {
    let catalogue = Catalogue::embedded();
    let way = Way::new(catalogue);
    let mut group = criterion.benchmark_group("record");
    group.bench_function("unrecorded", |bencher| {
        let judgement = evaluate(&way.check.facts, catalogue);
        let unrecorded = |context| {
            unrecorded(
                way.check.request.clone(),
                way.check.edition,
                &way.check.facts,
                &judgement,
                catalogue,
                context,
            )
        };
        bencher.iter_batched(context, unrecorded, BatchSize::SmallInput);
    });
    group.bench_function("draft", |bencher| {
        bencher.iter_batched(|| way.decision.clone(), Draft::new, BatchSize::SmallInput);
    });
    group.bench_function("stamp", |bencher| {
        let stamped = |draft: Draft| draft.stamped(&stamp(), 4711);
        bencher.iter_batched(|| way.draft.clone(), stamped, BatchSize::SmallInput);
    });
    group.bench_function("decode", |bencher| {
        bencher.iter(|| decode(black_box(&way.stamped.record), 4711));
    });
    group.bench_function("project", |bencher| {
        bencher.iter(|| projection(black_box(&way.stamped.decision)));
    });
    group.bench_function("render", |bencher| {
        let rendered = |mut decision| {
            render(&mut decision, &way.check.facts, catalogue);
            decision
        };
        bencher.iter_batched(|| way.decision.clone(), rendered, BatchSize::SmallInput);
    });
    let answer = decide(requests::typical(), catalogue);
    group.bench_function("protobuf", |bencher| {
        bencher.iter(|| black_box(&answer).encode_to_vec());
    });
}

criterion_group! {
    name = benches;
    config = Criterion::default().warm_up_time(Duration::from_secs(1)).measurement_time(Duration::from_secs(3));
    targets = whole, record
}
criterion_main!(benches);
