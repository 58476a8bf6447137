//! The record: the exact ProtoJSON text that is stored for a decision.
//!
//! A decision is encoded as soon as it is made, and stamped with id, time and salt when it enters the log. Stamping splices
//! text, since encoding twice would cost the committer, which is one, what the callers, who are many, can do before.

use pbjson_types::Timestamp;
use uuid::Uuid;

use super::{
    brief_form::{restore, shorten},
    pb,
};

/// Number of the stored form that this program writes.
pub const RECORD_FORMAT: u32 = 1;

/// A decision that is ready to be recorded.
#[derive(Clone, Debug)]
pub struct Draft {
    decision: pb::Decision,
    text: String,
}

/// What a decision gets when it enters the log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stamp {
    /// Its id, a UUIDv7.
    pub decision_id: Uuid,
    /// Microseconds since 1970-01-01 UTC.
    pub decided_at_us: i64,
    /// Random bytes.
    pub salt: [u8; 16],
}

/// Why a stored text is no record of a decision.
#[derive(Debug, thiserror::Error)]
pub enum RecordError {
    /// Not JSON of the record's shape.
    #[error("the record is not readable: {0}")]
    Malformed(#[from] serde_json::Error),
    /// Of a form that a later version of this program wrote.
    #[error("the record is of format {0}, and this program knows format {RECORD_FORMAT} only; use a later version")]
    Newer(u32),
    /// Without what every record holds.
    #[error("the record lacks its {0}")]
    Incomplete(&'static str),
}

impl Draft {
    /// Encodes a decision that has no id and no time yet.
    ///
    /// # Errors
    ///
    /// When the decision holds a number that its enumeration does not name; a parsed request never does.
    pub fn new(decision: pb::Decision) -> Result<Self, RecordError> {
        let mut stored = decision.clone();
        shorten(&mut stored);
        let text = serde_json::to_string(&stored)?;
        Ok(Self { decision, text })
    }

    /// The decision.
    #[must_use]
    pub fn decision(&self) -> &pb::Decision {
        &self.decision
    }

    /// The record: the draft's text behind what the stamp says.
    ///
    /// # Errors
    ///
    /// When the time is out of the range that a timestamp can name.
    pub fn stamp(&self, stamp: &Stamp) -> Result<String, RecordError> {
        let head = pb::Record {
            format: RECORD_FORMAT,
            salt: stamp.salt.to_vec(),
            decision: Some(pb::Decision {
                decision_id: stamp.decision_id.to_string(),
                decided_at: Some(timestamp(stamp.decided_at_us)),
                ..pb::Decision::default()
            }),
        };
        let mut record = serde_json::to_string(&head)?;
        // `{..,"decision":{"decisionId":..,"decidedAt":..}}` goes on where it closes, with what `{...}` holds, then closes again.
        record.truncate(record.len().saturating_sub(2));
        let rest = self.text.strip_prefix('{').unwrap_or(&self.text);
        if rest != "}" {
            record.push(',');
        }
        record.push_str(rest);
        record.push('}');
        Ok(record)
    }

    /// The decision as the stamp makes it.
    #[must_use]
    pub fn into_decision(self, stamp: &Stamp, log_index: u64) -> pb::Decision {
        pb::Decision {
            decision_id: stamp.decision_id.to_string(),
            log_index,
            decided_at: Some(timestamp(stamp.decided_at_us)),
            ..self.decision
        }
    }
}

/// A time as the wire has it.
#[must_use]
pub fn timestamp(microseconds: i64) -> Timestamp {
    let nanos = i32::try_from(microseconds.rem_euclid(1_000_000))
        .unwrap_or_default()
        .saturating_mul(1000);
    Timestamp {
        seconds: microseconds.div_euclid(1_000_000),
        nanos,
    }
}

/// Reads a stored record; `log_index` is the log's own number for it.
///
/// # Errors
///
/// When the text is no record, or one of a later form.
pub fn decode(record: &str, log_index: u64) -> Result<pb::Decision, RecordError> {
    #[derive(serde::Deserialize)]
    struct Form {
        format: u32,
    }
    let form: Form = serde_json::from_str(record)?;
    if form.format > RECORD_FORMAT {
        return Err(RecordError::Newer(form.format));
    }
    let record: pb::Record = serde_json::from_str(record)?;
    let mut decision = record.decision.ok_or(RecordError::Incomplete("decision"))?;
    restore(&mut decision);
    Ok(pb::Decision { log_index, ..decision })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stamp() -> Stamp {
        Stamp {
            decision_id: Uuid::from_u128(7),
            decided_at_us: 1_300_000_000_123_456,
            salt: [9; 16],
        }
    }

    fn decision() -> pb::Decision {
        pb::Decision {
            caller: "local".to_owned(),
            request: Some(pb::CheckRequest {
                request_id: "r".to_owned(),
                ..pb::CheckRequest::default()
            }),
            verdict: pb::Verdict::Permitted as i32,
            missing_facts: vec!["agreement.program".to_owned()],
            ..pb::Decision::default()
        }
    }

    #[test]
    fn a_stamped_draft_is_the_record_as_encoded_whole() {
        let draft = Draft::new(decision()).unwrap();
        let whole = pb::Record {
            format: RECORD_FORMAT,
            salt: stamp().salt.to_vec(),
            decision: Some(draft.clone().into_decision(&stamp(), 0)),
        };
        assert_eq!(draft.stamp(&stamp()).unwrap(), serde_json::to_string(&whole).unwrap());
    }

    #[test]
    fn an_empty_draft_stamps_to_a_record_too() {
        let record = Draft::new(pb::Decision::default()).unwrap().stamp(&stamp()).unwrap();
        assert_eq!(decode(&record, 3).unwrap().log_index, 3);
    }

    #[test]
    fn a_record_of_a_later_form_is_refused_by_number() {
        let record = r#"{"format":2,"salt":"","decision":{},"more":1}"#;
        assert!(matches!(decode(record, 0), Err(RecordError::Newer(2))));
        assert!(matches!(decode("{", 0), Err(RecordError::Malformed(_))));
    }
}
