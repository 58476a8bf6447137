//! One evaluation, the rules core alone, by the size of the request; and the parsing before it.
#![expect(
    clippy::expect_used,
    reason = "the requests are valid and decided; a benchmark of anything else must stop"
)]

mod requests;

use std::{hint::black_box, time::Duration};

use criterion::{BenchmarkId, Criterion, criterion_group, criterion_main};
use reimage_rights::{
    catalogue::Catalogue,
    rules::evaluate,
    wire::{parse_check, pb},
};
use tikv_jemallocator::Jemalloc;

/// As in the program itself, so that like is compared with like.
#[global_allocator]
static ALLOCATOR: Jemalloc = Jemalloc;

/// Licenses, and as many products.
const COUNTS: [usize; 3] = [1, 4, 16];

fn sized() -> Vec<(BenchmarkId, pb::CheckRequest)> {
    let mut requests = vec![(BenchmarkId::new("typical", "1x1"), requests::typical())];
    for (name, family) in [("windows", "Windows"), ("suites", "Office")] {
        for count in COUNTS {
            let id = BenchmarkId::new(name, format!("{count}x{count}"));
            requests.push((id, requests::family(family, count)));
        }
    }
    requests
}

fn evaluation(criterion: &mut Criterion) {
    let catalogue = Catalogue::embedded();
    let mut group = criterion.benchmark_group("evaluate");
    for (id, request) in sized() {
        let check = parse_check(request, catalogue).expect("the request is valid");
        group.bench_with_input(id, &check.facts, |bencher, facts| {
            bencher.iter(|| evaluate(black_box(facts), catalogue));
        });
    }
}

fn parsing(criterion: &mut Criterion) {
    let catalogue = Catalogue::embedded();
    let mut group = criterion.benchmark_group("parse");
    for (id, request) in sized() {
        group.bench_with_input(id, &request, |bencher, request| {
            bencher.iter_with_setup(|| request.clone(), |request| parse_check(request, catalogue));
        });
    }
}

criterion_group! {
    name = benches;
    config = Criterion::default().warm_up_time(Duration::from_secs(1)).measurement_time(Duration::from_secs(3));
    targets = evaluation, parsing
}
criterion_main!(benches);
