//! Whether an answer rests on a fact that is marked as recalled.

use super::{
    Case,
    conditions::{one_license, same_components, windows_base_license},
    prior,
    reading::{case_in_words, uses},
};
use crate::{
    catalogue::{Source, Sources},
    domain::{Note, NoteKind, Place, Product},
    verdict::{ConditionCode, Finding, Item, Outcome, Path},
};

/// Whether a deciding condition used a fact, of the catalogue or told by a report, that is marked as recalled.
pub fn recalled(item: &Item, case: &Case<'_>) -> bool {
    let counts = item
        .findings
        .iter()
        .filter(|finding| finding.outcome != Outcome::DoesNotApply);
    let case = &case_in_words(case);
    let is_recalled = |source: Option<Source>| source == Some(Source::Recalled);
    let told = told_as_recalled(case);
    let reads_told = |finding: &Finding| {
        !told.is_empty()
            && uses(finding.condition, finding.reason, case)
                .iter()
                .any(|used| told.contains(&used.path))
    };
    counts.into_iter().any(|finding| match finding.condition {
        _ if reads_told(finding) => true,
        ConditionCode::SameComponents => {
            compared_products(case).any(|product| is_recalled(same_components::source(case, product)))
        }
        ConditionCode::EnterpriseEdition | ConditionCode::WindowsEnterpriseImage => {
            is_recalled(sources(case, case.image()).and_then(|sources| sources.enterprise))
        }
        ConditionCode::VolumeOffering => {
            is_recalled(sources(case, case.image()).and_then(|sources| sources.never_in_volume_media))
        }
        ConditionCode::PriorVersion => {
            is_recalled(case.stated_license().and_then(|license| prior::source(case, license)))
        }
        ConditionCode::OneLicense if finding.outcome != Outcome::Holds => is_recalled(one_license::source(case)),
        ConditionCode::WindowsBaseLicense if finding.outcome == Outcome::Unknown => {
            is_recalled(windows_base_license::source(case))
        }
        _ => false,
    })
}

/// The facts that reports or the catalogue told, and that are marked as recalled: of the product, and of every license, since a license
/// that does not carry the product may lie under it.
fn told_as_recalled(case: &Case<'_>) -> Vec<Path> {
    let counts = |kind| matches!(kind, NoteKind::Reported | NoteKind::Known | NoteKind::Impossible);
    let is_here = |place| matches!(place, Place::License(_)) || place == Place::ImageProduct(case.item);
    let told = |note: &&Note| is_here(note.place) && counts(note.kind) && note.is_recalled();
    case.facts
        .notes
        .iter()
        .filter(told)
        .map(|note| case.noted_path(note))
        .collect()
}

/// The products whose programs are compared: the image's, the licensed one, and those that the terms name.
fn compared_products<'a>(case: &Case<'a>) -> impl Iterator<Item = &'a Product> {
    let licensed = case
        .stated_license()
        .into_iter()
        .flat_map(|license| std::iter::once(&license.product).chain(license.prior_versions.iter().flatten()));
    std::iter::once(case.image()).chain(licensed)
}

fn sources(case: &Case<'_>, product: &Product) -> Option<Sources> {
    case.catalogue.sources(
        product.family.as_ref()?,
        product.version.as_ref()?,
        product.edition.as_ref()?,
    )
}
