//! Reading a record whose opinion is remembered: who asked what is parsed, and the rest only compared.

use std::sync::Arc;

use memchr::memmem;

use super::{Answer, Opinion, Question, RECORD_FORMAT, pb};

/// Where the decision begins in a record, behind the salt.
const DECISION: &str = r#"","decision":"#;
/// Where the opinion begins in a decision. It cannot be within a text, where JSON escapes quotes; a label of this key only makes the
/// record one that is not recalled.
const OPINION: &str = r#","resolved":"#;

/// The decision of a record as it is sent, where `remembered` has an opinion on its question and the record says the same to the letter.
/// It is what [`decode`](super::decode) and [`render`](super::render) would give; `None` says nothing of the record.
pub fn recall(
    record: &str,
    log_index: u64,
    remembered: impl FnOnce(&Question) -> Option<Arc<Opinion>>,
) -> Option<Answer> {
    let (form, decision) = record.split_once(DECISION)?;
    let (format, _) = form.strip_prefix(r#"{"format":"#)?.split_once(',')?;
    if format.parse() != Ok(RECORD_FORMAT) {
        return None;
    }
    let (head, opinion) = decision.split_at(memmem::find(decision.as_bytes(), OPINION.as_bytes())?);
    let stored = opinion.strip_prefix(',')?.strip_suffix("}}")?;
    let mut head: Box<pb::Decision> = serde_json::from_str(&[head, "}"].concat()).ok()?;
    let request = head.request.as_mut()?;
    let (question, names) = Question::take(request)?;
    let opinion = remembered(&question)?;
    names.put_back(request);
    if head.verdict != opinion.verdict || !opinion.stored.says(head.request.as_ref(), stored) {
        return None;
    }
    head.log_index = log_index;
    Some(Answer::new(head, opinion))
}
