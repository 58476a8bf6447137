//! The page itself: HTML without scripts, which needs nothing from elsewhere.

use maud::{DOCTYPE, Markup, html};
use serde_json::Value;

use crate::{
    audit::{Checkpoint, Hash, Proof},
    cli::text::word,
    wire::pb,
};

/// What the records hang on.
pub(super) struct Log {
    pub(super) checkpoint: Checkpoint,
    /// The exact text of the checkpoint.
    pub(super) note: String,
    pub(super) verifier_key: String,
}

/// A decision as it is told, and as it is recorded.
pub(super) struct Evidence {
    pub(super) decision: pb::Decision,
    pub(super) record: Record,
}

/// A record and what proves it.
#[derive(Clone, Debug)]
pub(super) struct Record {
    pub(super) text: String,
    pub(super) leaf: Hash,
    pub(super) proof: Proof,
}

/// The whole page.
pub(super) fn html(log: &Log, evidence: &[Evidence]) -> String {
    let title = match evidence {
        [one] => format!("Decision {}", one.decision.decision_id),
        many => format!("{} decisions", many.len()),
    };
    let page = html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width";
                title { (title) " - evidence" }
                style { (maud::PreEscaped(include_str!("page.css"))) }
            }
            body {
                header {
                    p.kind { "Evidence of licensing decisions" }
                    h1 { (title) }
                    p { "In the log " code { (log.checkpoint.origin) } ", proven against its checkpoint at " (log.checkpoint.size) " decisions." }
                }
                @if evidence.len() > 1 { (contents(evidence)) }
                main { @for one in evidence { (decision(one)) } }
                (verifying(log))
            }
        }
    };
    page.into_string()
}

fn contents(evidence: &[Evidence]) -> Markup {
    html! {
        table.contents {
            thead { tr { th { "Log index" } th { "Decided at" } th { "Verdict" } th { "Device" } th { "Image" } } }
            tbody {
                @for Evidence { decision, .. } in evidence {
                    tr {
                        td { a href={ "#d" (decision.log_index) } { (decision.log_index) } }
                        td { (at(decision)) }
                        td { (verdict(decision.verdict())) }
                        td { (device(decision)) }
                        td { (image(decision)) }
                    }
                }
            }
        }
    }
}

fn decision(one: &Evidence) -> Markup {
    let Evidence { decision, record } = one;
    html! {
        article id={ "d" (decision.log_index) } {
            h2 { (verdict(decision.verdict())) " Image " (image(decision)) " on device " (device(decision)) }
            dl {
                dt { "Decision" } dd { code { (decision.decision_id) } ", log index " (decision.log_index) }
                dt { "Decided at" } dd { (at(decision)) ", for " (decision.caller) }
                dt { "Rules" } dd { "edition " (decision.edition) ", revision " (decision.rules_revision) ", program " (decision.engine) }
                dt { "Catalogue" } dd { code { (decision.catalogue_digest) } }
            }
            @for item in &decision.items { (self::item(item)) }
            (open(decision))
            h3 { "Facts as stated" }
            @if let Some(request) = &decision.request { (facts(&serde_json::to_value(request).unwrap_or_default())) }
            h3 { "Record" }
            p { "The exact bytes of the record, SHA-256 of which is in the log:" }
            pre.record { (record.text) }
            (proof(decision, record))
        }
    }
}

fn item(item: &pb::Item) -> Markup {
    let name = item.product.as_ref().map(word::product).unwrap_or_default();
    html! {
        section {
            h3 { (name) ": " (verdict(item.verdict())) }
            p {
                "Decided on the basis of " strong { (word::basis(item.basis())) }
                @if !item.license_id.is_empty() { ", license " code { (item.license_id) } }
                "."
            }
            table {
                thead { tr { th { "Condition" } th { "Outcome" } th { "Explanation" } th { "Where the brief says so" } } }
                tbody { @for finding in &item.findings { (self::finding(finding)) } }
            }
            @if !item.other_bases.is_empty() {
                p { "Other bases: " @for (place, other) in item.other_bases.iter().enumerate() {
                    @if place > 0 { "; " }
                    (word::basis(other.basis())) " " (word::outcome(other.outcome()))
                    @let codes: Vec<&str> = other.broken.iter().chain(&other.unknown).map(String::as_str).collect();
                    @if !codes.is_empty() { " (" (codes.join(", ")) ")" }
                } "." }
            }
        }
    }
}

fn finding(finding: &pb::Finding) -> Markup {
    let outcome = word::outcome(finding.outcome());
    html! {
        tr class=(class(outcome)) {
            td { code { (finding.condition) } }
            td { (outcome) br; small { (finding.reason) } }
            td {
                (finding.explanation)
                @if !finding.remedy.is_empty() { p.remedy { (finding.remedy) } }
                @if !finding.facts.is_empty() { p.facts { (finding.facts.join(", ")) } }
            }
            td { @if let Some(place) = &finding.citation { (place.section) ", " (place.paragraph) " (" (place.edition) ")" } }
        }
    }
}

fn open(decision: &pb::Decision) -> Markup {
    html! {
        @if !decision.missing_facts.is_empty() {
            p.open { strong { "Not known: " } (decision.missing_facts.join(", ")) }
        }
        @for reading in &decision.unsettled {
            p.open { strong { "The brief leaves open: " } code { (reading.condition) } " (" (reading.facts.join(", ")) ")" }
        }
        @for advice in &decision.advice { p.advice { strong { "To know: " } (advice.text) } }
    }
}

/// Whatever was stated, by the names of the wire.
fn facts(value: &Value) -> Markup {
    match value {
        Value::Object(members) => html! {
            dl { @for (name, value) in members { dt { (name) } dd { (facts(value)) } } }
        },
        Value::Array(values) => html! { ol { @for value in values { li { (facts(value)) } } } },
        Value::String(text) => html! { (text) },
        other => html! { (other.to_string()) },
    }
}

fn proof(decision: &pb::Decision, record: &Record) -> Markup {
    html! {
        h3 { "Proof" }
        dl {
            dt { "Leaf" } dd { code { (record.leaf) } }
            dt { "Place" } dd { (decision.log_index) }
            dt { "Path to the root" }
            dd { @if record.proof.hashes.is_empty() { "the leaf is the root" } @else { ol.hashes { @for hash in &record.proof.hashes { li { code { (hash) } } } } } }
        }
    }
}

fn verifying(log: &Log) -> Markup {
    html! {
        section.verifying {
            h2 { "The checkpoint, and how to verify" }
            pre { (log.note) }
            p { "It was signed by the key " code.key { (log.verifier_key) } ". Believe it only if you were given the same key by somebody you trust, \
                 not by this page." }
            ol {
                li { "The signature is Ed25519 over the lines of the checkpoint up to the empty line, without it." }
                li { "The digest of a record is SHA-256 of its exact bytes. Its leaf is SHA-256 of the bytes 00 01 01 and the digest." }
                li { "The path leads from the leaf at its place to the root, the third line of the checkpoint, as RFC 9162, section 2.1.3.2, says. \
                      The second line is the number of leaves." }
                li { "The same, done by the program: " code { "reimage-rights export -o evidence.zip" } " and "
                    code { "reimage-rights verify-bundle evidence.zip --key " (log.verifier_key) } }
            }
            p { "Hashes are in base64. This shows that the log held these records, at these places and with these bytes, when the checkpoint was \
                 signed. Explanations and citations are told by the program from the record; wording is no evidence." }
        }
    }
}

fn verdict(verdict: pb::Verdict) -> Markup {
    let words = word::verdict(verdict);
    html! { span.verdict.(class(words)) { (words) } }
}

/// A word as the name of a class.
fn class(words: &str) -> String {
    words.replace([' ', '/'], "-")
}

fn at(decision: &pb::Decision) -> String {
    decision
        .decided_at
        .as_ref()
        .map(ToString::to_string)
        .unwrap_or_default()
}

fn device(decision: &pb::Decision) -> &str {
    let device = decision.request.as_ref().and_then(|request| request.device.as_ref());
    device.map_or("(not named)", |device| device.id.as_str())
}

fn image(decision: &pb::Decision) -> &str {
    let image = decision.request.as_ref().and_then(|request| request.image.as_ref());
    image.map_or("(not named)", |image| image.id.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{audit::Origin, cli::testing};

    fn evidence(decision: pb::Decision) -> Evidence {
        let record = Record {
            text: "{\"salt\":\"<script>alert(1)</script>\"}".to_owned(),
            leaf: Hash([1; 32]),
            proof: Proof {
                hashes: vec![Hash([2; 32])],
            },
        };
        Evidence { decision, record }
    }

    fn log() -> Log {
        Log {
            checkpoint: Checkpoint {
                origin: Origin::new("example.com", crate::audit::Log::Decisions).unwrap(),
                size: 3,
                root: Hash([9; 32]),
                extensions: Vec::new(),
            },
            note: "example.com/decisions\n3\nroot\n\n\u{2014} example.com/decisions signature\n".to_owned(),
            verifier_key: "example.com/decisions+00000000+key".to_owned(),
        }
    }

    #[test]
    fn the_page_holds_verdict_facts_conditions_record_and_proof() {
        let page = html(&log(), &[evidence(testing::not_permitted())]);
        insta::assert_snapshot!(page.replace("><", ">\n<"));
    }

    #[test]
    fn nothing_on_the_page_runs_or_comes_from_elsewhere() {
        let mut hostile = testing::indeterminate();
        if let Some(device) = hostile.request.as_mut().and_then(|request| request.device.as_mut()) {
            device.id = "<img src=x onerror=alert(1)>\"'&".to_owned();
        }
        let page = html(&log(), &[evidence(hostile), evidence(testing::permitted())]);
        for forbidden in [
            "<script",
            "<img",
            "http://",
            "https://",
            "url(",
            "@import",
            "javascript:",
        ] {
            assert!(!page.contains(forbidden), "{forbidden}");
        }
        assert!(page.contains("&lt;script&gt;alert(1)&lt;/script&gt;"));
        assert!(page.contains("2 decisions"));
    }
}
