//! A license with its reports.

use super::{
    choose::{Meant, Sourced, chosen, families},
    claim::{Aside, Conflict, Filled, asides},
    downgrade::{WHY_PREINSTALLED, WHY_SOLD_LATER, is_preinstalled_instead, is_sold_later},
    field::Ledger,
    free_version::{WHY_FREE, may_be_given_free},
    marker,
    product::product,
};
use crate::{
    catalogue::Catalogue,
    domain::{Channel, Field, Language, License, Name, Product},
    report::{Reading, RunningChannel, SoftwareKind, Subject, Value},
};

/// What is known of a license from what was stated and what was reported.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LicenseFacts {
    /// The product.
    pub product: Product,
    /// The channel.
    pub channel: Option<Channel>,
    /// The channel that the copy on the device runs in, which is not the license's.
    pub running_channel: Option<RunningChannel>,
    /// Fields that are unknown since values contradict.
    pub conflicts: Vec<Conflict>,
    /// Fields that reports fill.
    pub filled: Vec<Filled>,
    /// What was understood and does not count.
    pub aside: Vec<Aside>,
}

/// Puts a license together from what was stated and its reports.
///
/// What runs on a device counts for a license only where it runs in the license's own channel: then it is the very copy that the
/// license came with. A copy in a volume channel shows what was deployed, and never what was bought.
#[must_use]
pub fn license_facts(stated: &License, readings: &[Reading], catalogue: &Catalogue) -> LicenseFacts {
    let mut ledger = Ledger::default();
    let evident = evident_family(readings);
    let meant = Meant::by_family(stated.product.family.as_ref().or(evident));
    let facts = chosen(readings, meant);
    if meant == Meant::Anything && are_mixed(&facts) {
        return undecided(stated, &facts);
    }
    let (of_license, others): (Vec<_>, Vec<_>) = facts
        .into_iter()
        .partition(|sourced| sourced.subject == Subject::License);
    let (running, of_image): (Vec<_>, Vec<_>) = others
        .into_iter()
        .partition(|sourced| sourced.subject == Subject::RunningCopy);
    let other_product = why_of_another_product(stated, &of_license, &running, catalogue);
    let own = if other_product.is_none() {
        running.as_slice()
    } else {
        &[]
    };
    let (of_license, foreign) = marker::without_foreign(stated.product.version.as_ref(), of_license, own);
    let channel = match ledger.settle(Field::Channel, stated.channel.map(Value::LicenseChannel), &of_license) {
        Some(Value::LicenseChannel(channel)) => Some(channel),
        Some(Value::OemMarker { .. }) => Some(Channel::Oem),
        _ => None,
    };
    let running_channel = match ledger.settle(Field::RunningChannel, None, &running) {
        Some(Value::RunningChannel(running)) => Some(running),
        _ => None,
    };
    let mut counted = of_license;
    let mut aside = asides(&of_image, "a report on an image says nothing of a license");
    aside.extend(asides(&foreign, marker::WHY_FOREIGN));
    match why_not(channel, running_channel) {
        None => {
            for sourced in running {
                match why_not_told(&sourced.fact.value, other_product) {
                    None => counted.push(sourced),
                    Some(why) => aside.extend(asides(&[sourced], why)),
                }
            }
        }
        Some(why) => aside.extend(asides(&running, why)),
    }
    LicenseFacts {
        product: product(&stated.product, &counted, &mut ledger, catalogue),
        channel,
        running_channel,
        conflicts: ledger.conflicts,
        filled: ledger.filled,
        aside,
    }
}

/// Whether reports tell of the operating system and of something else.
fn are_mixed(facts: &[Sourced<'_>]) -> bool {
    let of_system = |sourced: &Sourced<'_>| sourced.kind == SoftwareKind::OperatingSystem;
    facts.iter().any(of_system) && !facts.iter().all(of_system)
}

/// A license of which it is open what the reports on it are about: nothing of them counts.
fn undecided(stated: &License, facts: &[Sourced<'_>]) -> LicenseFacts {
    LicenseFacts {
        product: stated.product.clone(),
        channel: stated.channel,
        running_channel: None,
        conflicts: Vec::new(),
        filled: Vec::new(),
        aside: asides(
            facts,
            "the reports tell of Windows and of other software; state which family the license is of",
        ),
    }
}

/// The family that evidence of the license itself tells, if it is one.
fn evident_family(readings: &[Reading]) -> Option<&Name> {
    let described = readings.iter().flat_map(|reading| &reading.described);
    let of_license = described.filter(|described| described.subject == Subject::License);
    let mut families = of_license.flat_map(families);
    let first = families.next()?;
    families.all(|family| family == first).then_some(first)
}

/// Why the copy that runs says nothing of the license; `None` where it does.
fn why_not(license: Option<Channel>, running: Option<RunningChannel>) -> Option<&'static str> {
    match (license, running) {
        (Some(license), Some(running)) if running.belongs_to(license) => None,
        (Some(Channel::Volume), _) => {
            Some("what runs by a volume key shows what was deployed, and not what was bought")
        }
        (Some(_), Some(_)) => Some("the copy runs in another channel than the license's, so it is another copy"),
        (Some(_), None) => Some("the channel that the copy runs in is not reported, so it may be another copy"),
        (None, _) => Some("the channel of the license is not known, so the copy that runs may be another one"),
    }
}

/// Why the license may be for another product than the copy that runs, even where that came with it; `None` where nothing shows so.
fn why_of_another_product(
    stated: &License,
    of_license: &[Sourced<'_>],
    running: &[Sourced<'_>],
    catalogue: &Catalogue,
) -> Option<&'static str> {
    if may_be_given_free(running) {
        Some(WHY_FREE)
    } else if is_sold_later(of_license, running, catalogue) {
        Some(WHY_SOLD_LATER)
    } else {
        is_preinstalled_instead(stated, running, catalogue).then_some(WHY_PREINSTALLED)
    }
}

/// Why the license's own copy does not tell this of the license; `None` where it does.
fn why_not_told(value: &Value, other_product: Option<&'static str>) -> Option<&'static str> {
    match value {
        Value::Version(_)
        | Value::OneOfVersions(_)
        | Value::Edition(_)
        | Value::EditionOrKorean(_)
        | Value::OneOfEditions(_)
        | Value::Language(_)
            if other_product.is_some() =>
        {
            other_product
        }
        Value::Language(Language::Mui) => {
            Some("languages can be added to a copy, so the license may be for one of them")
        }
        _ => None,
    }
}
