//! Where a decision made again differs from the one recorded.

use super::{Wire, pb};
use crate::verdict::{Basis, Outcome, Verdict};

/// Compares verdict, bases, licenses, and outcomes and reasons of the conditions.
#[must_use]
pub fn differences(recorded: &pb::Decision, now: &pb::Decision) -> Vec<pb::Difference> {
    let mut differences = Differences::default();
    differences.compare(
        "verdict",
        name::<Verdict>(recorded.verdict),
        name::<Verdict>(now.verdict),
    );
    differences.compare("items", recorded.items.len().to_string(), now.items.len().to_string());
    for (index, (recorded, now)) in recorded.items.iter().zip(&now.items).enumerate() {
        differences.compare_items(&format!("items[{index}]"), recorded, now);
    }
    differences.0
}

#[derive(Default)]
struct Differences(Vec<pb::Difference>);

impl Differences {
    fn compare(&mut self, path: &str, recorded: String, now: String) {
        if recorded != now {
            self.0.push(pb::Difference {
                path: path.to_owned(),
                recorded,
                now,
            });
        }
    }

    fn compare_items(&mut self, path: &str, recorded: &pb::Item, now: &pb::Item) {
        self.compare(
            &format!("{path}.verdict"),
            name::<Verdict>(recorded.verdict),
            name::<Verdict>(now.verdict),
        );
        self.compare(
            &format!("{path}.basis"),
            name::<Basis>(recorded.basis),
            name::<Basis>(now.basis),
        );
        self.compare(
            &format!("{path}.license_id"),
            recorded.license_id.clone(),
            now.license_id.clone(),
        );
        let all = recorded.findings.iter().chain(&now.findings);
        let mut conditions: Vec<&str> = all.map(|finding| finding.condition.as_str()).collect();
        conditions.sort_unstable();
        conditions.dedup();
        for condition in conditions {
            let path = format!("{path}.findings[{condition}]");
            let (recorded, now) = (of(recorded, condition), of(now, condition));
            self.compare(&format!("{path}.outcome"), outcome(recorded), outcome(now));
            self.compare(&format!("{path}.reason"), reason(recorded), reason(now));
        }
    }
}

fn name<T: Wire>(number: i32) -> String {
    T::from_number(number).map_or_else(|| number.to_string(), |value| value.wire_name().to_owned())
}

fn of<'a>(item: &'a pb::Item, condition: &str) -> Option<&'a pb::Finding> {
    item.findings.iter().find(|finding| finding.condition == condition)
}

fn outcome(finding: Option<&pb::Finding>) -> String {
    finding.map_or_else(|| "(none)".to_owned(), |finding| name::<Outcome>(finding.outcome))
}

fn reason(finding: Option<&pb::Finding>) -> String {
    finding.map_or_else(|| "(none)".to_owned(), |finding| finding.reason.clone())
}
