//! What a request asks, apart from the names in it. Most devices of a fleet ask one of a few questions.

use prost::Message as _;

use super::{Names, Violations, names::check_names, pb, report::report_len, template::mark_count};

/// Most bytes of a question that is worth remembering: those of a device with a dozen licenses.
const LEN_MAX: usize = 4096;

/// A request without its names: equal questions have equal answers.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Question(Vec<u8>);

impl Question {
    /// Takes the question out of a request, which stays without its names; `None`, and the request as it was, where the question is
    /// not worth remembering: reports are of one device, a long question hardly comes twice, and wrong names are refused.
    pub fn take(request: &mut pb::CheckRequest) -> Option<(Self, Names)> {
        let mut violations = Violations::default();
        check_names(request, &mut violations);
        if !violations.as_slice().is_empty() || report_len(request) > 0 {
            return None;
        }
        let names = Names::take(request);
        let question = request.encode_to_vec();
        // Somebody's own text with a mark in it would be taken for a blank. A number that looks like one is not worth telling apart.
        if question.len() > LEN_MAX || mark_count(&question) != names.blank_count() {
            names.put_back(request);
            return None;
        }
        Some((Self(question), names))
    }

    /// Bytes that it takes.
    #[must_use]
    pub fn size(&self) -> usize {
        self.0.len()
    }
}
