//! What a decision costs beside its evaluation, and what of it the one committer pays: encoding, stamping, decoding, rendering.
#![expect(
    clippy::expect_used,
    reason = "the requests are valid and decided; a benchmark of anything else must stop"
)]

mod requests;

use std::{collections::HashMap, hint::black_box, sync::Arc, time::Duration};

use criterion::{BatchSize, Criterion, criterion_group, criterion_main};
use prost::Message as _;
use reimage_rights::{
    catalogue::Catalogue,
    rules::evaluate,
    wire::{
        Answer, Check, Context, Draft, Opinion, Question, Stamp, Stamped, decode, parse_check, pb, projection, render,
        unrecorded,
    },
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
    opinion: Arc<Opinion>,
    draft: Draft,
    stamped: Stamped,
}

impl Way {
    fn new(request: pb::CheckRequest, catalogue: &Catalogue) -> Self {
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
        let mut head = decision.clone();
        let opinion = Opinion::take(&mut head, &check.facts, catalogue).expect("the decision is encoded");
        let opinion = Arc::new(opinion);
        let draft = Draft::new(Box::new(head), Arc::clone(&opinion)).expect("the request is encoded");
        let stamped = draft.clone().stamped(&stamp(), 4711).expect("the time can be written");
        Self {
            check,
            decision,
            opinion,
            draft,
            stamped,
        }
    }
}

/// Everything of one check but the store and the socket, for a question that was not asked before.
fn decide(request: pb::CheckRequest, catalogue: &Catalogue) -> Answer {
    let check = parse_check(request, catalogue).expect("the request is valid");
    let judgement = evaluate(&check.facts, catalogue);
    let mut decision = unrecorded(
        check.request,
        check.edition,
        &check.facts,
        &judgement,
        catalogue,
        context(),
    );
    let opinion = Opinion::take(&mut decision, &check.facts, catalogue).expect("the decision is encoded");
    answer(decision, &Arc::new(opinion))
}

/// The same for a question whose answer is remembered.
fn remember(mut request: pb::CheckRequest, known: &HashMap<Question, Arc<Opinion>>) -> Answer {
    let (question, names) = Question::take(&mut request).expect("the question is worth remembering");
    let opinion = known.get(&question).expect("the question was asked before");
    names.put_back(&mut request);
    let head = pb::Decision {
        caller: context().caller,
        request: Some(request),
        ..pb::Decision::default()
    };
    answer(head, opinion)
}

fn answer(head: pb::Decision, opinion: &Arc<Opinion>) -> Answer {
    let draft = Draft::new(Box::new(head), Arc::clone(opinion)).expect("the request is encoded");
    let stamped = draft.stamped(&stamp(), 4711).expect("the time can be written");
    black_box(stamped).answer
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
        let way = Way::new(request.clone(), catalogue);
        let taken = Question::take(&mut request.clone());
        let (question, _) = taken.expect("the question is worth remembering");
        let known = HashMap::from([(question, way.opinion)]);
        group.bench_function(format!("{name}_again"), |bencher| {
            let again = || request.clone();
            bencher.iter_batched(again, |request| remember(request, &known), BatchSize::SmallInput);
        });
    }
}

fn record(criterion: &mut Criterion) {
    let catalogue = Catalogue::embedded();
    let way = Way::new(requests::typical(), catalogue);
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
    group.bench_function("opinion", |bencher| {
        let taken = |mut decision| Opinion::take(&mut decision, &way.check.facts, catalogue);
        bencher.iter_batched(|| way.decision.clone(), taken, BatchSize::SmallInput);
    });
    group.bench_function("draft", |bencher| {
        let head = || {
            Box::new(pb::Decision {
                request: Some(way.check.request.clone()),
                ..pb::Decision::default()
            })
        };
        let drafted = |head| Draft::new(head, Arc::clone(&way.opinion));
        bencher.iter_batched(head, drafted, BatchSize::SmallInput);
    });
    group.bench_function("stamp", |bencher| {
        let stamped = |draft: Draft| draft.stamped(&stamp(), 4711);
        bencher.iter_batched(|| way.draft.clone(), stamped, BatchSize::SmallInput);
    });
    group.bench_function("decode", |bencher| {
        bencher.iter(|| decode(black_box(&way.stamped.record), 4711));
    });
    let decoded = decode(&way.stamped.record, 4711).expect("the record is read");
    group.bench_function("project", |bencher| {
        bencher.iter(|| projection(black_box(&decoded)));
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
