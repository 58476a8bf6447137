//! What is asked: a message in the body of a request, or in the parameters of its URL.

use axum::{
    body::{Body, Bytes},
    extract::{FromRequest, FromRequestParts, Request},
    http::{HeaderMap, StatusCode, header, request::Parts},
};
use http_body_util::BodyExt as _;
use serde::de::DeserializeOwned;

use super::answer::Refusal;
use crate::{
    door::MESSAGE_LEN_MAX,
    service::ServiceError,
    wire::{Misread, Violations, all_wrong, pb, read_each, read_json, read_query},
};

/// Most bytes that are read of a longer one, and dropped: old clients hear an answer only after they have sent all.
const DROPPED_LEN_MAX: usize = 4 * MESSAGE_LEN_MAX;
/// Most signs of a path or a problem in an answer: some of them are the client's own.
const SIGN_COUNT_MAX: usize = 256;

/// More that is wrong in one message is told once this is mended: the time it takes to find grows with it.
const PROBLEM_COUNT_MAX: usize = 8;
/// Bytes of a name of the schema, at most: far above any there is.
const NAME_LEN_MAX: usize = 64;
/// What stands before the names that there are.
const KNOWN: &str = "; known are `";

/// A message from the body.
#[derive(Debug)]
pub(super) struct Asked<T>(pub(super) T);

/// The requests of a batch, from the body; one that cannot be read is no fault of the others.
#[derive(Debug)]
pub(super) struct AskedEach(pub(super) Vec<Result<pb::CheckRequest, Violations>>);

/// A message from the parameters.
#[derive(Debug)]
pub(super) struct Sought<T>(pub(super) T);

impl<T: DeserializeOwned, S: Sync> FromRequest<S> for Asked<T> {
    type Rejection = Refusal;

    async fn from_request(request: Request, _: &S) -> Result<Self, Refusal> {
        let bytes = body(request).await?;
        Ok(Self(
            read_json(&bytes).map_err(|misread| all_wrong_in::<T>(misread, &bytes))?,
        ))
    }
}

impl<S: Sync> FromRequest<S> for AskedEach {
    type Rejection = Refusal;

    async fn from_request(request: Request, _: &S) -> Result<Self, Refusal> {
        let bytes = body(request).await?;
        let misread = match read_json::<pb::BatchCheckRequest>(&bytes) {
            Ok(batch) => return Ok(Self(batch.requests.into_iter().map(Ok).collect())),
            Err(misread) => misread,
        };
        match read_each(&bytes, "requests", PROBLEM_COUNT_MAX) {
            Some(each) => Ok(Self(
                each.into_iter()
                    .map(|read| read.map_err(|wrong| told_of(&wrong)))
                    .collect(),
            )),
            None => Err(all_wrong_in::<pb::BatchCheckRequest>(misread, &bytes)),
        }
    }
}

impl<T: DeserializeOwned, S: Sync> FromRequestParts<S> for Sought<T> {
    type Rejection = Refusal;

    async fn from_request_parts(head: &mut Parts, _: &S) -> Result<Self, Refusal> {
        let query = head.uri.query().unwrap_or_default();
        Ok(Self(
            read_query(query).map_err(|misread| refusal([first(misread, "query")]))?,
        ))
    }
}

/// Whether what comes is JSON in UTF-8, as it is.
fn is_json(headers: &HeaderMap) -> Result<(), Refusal> {
    let text = |name| {
        headers
            .get(name)
            .map(|value| value.to_str().unwrap_or("?").to_ascii_lowercase())
    };
    let refused = |message: &str| Err(Refusal::not_a_call(StatusCode::UNSUPPORTED_MEDIA_TYPE, message));
    if text(header::CONTENT_ENCODING).is_some_and(|coding| coding.trim() != "identity") {
        return refused("a body is taken as it is only; send it without `content-encoding`");
    }
    let kind = text(header::CONTENT_TYPE).unwrap_or_default();
    let mut parts = kind.split(';').map(str::trim);
    if parts.next() != Some("application/json") {
        return refused("a request is JSON; send it with `content-type: application/json`");
    }
    let charset = parts.find_map(|part| part.strip_prefix("charset="));
    match charset.map(|charset| charset.trim_matches('"')) {
        None | Some("utf-8" | "utf8" | "us-ascii") => Ok(()),
        Some(_) => refused("a request is UTF-8; send it with `content-type: application/json; charset=utf-8`"),
    }
}

/// The bytes of a body that is JSON.
async fn body(request: Request) -> Result<Vec<u8>, Refusal> {
    let (head, body) = request.into_parts();
    is_json(&head.headers)?;
    read(&head.headers, body).await
}

async fn read(headers: &HeaderMap, mut body: Body) -> Result<Vec<u8>, Refusal> {
    let announced = headers.get(header::CONTENT_LENGTH);
    let announced: usize = announced
        .and_then(|len| len.to_str().ok()?.parse().ok())
        .unwrap_or_default();
    // Whoever waits to be told to go on has not sent it yet.
    let is_held_back = headers.contains_key(header::EXPECT);
    if announced > DROPPED_LEN_MAX || (announced > MESSAGE_LEN_MAX && is_held_back) {
        return Err(too_long());
    }
    let (mut bytes, mut len) = (Vec::with_capacity(announced.min(MESSAGE_LEN_MAX)), 0_usize);
    while let Some(frame) = body.frame().await {
        let frame = frame.map_err(|_| {
            Refusal::not_a_call(
                StatusCode::BAD_REQUEST,
                "the body ended too early; send as much as `content-length` says",
            )
        })?;
        let data: Bytes = frame.into_data().unwrap_or_default();
        len = len.saturating_add(data.len());
        if len <= MESSAGE_LEN_MAX {
            bytes.extend_from_slice(&data);
        } else if len <= DROPPED_LEN_MAX {
            bytes = Vec::new();
        } else {
            break;
        }
    }
    if len > MESSAGE_LEN_MAX {
        Err(too_long())
    } else {
        Ok(bytes)
    }
}

fn too_long() -> Refusal {
    Refusal::not_a_call(
        StatusCode::PAYLOAD_TOO_LARGE,
        format!("a request of more than {MESSAGE_LEN_MAX} bytes is not taken; send less at a time"),
    )
}

/// What could not be read of a body, and what else is wrong in it.
fn all_wrong_in<T: DeserializeOwned>(misread: Misread, bytes: &[u8]) -> Refusal {
    let mut wrong = vec![first(misread, "body")];
    for (path, problem) in all_wrong::<T>(bytes, PROBLEM_COUNT_MAX) {
        let path = shortened(&path);
        if wrong.iter().all(|(other, _)| *other != path) && !path.is_empty() {
            wrong.push((path, told(&problem)));
        }
    }
    refusal(wrong)
}

fn refusal(wrong: impl IntoIterator<Item = (String, String)>) -> Refusal {
    ServiceError::from(violations(wrong)).into()
}

fn violations(wrong: impl IntoIterator<Item = (String, String)>) -> Violations {
    let mut violations = Violations::default();
    for (path, problem) in wrong {
        violations.add(path, problem);
    }
    violations
}

/// What is wrong with one of many.
fn told_of(wrong: &[(String, String)]) -> Violations {
    let told = wrong
        .iter()
        .map(|(path, problem)| (place(path, "request"), told(problem)));
    violations(told)
}

/// A path, short enough to be told; `whole` names what has none.
fn place(path: &str, whole: &str) -> String {
    match shortened(path) {
        path if path.is_empty() => whole.to_owned(),
        path => path,
    }
}

/// What could not be read, by its path; `whole` names what has none.
fn first(misread: Misread, whole: &str) -> (String, String) {
    let (path, cure) = match misread {
        Misread::NotUtf8(error) => (String::new(), format!("is not UTF-8: {error}; send it as UTF-8")),
        Misread::Empty => (String::new(), "is empty; send a request as JSON".to_owned()),
        Misread::Wrong {
            line: 0, path, problem, ..
        } => (path, told(&problem)),
        Misread::Wrong {
            line,
            column,
            path,
            problem,
        } => (path, format!("{} (line {line} column {column})", told(&problem))),
    };
    (place(&path, whole), cure)
}

/// A problem, short enough to be told. What there is instead is the service's own and told whole: who asks looks for a name in it.
fn told(problem: &str) -> String {
    let listed = problem.rsplit_once(KNOWN).and_then(|(what, known)| {
        let known: Vec<&str> = known.strip_suffix('`')?.split("`, `").collect();
        // Else it is a text of the client that looks like a list.
        known.iter().all(|name| is_name(name)).then_some((what, known))
    });
    let Some((what, known)) = listed else {
        return shortened(problem);
    };
    let mut known: Vec<String> = if what.starts_with("there is no field") {
        known.into_iter().map(camel_case).collect()
    } else {
        known.into_iter().map(str::to_owned).collect()
    };
    // The two spellings of a field stand beside each other.
    known.dedup();
    format!("{}{KNOWN}{}`", shortened(what), known.join("`, `"))
}

fn is_name(text: &str) -> bool {
    let is_sign = |sign: u8| sign.is_ascii_alphanumeric() || sign == b'_';
    !text.is_empty() && text.len() <= NAME_LEN_MAX && text.bytes().all(is_sign)
}

/// The spelling of JSON: `pageSize` for `page_size`.
fn camel_case(name: &str) -> String {
    let mut is_first = false;
    let mut spelled = String::with_capacity(name.len());
    for sign in name.chars() {
        if sign == '_' {
            is_first = true;
        } else {
            let is_upper = std::mem::take(&mut is_first);
            spelled.push(if is_upper { sign.to_ascii_uppercase() } else { sign });
        }
    }
    spelled
}

fn shortened(text: &str) -> String {
    let mut signs = text.chars();
    let short: String = signs.by_ref().take(SIGN_COUNT_MAX).collect();
    if signs.next().is_some() { short + "..." } else { short }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn problem(query: &str) -> String {
        match read_query::<pb::HistoryRequest>(query).unwrap_err() {
            Misread::Wrong { problem, .. } => told(&problem),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn every_parameter_there_is_is_named_once_as_in_json() {
        insta::assert_snapshot!(problem("limit=3"), @"there is no field `limit`; known are `deviceId`, `imageId`, `caller`, `requestId`, `verdict`, `basis`, `edition`, `condition`, `product`, `label`, `decidedAfter`, `decidedBefore`, `pageSize`, `pageToken`, `order`, `view`");
    }

    #[test]
    fn values_are_named_as_they_are() {
        let problem = problem("verdict=maybe");
        assert!(problem.contains("known are `VERDICT_PERMITTED`, `"), "{problem}");
    }

    #[test]
    fn what_only_looks_like_a_list_is_cut() {
        let long = format!("there is no field `x; known are `{}`", "y".repeat(1000));
        assert_eq!(told(&long).chars().count(), SIGN_COUNT_MAX + 3);
        let many = format!(
            "there is no field `{}`; known are `page_size`, `pageSize`",
            "z".repeat(1000)
        );
        assert!(told(&many).ends_with("z...; known are `pageSize`"), "{}", told(&many));
    }
}
