//! What readers get beside the record: products, facts used, explanations, citations, remedies and advice in words.
//!
//! Wording is no evidence: it is made from reasons and facts whenever somebody reads, and never stored.

use super::{Wire as _, decision::license_index, pb, product::encode_product};
use crate::{
    catalogue::Catalogue,
    domain::Facts,
    rules::{Case, Reading, Wording, advice_text, word},
    verdict::{AdviceCode, Basis, ConditionCode, Path},
};

/// Fills in what is not stored, from the facts and the catalogue of the decision.
pub fn render(decision: &mut pb::Decision, facts: &Facts, catalogue: &Catalogue) {
    let edition = decision.edition.clone();
    for (index, item) in decision.items.iter_mut().enumerate() {
        let product = facts.image.products.get(index);
        item.product = product.map(|product| encode_product(&product.product, catalogue));
        let license = license_index(&item.license_id, facts);
        let Some(basis) = Basis::from_number(item.basis) else {
            continue;
        };
        let case = Case {
            facts,
            catalogue,
            basis,
            item: index,
            license,
            reading: Reading::Product,
        };
        for finding in &mut item.findings {
            render_finding(finding, &case, &edition);
        }
    }
    for advice in &mut decision.advice {
        advice.text = AdviceCode::parse(&advice.code).map_or_else(String::new, |code| advice_text(code, facts));
    }
}

fn render_finding(finding: &mut pb::Finding, case: &Case<'_>, edition: &str) {
    let Some(condition) = ConditionCode::parse(&finding.condition) else {
        return;
    };
    let Wording {
        facts,
        explanation,
        citation,
        remedy,
    } = word(condition, &finding.reason, case);
    finding.facts = facts.into_iter().map(Path::into_text).collect();
    finding.explanation = explanation;
    remedy.clone_into(&mut finding.remedy);
    finding.citation = citation.map(|place| pb::Citation {
        edition: edition.to_owned(),
        section: place.section.to_owned(),
        paragraph: place.paragraph.to_owned(),
    });
}
