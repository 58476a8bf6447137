//! The handlers, one for each call.

use std::sync::Arc;

use axum::{
    Extension,
    extract::{Path, State, rejection::PathRejection},
    http::StatusCode,
};

use super::{
    answer::{Answer, Message, Refusal},
    asked::{Asked, AskedEach, Sought},
    route::{ALL, OPENAPI},
};
use crate::{
    door::{TraceId, check_result},
    service::{Caller, Service},
    wire::{Violations, pb},
};

type TheService = State<Arc<Service>>;

pub(super) async fn check(
    State(service): TheService,
    Extension(caller): Extension<Caller>,
    Extension(trace_id): Extension<TraceId>,
    Asked(request): Asked<pb::CheckRequest>,
) -> Answer<pb::CheckResponse> {
    let answer = service.check(&caller, request, trace_id.to_string()).await?;
    let decision = Some(answer.into());
    Ok(Message(pb::CheckResponse { decision }))
}

pub(super) async fn batch_check(
    State(service): TheService,
    Extension(caller): Extension<Caller>,
    Extension(trace_id): Extension<TraceId>,
    AskedEach(read): AskedEach,
) -> Answer<pb::BatchCheckResponse> {
    let mut requests = Vec::with_capacity(read.len());
    let places = read.into_iter().map(|read| read.map(|request| requests.push(request)));
    let places: Vec<Result<(), Violations>> = places.collect();
    let decided = service.check_batch(&caller, requests, &trace_id.to_string()).await?;
    let mut decided = decided.into_iter();
    let outcomes = places.into_iter().filter_map(|place| match place {
        Ok(()) => decided.next(),
        Err(violations) => Some(Err(violations.into())),
    });
    let results = outcomes.map(|outcome| check_result(outcome).into()).collect();
    Ok(Message(pb::BatchCheckResponse { results }))
}

pub(super) async fn history(
    State(service): TheService,
    Extension(caller): Extension<Caller>,
    Sought(request): Sought<pb::HistoryRequest>,
) -> Answer<pb::HistoryResponse> {
    Ok(Message(service.history(&caller, request).await?.into()))
}

pub(super) async fn get_decision(
    State(service): TheService,
    Extension(caller): Extension<Caller>,
    id: Result<Path<String>, PathRejection>,
) -> Answer<pb::GetDecisionResponse> {
    // What is no text is no id either.
    let id = id.map(|Path(id)| id).unwrap_or_default();
    let decision = Some(service.decision(&caller, &id).await?);
    Ok(Message(pb::GetDecisionResponse { decision }))
}

pub(super) async fn no_such_place() -> Refusal {
    let calls = ALL.map(|route| format!("`{} {}`", route.verb, route.path));
    let message = format!(
        "there is nothing here; there are {} and `GET {OPENAPI}`",
        calls.join(", ")
    );
    Refusal::not_a_call(StatusCode::NOT_FOUND, message)
}

pub(super) async fn no_such_verb() -> Refusal {
    let message = "this is not asked so; the header `allow` says how it is";
    Refusal::not_a_call(StatusCode::METHOD_NOT_ALLOWED, message)
}
