//! The conditions in words, as JSON: what somebody needs who reads a record without this program.

use serde_json::{Value, json};

use super::Wire;
use crate::{
    rules::{bases_of, condition},
    verdict::{Citation, ConditionCode},
};

/// Every condition, in the order of the rules: its code, what it decides, where the brief says so, its reasons with their outcomes, and
/// the bases it belongs to.
#[must_use]
pub fn conditions_json() -> String {
    let all: Vec<Value> = ConditionCode::ALL.into_iter().map(of).collect();
    format!("{:#}\n", Value::from(all))
}

fn of(code: ConditionCode) -> Value {
    let condition = condition(code);
    let reasons = condition.reasons.iter().map(|reason| {
        json!({
            "code": reason.code,
            "outcome": reason.outcome.wire_name(),
            "meaning": reason.meaning,
        })
    });
    json!({
        "code": code.as_str(),
        "decides": condition.decides,
        "citations": condition.cites.iter().map(citation).collect::<Vec<_>>(),
        "reasons": reasons.collect::<Vec<_>>(),
        "bases": bases_of(code).map(Wire::wire_name).collect::<Vec<_>>(),
    })
}

fn citation(place: &Citation) -> Value {
    json!({ "section": place.section, "paragraph": place.paragraph })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_condition_is_there_with_its_place_in_the_brief_and_its_reasons() {
        let all: Value = serde_json::from_str(&conditions_json()).unwrap();
        let all = all.as_array().unwrap();
        assert_eq!(all.len(), ConditionCode::ALL.len());
        for (condition, code) in all.iter().zip(ConditionCode::ALL) {
            assert_eq!(condition["code"], code.as_str());
            assert!(!condition["decides"].as_str().unwrap().is_empty());
            for list in ["citations", "reasons"] {
                assert!(!condition[list].as_array().unwrap().is_empty(), "{code:?} {list}");
            }
        }
    }
}
