//! What a record leaves out because the rest of it tells.
//!
//! A met condition is stored by its reason alone, another basis by its codes alone, and the facts after the catalogue by the
//! request and what the catalogue made of its names: a record is kept for years, and these would be half of it. What is broken
//! or unknown on the deciding basis is always stored in so many words.

mod facts;
mod first;
mod item;
mod told;

pub use first::restore_first;

use super::pb;

/// The parts of a decision that [`shorten`] replaced, whole.
#[derive(Debug)]
pub struct Whole {
    edition: String,
    resolved: Option<pb::Facts>,
    items: Vec<pb::Item>,
    advice: Vec<pb::Advice>,
}

impl Whole {
    /// Puts the parts back in place of the short ones.
    pub fn put_back(self, decision: &mut pb::Decision) {
        decision.edition = self.edition;
        decision.resolved = self.resolved;
        decision.items = self.items;
        decision.advice = self.advice;
        decision.advised.clear();
    }
}

/// Replaces what [`restore`] can tell by its short form, and gives what was there.
pub fn shorten(decision: &mut pb::Decision) -> Whole {
    let whole = Whole {
        edition: std::mem::take(&mut decision.edition),
        resolved: decision.resolved.take(),
        items: std::mem::take(&mut decision.items),
        advice: std::mem::take(&mut decision.advice),
    };
    if edition_of(&decision.rules_revision) != whole.edition {
        decision.edition.clone_from(&whole.edition);
    }
    let request = decision.request.as_ref();
    decision.resolved = whole.resolved.as_ref().map(|resolved| match request {
        Some(request) => facts::short(request, resolved),
        None => resolved.clone(),
    });
    let licenses = licenses(request);
    let items = whole.items.iter();
    decision.items = items
        .map(|item| item::short(item, decision.verdict, licenses))
        .collect();
    if whole.advice.iter().all(|advice| advice.text.is_empty()) {
        decision.advised = whole.advice.iter().map(|advice| advice.code.clone()).collect();
    } else {
        decision.advice.clone_from(&whole.advice);
    }
    whole
}

/// Fills in what [`shorten`] left out.
pub fn restore(decision: &mut pb::Decision) {
    if decision.edition.is_empty() {
        decision.edition = edition_of(&decision.rules_revision).to_owned();
    }
    if let (Some(request), Some(resolved)) = (&decision.request, &mut decision.resolved) {
        facts::restore(request, resolved);
    }
    let licenses = licenses(decision.request.as_ref());
    for item in &mut decision.items {
        item::restore(item, decision.verdict, licenses);
    }
    let advised = std::mem::take(&mut decision.advised).into_iter();
    decision.advice.extend(advised.map(|code| pb::Advice {
        code,
        ..pb::Advice::default()
    }));
}

fn licenses(request: Option<&pb::CheckRequest>) -> &[pb::License] {
    let device = request.and_then(|request| request.device.as_ref());
    device.map_or(&[], |device| &device.licenses)
}

/// The edition that a rules revision, such as "2011-02/1", is of.
fn edition_of(revision: &str) -> &str {
    revision.split('/').next().unwrap_or_default()
}
