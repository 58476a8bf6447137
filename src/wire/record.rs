//! The record: the exact ProtoJSON text that is stored for a decision.
//!
//! A decision is encoded as soon as it is made, and stamped with id, time and salt when it enters the log. Stamping splices
//! text and takes the search terms as they are, since the committer, which is one, must not do what the callers, who are
//! many, can do before.

use std::{fmt::Write as _, sync::Arc};

use base64::{Engine as _, prelude::BASE64_STANDARD};
use uuid::Uuid;

use super::{
    Answer, Opinion, Timestamp,
    brief_form::{restore, restore_first},
    pb,
    projection::{head_terms, request_term},
};
use crate::history::{Projection, Term};

/// Number of the stored form that this program writes.
pub const RECORD_FORMAT: u32 = 3;

/// Bytes that the members of a typical decision fit into.
const TEXT_LEN: usize = 2048;
/// Most bytes that a record has beside the draft's members.
const HEAD_LEN_MAX: usize = 160;

/// A decision that is ready to be recorded: all of it is computed that does not depend on its place in the log.
#[derive(Clone, Debug)]
pub struct Draft {
    /// Who asked what, and the verdict.
    head: Box<pb::Decision>,
    opinion: Arc<Opinion>,
    /// Members of the decision's JSON object.
    text: String,
    request_term: Option<Term>,
    terms: Vec<Term>,
}

/// A decision as it enters the log.
#[derive(Clone, Debug)]
pub struct Stamped {
    /// The exact text to store.
    pub record: String,
    /// What it is found by; the same as [`projection`](super::projection) computes from the record.
    pub projection: Projection,
    /// The decision, as [`decode`] reads it from the record and [`render`](super::render) completes it.
    pub answer: Answer,
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
    #[error("the record is of format {0}, and this program knows formats up to {RECORD_FORMAT}; use a later version")]
    Newer(u32),
    /// Decided at a time that no timestamp can name.
    #[error("the time of the decision is outside the years 1 to 9999")]
    Untimely,
    /// Without what every record holds.
    #[error("the record lacks its {0}")]
    Incomplete(&'static str),
}

impl Draft {
    /// Encodes what `head` says beside the opinion, who asked what in which call, and computes the search terms.
    ///
    /// # Errors
    ///
    /// When the request holds a number that its enumeration does not name; a parsed request never does.
    pub fn new(mut head: Box<pb::Decision>, opinion: Arc<Opinion>) -> Result<Self, RecordError> {
        head.verdict = opinion.verdict;
        let request_term = request_term(&head);
        let mut terms = head_terms(&head, request_term);
        terms.extend_from_slice(&opinion.terms);
        Ok(Self {
            text: joined(members(&head)?, &opinion, head.request.as_ref()),
            head,
            opinion,
            request_term,
            terms,
        })
    }

    /// Who asked.
    #[must_use]
    pub fn caller(&self) -> &str {
        &self.head.caller
    }

    /// The request.
    #[must_use]
    pub fn request(&self) -> Option<&pb::CheckRequest> {
        self.head.request.as_ref()
    }

    /// About how many bytes its record has.
    #[must_use]
    pub fn record_len(&self) -> usize {
        self.text.len()
    }

    /// The term under which the request's key is found; `None` when it has none.
    #[must_use]
    pub fn request_term(&self) -> Option<Term> {
        self.request_term
    }

    /// The decision with its place in the log: the record is the draft's text behind what the stamp says.
    ///
    /// # Errors
    ///
    /// When the time is out of the range that a timestamp can name.
    pub fn stamped(mut self, stamp: &Stamp, log_index: u64) -> Result<Stamped, RecordError> {
        let decided_at = Timestamp::from_microseconds(stamp.decided_at_us);
        let decision_id = stamp.decision_id.to_string();
        let record = spliced(&stamp.salt, &decision_id, decided_at, &self.text)?;
        self.head.decision_id = decision_id;
        self.head.log_index = log_index;
        self.head.decided_at = Some(decided_at);
        Ok(Stamped {
            record,
            projection: Projection::new(stamp.decision_id, stamp.decided_at_us, self.terms),
            answer: Answer::new(self.head, self.opinion),
        })
    }
}

/// The members of a decision's JSON object, without its braces.
pub(super) fn members(decision: &pb::Decision) -> Result<Vec<u8>, RecordError> {
    let mut text = Vec::with_capacity(TEXT_LEN);
    serde_json::to_writer(&mut text, decision)?;
    text.pop();
    text.remove(0);
    Ok(text)
}

/// The members of a head and of its opinion.
#[expect(clippy::expect_used, reason = "the text is JSON made of texts, and so UTF-8")]
fn joined(mut text: Vec<u8>, opinion: &Opinion, request: Option<&pb::CheckRequest>) -> String {
    if !text.is_empty() && opinion.stored.size() > 0 {
        text.push(b',');
    }
    opinion.stored.fill(request, |piece| text.extend_from_slice(piece));
    String::from_utf8(text).expect("JSON is UTF-8")
}

/// The record of a decision whose other members are `text`.
fn spliced(salt: &[u8], decision_id: &str, decided_at: Timestamp, text: &str) -> Result<String, RecordError> {
    let mut record = String::with_capacity(HEAD_LEN_MAX.saturating_add(text.len()));
    let _ = write!(record, r#"{{"format":{RECORD_FORMAT},"salt":""#);
    BASE64_STANDARD.encode_string(salt, &mut record);
    write!(
        record,
        r#"","decision":{{"decisionId":"{decision_id}","decidedAt":"{decided_at}""#
    )
    .map_err(|_| RecordError::Untimely)?;
    if !text.is_empty() {
        record.push(',');
        record.push_str(text);
    }
    record.push_str("}}");
    Ok(record)
}

/// Reads a stored record; `log_index` is the log's own number for it.
///
/// # Errors
///
/// When the text is no record, or one of a later form.
pub fn decode(record: &str, log_index: u64) -> Result<pb::Decision, RecordError> {
    let record = parse(record)?;
    let mut decision = record.decision.ok_or(RecordError::Incomplete("decision"))?;
    if record.format == 1 {
        restore_first(&mut decision);
    }
    restore(&mut decision);
    decision.log_index = log_index;
    Ok(decision)
}

/// Reads the text of a record. A later form may hold what this program does not know, and is refused by its number all the same.
fn parse(record: &str) -> Result<pb::Record, RecordError> {
    #[derive(serde::Deserialize)]
    struct Form {
        format: u32,
    }
    let parsed = serde_json::from_str::<pb::Record>(record);
    let format = match &parsed {
        Ok(record) => record.format,
        Err(_) => serde_json::from_str::<Form>(record).map_or(0, |form| form.format),
    };
    if format > RECORD_FORMAT {
        return Err(RecordError::Newer(format));
    }
    let record = parsed?;
    if record.format == 0 {
        return Err(RecordError::Incomplete("format"));
    }
    Ok(record)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{catalogue::Catalogue, domain::Facts};

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

    fn draft(mut decision: pb::Decision) -> Draft {
        let opinion = Opinion::take(&mut decision, &Facts::default(), Catalogue::embedded()).unwrap();
        Draft::new(Box::new(decision), Arc::new(opinion)).unwrap()
    }

    #[test]
    fn a_stamped_draft_is_the_record_of_its_decision() {
        for decided_at_us in [1_300_000_000_000_000, 1_300_000_000_120_000, 1_300_000_000_123_456, -1] {
            let stamp = Stamp {
                decided_at_us,
                ..stamp()
            };
            let Stamped { record, answer, .. } = draft(decision()).stamped(&stamp, 7).unwrap();
            let whole = pb::Decision {
                decision_id: stamp.decision_id.to_string(),
                log_index: 7,
                decided_at: Some(Timestamp::from_microseconds(decided_at_us)),
                ..decision()
            };
            assert_eq!(decode(&record, 7).unwrap(), whole);
            assert_eq!(pb::Decision::from(answer), whole);
        }
    }

    #[test]
    fn a_time_that_no_timestamp_names_is_not_recorded() {
        let never = Stamp {
            decided_at_us: i64::MAX,
            ..stamp()
        };
        let stamped = draft(decision()).stamped(&never, 0);
        assert!(matches!(stamped, Err(RecordError::Untimely)));
    }

    #[test]
    fn a_head_fits_what_is_set_aside_for_it() {
        let id = Uuid::max().to_string();
        let head = spliced(&stamp().salt, &id, Timestamp::from_microseconds(-1), "").unwrap();
        assert!(head.len() <= HEAD_LEN_MAX, "{}", head.len());
    }

    #[test]
    fn an_empty_draft_stamps_to_a_record_too() {
        let stamped = draft(pb::Decision::default()).stamped(&stamp(), 3).unwrap();
        let decoded = decode(&stamped.record, 3).unwrap();
        assert_eq!(decoded, pb::Decision::from(stamped.answer));
    }

    #[test]
    fn a_draft_knows_the_term_of_its_request_key() {
        let term = |decision| draft(decision).request_term();
        assert_eq!(term(decision()), Some(Term::request("r")));
        assert_eq!(term(pb::Decision::default()), None);
    }

    #[test]
    fn a_record_of_a_later_form_is_refused_by_number() {
        let known = r#"{"format":4,"salt":"","decision":{}}"#;
        let unknown = r#"{"format":4,"salt":"","decision":{"more":1},"more":1}"#;
        for record in [known, unknown] {
            assert!(matches!(decode(record, 0), Err(RecordError::Newer(4))));
        }
    }

    #[test]
    fn what_is_no_record_is_refused() {
        let more = r#"{"format":2,"salt":"","decision":{},"more":1}"#;
        for text in ["{", more] {
            assert!(matches!(decode(text, 0), Err(RecordError::Malformed(_))));
        }
        for text in ["{}", r#"{"salt":"","decision":{}}"#, r#"{"format":2,"salt":""}"#] {
            assert!(matches!(decode(text, 0), Err(RecordError::Incomplete(_))), "{text}");
        }
    }
}
