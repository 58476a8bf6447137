//! The eligibility service as it is served, and its answers with decisions that are encoded already.
//!
//! On the wire these are the messages of the same names in [`pb`], which is what clients read them as.

use super::{Answer, RpcStatus, pb};

pub use pb::served::eligibility_service_server::{EligibilityService, EligibilityServiceServer};

/// The answer to one request.
#[derive(Clone, prost::Message)]
pub struct CheckResponse {
    /// The decision.
    #[prost(message, optional, tag = "1")]
    pub decision: Option<Answer>,
}

/// The answer to a batch.
#[derive(Clone, prost::Message)]
pub struct BatchCheckResponse {
    /// What each request came to, in their order.
    #[prost(message, repeated, tag = "1")]
    pub results: Vec<CheckResult>,
}

/// An answer of a stream.
#[derive(Clone, prost::Message)]
pub struct StreamCheckResponse {
    /// Which request of the stream it answers, from 0.
    #[prost(uint64, tag = "1")]
    pub position: u64,
    /// What that came to.
    #[prost(message, optional, tag = "2")]
    pub result: Option<CheckResult>,
}

/// A page of the history.
#[derive(Clone, prost::Message)]
pub struct HistoryResponse {
    /// The decisions, in the order asked for.
    #[prost(message, repeated, tag = "1")]
    pub decisions: Vec<Answer>,
    /// What to give as `page_token` for the next page; empty on the last.
    #[prost(string, tag = "2")]
    pub next_page_token: String,
}

/// What one request of many came to.
#[derive(Clone, prost::Message)]
pub struct CheckResult {
    /// A decision or an error.
    #[prost(oneof = "Outcome", tags = "1, 2")]
    pub outcome: Option<Outcome>,
}

/// A decision or an error.
#[derive(Clone, prost::Oneof)]
pub enum Outcome {
    /// The decision.
    #[prost(message, tag = "1")]
    Decision(Answer),
    /// Why there is none.
    #[prost(message, tag = "2")]
    Error(RpcStatus),
}

impl From<CheckResult> for pb::CheckResult {
    fn from(result: CheckResult) -> Self {
        let outcome = result.outcome.map(|outcome| match outcome {
            Outcome::Decision(answer) => pb::check_result::Outcome::Decision(answer.into()),
            Outcome::Error(status) => pb::check_result::Outcome::Error(status),
        });
        Self { outcome }
    }
}

impl From<HistoryResponse> for pb::HistoryResponse {
    fn from(page: HistoryResponse) -> Self {
        Self {
            decisions: page.decisions.into_iter().map(Into::into).collect(),
            next_page_token: page.next_page_token,
        }
    }
}

#[cfg(test)]
mod tests {
    use prost::Message as _;

    use super::*;

    fn decision() -> pb::Decision {
        pb::Decision {
            decision_id: "d".to_owned(),
            ..pb::Decision::default()
        }
    }

    fn results() -> [(CheckResult, pb::CheckResult); 2] {
        let status = || RpcStatus {
            code: 3,
            message: "wrong".to_owned(),
            ..RpcStatus::default()
        };
        let decided = (
            Outcome::Decision(decision().into()),
            pb::check_result::Outcome::Decision(decision()),
        );
        let failed = (Outcome::Error(status()), pb::check_result::Outcome::Error(status()));
        [decided, failed].map(|(served, read)| {
            let (served, read) = (Some(served), Some(read));
            (CheckResult { outcome: served }, pb::CheckResult { outcome: read })
        })
    }

    #[test]
    fn a_client_reads_what_is_served_as_the_message_of_the_same_name() {
        let served = CheckResponse {
            decision: Some(decision().into()),
        };
        // Every field is named, so that one to come is not forgotten.
        let pb::CheckResponse { decision: read } = pb::CheckResponse::decode(&*served.encode_to_vec()).unwrap();
        assert_eq!(read, Some(decision()));

        let (results, expected): (Vec<_>, Vec<_>) = results().into_iter().unzip();
        for (result, expected) in results.iter().zip(&expected) {
            let served = StreamCheckResponse {
                position: 7,
                result: Some(result.clone()),
            };
            let bytes = served.encode_to_vec();
            let pb::StreamCheckResponse { position, result } = pb::StreamCheckResponse::decode(&*bytes).unwrap();
            assert_eq!((position, result.as_ref()), (7, Some(expected)));
        }

        let served = HistoryResponse {
            decisions: vec![decision().into(), decision().into()],
            next_page_token: "next".to_owned(),
        };
        let read = pb::HistoryResponse::decode(&*served.encode_to_vec()).unwrap();
        let pb::HistoryResponse {
            decisions,
            next_page_token,
        } = read;
        assert_eq!((decisions, next_page_token.as_str()), (vec![decision(); 2], "next"));

        let bytes = BatchCheckResponse { results }.encode_to_vec();
        let pb::BatchCheckResponse { results } = pb::BatchCheckResponse::decode(&*bytes).unwrap();
        assert_eq!(results, expected);
    }
}
