//! Advice: what to know or do beside the verdict. Nothing here can change a verdict.

use super::{
    Case,
    case::Reading,
    conditions::{platform, volume_media},
    recalled::recalled,
};
use crate::{
    catalogue::{Catalogue, FamilyClass},
    domain::{ActivationMethod, Channel, Facts, License, MediaKind, Product},
    verdict::{AdviceCode, Basis, Item, Truth, Verdict},
};

/// The advice that goes with a judgement, in the order of the rules.
#[must_use]
pub fn advise(facts: &Facts, catalogue: &Catalogue, items: &[Item]) -> Vec<AdviceCode> {
    let asked = Asked {
        facts,
        catalogue,
        items,
    };
    AdviceCode::ALL
        .into_iter()
        .filter(|code| asked.calls_for(*code))
        .collect()
}

struct Asked<'a> {
    facts: &'a Facts,
    catalogue: &'a Catalogue,
    items: &'a [Item],
}

impl<'a> Asked<'a> {
    fn calls_for(&self, advice: AdviceCode) -> bool {
        match advice {
            AdviceCode::AgreementGoverns => true,
            AdviceCode::LabelAssumed => self.licenses().any(|license| self.label_is_assumed(license)),
            AdviceCode::SupportAndWarranty => self.reimaging().next().is_some(),
            AdviceCode::VolumeKeys => self
                .cases()
                .any(|(_, case)| case.media().source.is_some_and(volume_media::is_volume)),
            AdviceCode::ActivationCount => activations_fall_short(self.facts),
            AdviceCode::PlatformSwapped => self.items.iter().any(platform_swapped),
            AdviceCode::SoftwareAssuranceNotRequired => self.reimaging().any(|case| {
                case.stated_license()
                    .is_some_and(|license| license.software_assurance == Some(false))
            }),
            AdviceCode::OfficeEnterpriseBuild => self.cases().any(|(_, case)| offices_differ(&case)),
            AdviceCode::UpgradeMedia => self.cases().any(|(_, case)| {
                case.image_is_windows_desktop() == Truth::Holds && case.media().kind == Some(MediaKind::Upgrade)
            }),
            AdviceCode::RecalledFact => self.cases().any(|(item, case)| recalled(item, &case)),
        }
    }

    fn licenses(&self) -> impl Iterator<Item = &'a License> {
        self.facts.device.holdings.licenses().iter()
    }

    /// Every product with its deciding case.
    fn cases(&self) -> impl Iterator<Item = (&'a Item, Case<'a>)> {
        let (facts, catalogue) = (self.facts, self.catalogue);
        self.items.iter().enumerate().map(move |(item, answer)| {
            let (basis, license) = (answer.basis, answer.license);
            (
                answer,
                Case {
                    facts,
                    catalogue,
                    basis,
                    item,
                    license,
                    reading: Reading::Product,
                },
            )
        })
    }

    /// The products for which reimaging is permitted; none where the image as a whole is not.
    fn reimaging(&self) -> impl Iterator<Item = Case<'a>> {
        let permitted = self.items.iter().all(|item| item.verdict() == Verdict::Permitted);
        self.cases()
            .filter(move |_| permitted)
            .filter(|(item, _)| item.basis == Basis::ReimagingRight)
            .map(|(_, case)| case)
    }

    fn label_is_assumed(&self, license: &License) -> bool {
        let windows = |family| self.catalogue.class(family) == FamilyClass::WindowsDesktop;
        license.channel == Some(Channel::Oem)
            && license.coa.is_none()
            && license.product.family.as_ref().is_some_and(windows)
    }
}

fn activations_fall_short(facts: &Facts) -> bool {
    let activation = &facts.activation;
    let short = activation
        .remaining
        .zip(activation.needed)
        .is_some_and(|(remaining, needed)| remaining < needed);
    activation.method == Some(ActivationMethod::Mak) && short
}

fn platform_swapped(item: &Item) -> bool {
    item.findings
        .iter()
        .any(|finding| finding.reason == platform::SWAPPED.code)
}

fn offices_differ(case: &Case<'_>) -> bool {
    let office = |product: &Product| case.is_class(product.family.as_ref(), FamilyClass::Office) == Truth::Holds;
    case.stated_license().is_some_and(|license| {
        office(case.image())
            && office(&license.product)
            && Truth::equal(case.image().edition.as_ref(), license.product.edition.as_ref()) == Truth::Broken
    })
}
