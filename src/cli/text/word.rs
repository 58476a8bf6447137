//! Words and colors for the values of the wire.

use anstyle::{AnsiColor, Style};

use crate::wire::pb;

/// For what does not matter at first sight.
pub(in crate::cli) const FAINT: Style = Style::new().dimmed();
const GREEN: Style = AnsiColor::Green.on_default();
const RED: Style = AnsiColor::Red.on_default();
const YELLOW: Style = AnsiColor::Yellow.on_default();

/// A verdict in words.
pub(in crate::cli) const fn verdict(verdict: pb::Verdict) -> &'static str {
    match verdict {
        pb::Verdict::Permitted => "permitted",
        pb::Verdict::NotPermitted => "not permitted",
        pb::Verdict::Indeterminate => "indeterminate",
        pb::Verdict::Unspecified => "no verdict",
    }
}

/// A verdict's color.
pub(in crate::cli) const fn verdict_style(verdict: pb::Verdict) -> Style {
    match verdict {
        pb::Verdict::Permitted => GREEN.bold(),
        pb::Verdict::NotPermitted => RED.bold(),
        pb::Verdict::Indeterminate | pb::Verdict::Unspecified => YELLOW.bold(),
    }
}

/// An outcome in words.
pub(in crate::cli) const fn outcome(outcome: pb::Outcome) -> &'static str {
    match outcome {
        pb::Outcome::Holds => "holds",
        pb::Outcome::Broken => "broken",
        pb::Outcome::Unknown => "unknown",
        pb::Outcome::DoesNotApply => "n/a",
        pb::Outcome::Unspecified => "unclear",
    }
}

/// An outcome's color.
pub(in crate::cli) const fn outcome_style(outcome: pb::Outcome) -> Style {
    match outcome {
        pb::Outcome::Holds => GREEN,
        pb::Outcome::Broken => RED,
        pb::Outcome::Unknown | pb::Outcome::Unspecified => YELLOW,
        pb::Outcome::DoesNotApply => FAINT,
    }
}

/// A basis in words.
pub(in crate::cli) const fn basis(basis: pb::Basis) -> &'static str {
    match basis {
        pb::Basis::ReimagingRight => "reimaging right",
        pb::Basis::VolumeLicense => "volume license",
        pb::Basis::SoftwareAssurance => "Software Assurance",
        pb::Basis::OemRecovery => "OEM recovery",
        pb::Basis::OemPreload => "OEM preload",
        pb::Basis::Unspecified => "no basis",
    }
}

/// The end of a reproduction in color and words.
pub(in crate::cli) const fn reproduction(result: pb::ReproduceResult) -> (Style, &'static str) {
    match result {
        pb::ReproduceResult::Same => (GREEN, "the same"),
        pb::ReproduceResult::Differs => (RED, "differs"),
        pb::ReproduceResult::Cannot => (YELLOW, "cannot be told"),
        pb::ReproduceResult::Unspecified => (YELLOW, "no answer"),
    }
}

/// An enum value's name as words, without its enum's prefix: `PROGRAM_OPEN_VALUE` is "open value". `None` when unspecified.
pub(super) fn spoken(name: &str, prefix: &str) -> Option<String> {
    let word = |word: &str| match word {
        "OEM" | "FPP" | "VLSC" | "MAK" | "KMS" => word.to_owned(),
        _ => word.to_lowercase(),
    };
    let name = name.strip_prefix(prefix).unwrap_or(name);
    let words = || name.split('_').map(word).collect::<Vec<_>>().join(" ");
    (name != "UNSPECIFIED").then(words)
}

/// A product in words, such as "Windows 7 Professional, en-US, x64".
pub(in crate::cli) fn product(product: &pb::Product) -> String {
    let named = [&product.name, &product.family, &product.version, &product.edition];
    let name = named.into_iter().filter(|part| !part.is_empty());
    let name = name.map(String::as_str).collect::<Vec<_>>().join(" ");
    let name = if name.is_empty() {
        "unstated product".to_owned()
    } else {
        name
    };
    let components = (!product.components.is_empty()).then(|| format!("with {}", product.components.join(" + ")));
    let language = (!product.language.is_empty()).then(|| product.language.clone());
    let architecture = spoken(product.architecture().as_str_name(), "ARCHITECTURE_");
    [Some(name), language, architecture, components]
        .into_iter()
        .flatten()
        .collect::<Vec<_>>()
        .join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_speak_without_their_prefix() {
        let channel = |channel: pb::Channel| spoken(channel.as_str_name(), "CHANNEL_");
        assert_eq!(channel(pb::Channel::Oem).as_deref(), Some("OEM"));
        assert_eq!(channel(pb::Channel::OtherAgreement).as_deref(), Some("other agreement"));
        assert_eq!(channel(pb::Channel::Unspecified), None);
    }

    #[test]
    fn a_product_says_what_is_stated() {
        let stated = pb::Product {
            family: "Office".into(),
            version: "2010".into(),
            language: "fr-FR".into(),
            components: vec!["Word".into(), "Excel".into()],
            architecture: pb::Architecture::X64.into(),
            ..pb::Product::default()
        };
        assert_eq!(product(&stated), "Office 2010, fr-FR, x64, with Word + Excel");
        assert_eq!(product(&pb::Product::default()), "unstated product");
    }
}
