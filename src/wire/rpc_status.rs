//! Errors inside an answer: `google.rpc.Status`, whose JSON form shows its details as what they are.

use std::time::Duration;

use prost::Message as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de, ser};
use tonic_types::pb::{BadRequest, RetryInfo, bad_request::FieldViolation};

use super::timestamp::digits;

const BAD_REQUEST: &str = "type.googleapis.com/google.rpc.BadRequest";
const RETRY_INFO: &str = "type.googleapis.com/google.rpc.RetryInfo";

/// The status that a call by itself would have ended with.
#[derive(Clone, PartialEq, Eq, Hash, prost::Message)]
pub struct RpcStatus {
    /// The gRPC code as a number.
    #[prost(int32, tag = "1")]
    pub code: i32,
    /// What went wrong, for people.
    #[prost(string, tag = "2")]
    pub message: String,
    /// What went wrong, for programs.
    #[prost(message, repeated, tag = "3")]
    pub details: Vec<Detail>,
}

/// A message of any type, as `google.protobuf.Any` carries it.
#[derive(Clone, PartialEq, Eq, Hash, prost::Message)]
pub struct Detail {
    /// Its type, behind a host and a slash.
    #[prost(string, tag = "1")]
    pub type_url: String,
    /// Its bytes.
    #[prost(bytes = "vec", tag = "2")]
    pub value: Vec<u8>,
}

impl RpcStatus {
    /// When to ask again, where a detail says so.
    #[must_use]
    pub fn retry_after(&self) -> Option<Duration> {
        let detail = self.details.iter().find(|detail| detail.type_url == RETRY_INFO)?;
        let info = RetryInfo::decode(detail.value.as_slice()).ok()?;
        info.retry_delay?.try_into().ok()
    }
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct StatusForm {
    #[serde(default, skip_serializing_if = "is_zero")]
    code: i32,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    message: String,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    details: Vec<DetailForm>,
}

/// The details that this service gives.
#[derive(Serialize, Deserialize)]
#[serde(tag = "@type")]
enum DetailForm {
    #[serde(rename = "type.googleapis.com/google.rpc.BadRequest", rename_all = "camelCase")]
    BadRequest {
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        field_violations: Vec<ViolationForm>,
    },
    #[serde(rename = "type.googleapis.com/google.rpc.RetryInfo", rename_all = "camelCase")]
    RetryInfo { retry_delay: String },
}

#[derive(Serialize, Deserialize)]
struct ViolationForm {
    #[serde(default, skip_serializing_if = "String::is_empty")]
    field: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    description: String,
}

impl Serialize for RpcStatus {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let details = self.details.iter().map(form).collect::<Result<_, _>>();
        let form = StatusForm {
            code: self.code,
            message: self.message.clone(),
            details: details.map_err(ser::Error::custom)?,
        };
        form.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for RpcStatus {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let form = StatusForm::deserialize(deserializer)?;
        let details = form.details.into_iter().map(detail).collect::<Result<_, _>>();
        Ok(Self {
            code: form.code,
            message: form.message,
            details: details.map_err(de::Error::custom)?,
        })
    }
}

/// ProtoJSON shows a detail's own fields, which takes knowing its type: of others there is no form.
fn form(detail: &Detail) -> Result<DetailForm, String> {
    let unreadable = |error: &dyn std::fmt::Display| format!("a `{}` cannot be read: {error}", detail.type_url);
    match detail.type_url.as_str() {
        BAD_REQUEST => {
            let message = BadRequest::decode(detail.value.as_slice()).map_err(|error| unreadable(&error))?;
            let field_violations = message.field_violations.into_iter().map(|violation| ViolationForm {
                field: violation.field,
                description: violation.description,
            });
            Ok(DetailForm::BadRequest {
                field_violations: field_violations.collect(),
            })
        }
        RETRY_INFO => {
            let message = RetryInfo::decode(detail.value.as_slice()).map_err(|error| unreadable(&error))?;
            let delay: Duration = message
                .retry_delay
                .unwrap_or_default()
                .try_into()
                .map_err(|error| unreadable(&error))?;
            let (seconds, nanos) = (delay.as_secs(), delay.subsec_nanos());
            let fraction = format!("{nanos:09}");
            let retry_delay = match fraction.get(..digits(nanos)) {
                None | Some("") => format!("{seconds}s"),
                Some(fraction) => format!("{seconds}.{fraction}s"),
            };
            Ok(DetailForm::RetryInfo { retry_delay })
        }
        other => Err(format!("a detail of type `{other}` has no JSON form here")),
    }
}

fn detail(form: DetailForm) -> Result<Detail, String> {
    let (type_url, value) = match form {
        DetailForm::BadRequest { field_violations } => {
            let field_violations = field_violations.into_iter().map(|violation| FieldViolation {
                field: violation.field,
                description: violation.description,
                ..FieldViolation::default()
            });
            let message = BadRequest {
                field_violations: field_violations.collect(),
            };
            (BAD_REQUEST, message.encode_to_vec())
        }
        DetailForm::RetryInfo { retry_delay } => {
            let delay = retry_delay
                .strip_suffix('s')
                .and_then(|seconds| seconds.parse().ok())
                .and_then(|seconds| Duration::try_from_secs_f64(seconds).ok())
                .ok_or_else(|| format!("`{retry_delay}` is no duration; write one such as 0.050s"))?;
            let retry_delay = delay.try_into().map_err(|_| "the delay is too long".to_owned())?;
            let message = RetryInfo {
                retry_delay: Some(retry_delay),
            };
            (RETRY_INFO, message.encode_to_vec())
        }
    };
    Ok(Detail {
        type_url: type_url.to_owned(),
        value,
    })
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands fields by reference")]
fn is_zero(code: &i32) -> bool {
    *code == 0
}

#[cfg(test)]
mod tests {
    use tonic_types::{ErrorDetails, StatusExt as _};

    use super::*;

    fn status(details: ErrorDetails) -> RpcStatus {
        let status = tonic::Status::with_error_details(tonic::Code::InvalidArgument, "not valid", details);
        RpcStatus::decode(status.details()).unwrap()
    }

    fn json_and_back(status: &RpcStatus) -> String {
        let json = serde_json::to_string(status).unwrap();
        assert_eq!(&serde_json::from_str::<RpcStatus>(&json).unwrap(), status);
        json
    }

    #[test]
    fn details_are_shown_as_what_they_are() {
        let violations = status(ErrorDetails::with_bad_request_violation("device.id", "too long"));
        assert_eq!(
            json_and_back(&violations),
            r#"{"code":3,"message":"not valid","details":[{"@type":"type.googleapis.com/google.rpc.BadRequest","fieldViolations":[{"field":"device.id","description":"too long"}]}]}"#
        );
        let retry = status(ErrorDetails::with_retry_info(Some(Duration::from_millis(50))));
        assert_eq!(
            json_and_back(&retry),
            r#"{"code":3,"message":"not valid","details":[{"@type":"type.googleapis.com/google.rpc.RetryInfo","retryDelay":"0.050s"}]}"#
        );
    }

    #[test]
    fn when_to_ask_again_is_read_from_its_detail() {
        let busy = status(ErrorDetails::with_retry_info(Some(Duration::from_millis(50))));
        assert_eq!(busy.retry_after(), Some(Duration::from_millis(50)));
        assert_eq!(RpcStatus::default().retry_after(), None);
    }

    #[test]
    fn what_is_empty_is_left_out() {
        assert_eq!(json_and_back(&RpcStatus::default()), "{}");
    }

    #[test]
    fn durations_have_as_many_digits_as_they_need() {
        for (delay, text) in [
            (Duration::from_secs(2), r#""2s""#),
            (Duration::from_micros(1_000_005), r#""1.000005s""#),
            (Duration::from_nanos(7), r#""0.000000007s""#),
        ] {
            let json = json_and_back(&status(ErrorDetails::with_retry_info(Some(delay))));
            assert!(json.contains(text), "{json}");
        }
    }

    #[test]
    fn a_detail_of_a_type_that_is_not_known_has_no_json_form() {
        let mut status = RpcStatus::default();
        status.details.push(Detail {
            type_url: "type.googleapis.com/google.rpc.Help".to_owned(),
            value: Vec::new(),
        });
        let error = serde_json::to_string(&status).unwrap_err().to_string();
        assert!(error.contains("google.rpc.Help"), "{error}");
    }
}
