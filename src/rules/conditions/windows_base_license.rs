//! windows-base-license: volume programs sell no full Windows desktop license, so that one must lie under every image.
//!
//! The base may be any license of the device, not only the one that carries the image's product.

use super::absent;
use crate::{
    catalogue::{FamilyClass, Source},
    domain::{Channel, Holdings, License, LicenseKind},
    rules::{
        Case, Condition, Reason,
        brief::{ELIGIBILITY, place},
    },
    verdict::{Basis, ConditionCode, FactUse, Path, Truth},
};

pub static CONDITION: Condition = Condition {
    code: ConditionCode::WindowsBaseLicense,
    decides: "For a Windows desktop image, some license on the device is a full Windows desktop license from the OEM or from \
              retail.",
    cites: &[place(ELIGIBILITY, "paragraph 2")],
    reasons: &[
        &FULL_LICENSE,
        &NO_WINDOWS,
        &NO_FULL_LICENSE,
        &BASE_OPEN,
        &absent::LICENSES_UNSTATED,
    ],
    evaluate,
    uses,
};

static FULL_LICENSE: Reason = Reason::holds(
    "full-license-below",
    "a Windows desktop license from the OEM, or a full one from retail, is on the device",
    |_| "A full Windows desktop license from the OEM or from retail is on the device.".to_owned(),
);
static NO_WINDOWS: Reason = Reason::does_not_apply(
    "not-windows-desktop",
    "the image's product is no Windows desktop",
    |case| {
        format!(
            "{} is no Windows desktop, so no base license is needed.",
            case.image().describe()
        )
    },
);
static NO_FULL_LICENSE: Reason = Reason::broken(
    "no-full-license-below",
    "the device holds no Windows desktop license from the OEM, nor a full one from retail",
    |_| "The device holds no Windows desktop license from the OEM, nor a full one from retail.".to_owned(),
    "License the device with a Windows desktop from the OEM, or with a full retail license.",
);
static BASE_OPEN: Reason = Reason::unknown(
    "base-license-open",
    "whether a license that could be the base is one is not known, or the brief leaves it open: another agreement's license, or \
     for this basis a Home-class edition or one that the catalogue does not know",
    |_| "Whether the device holds a full Windows desktop license that may lie under this image is open.".to_owned(),
    "State family, edition, channel and kind of the device's licenses; a base from another agreement, or of a Home-class edition, \
     is for the agreement's own terms to settle.",
);

fn evaluate(case: &Case<'_>) -> &'static Reason {
    let base = match &case.facts.device.holdings {
        Holdings::Unstated => Truth::Unknown,
        Holdings::Unlicensed => Truth::Broken,
        Holdings::Licenses(licenses) => Truth::any(licenses.iter().map(|license| is_base(case, license))),
    };
    match (case.image_is_windows_desktop(), base) {
        (Truth::Broken, _) => &NO_WINDOWS,
        (Truth::Holds | Truth::Unknown, Truth::Holds) => &FULL_LICENSE,
        (Truth::Holds, Truth::Broken) => &NO_FULL_LICENSE,
        (Truth::Holds | Truth::Unknown, _) if case.facts.device.holdings == Holdings::Unstated => {
            &absent::LICENSES_UNSTATED
        }
        (Truth::Holds | Truth::Unknown, _) => &BASE_OPEN,
    }
}

fn is_base(case: &Case<'_>, license: &License) -> Truth {
    let channel = match license.channel {
        None | Some(Channel::OtherAgreement) => Truth::Unknown,
        Some(Channel::Oem) => Truth::Holds,
        Some(Channel::Fpp) => Truth::from(license.kind != Some(LicenseKind::Upgrade)),
        Some(Channel::Volume) => Truth::Broken,
    };
    let product = &license.product;
    let windows = case.is_class(product.family.as_ref(), FamilyClass::WindowsDesktop);
    channel.and(windows).and(edition_suffices(case, license))
}

/// On the reimaging right the image is of the licensed edition itself; on the other bases the brief does not say whether an
/// upgrade or Software Assurance may lie on a Home-class edition, and one that nobody knows may be of that class in other words.
fn edition_suffices(case: &Case<'_>, license: &License) -> Truth {
    if case.basis == Basis::ReimagingRight {
        return Truth::Holds;
    }
    match (&license.product.family, &license.product.edition) {
        (Some(family), Some(edition)) if case.catalogue.is_above_home_class(family, edition) => Truth::Holds,
        _ => Truth::Unknown,
    }
}

/// How sure the catalogue is that the licenses which leave the base open are of the Home class; `None` where none does for that.
pub fn source(case: &Case<'_>) -> Option<Source> {
    let licenses = case.facts.device.holdings.licenses().iter();
    let open = licenses.filter(|license| {
        let with_any_edition = Case {
            basis: Basis::ReimagingRight,
            ..*case
        };
        is_base(case, license) == Truth::Unknown && is_base(&with_any_edition, license) == Truth::Holds
    });
    let sources = open.filter_map(|license| {
        let product = &license.product;
        let (family, version) = (product.family.as_ref()?, product.version.as_ref()?);
        case.catalogue
            .sources(family, version, product.edition.as_ref()?)?
            .home_class
    });
    sources.max()
}

fn uses(case: &Case<'_>) -> Vec<FactUse> {
    let family = case.image().family.as_ref();
    let mut uses = vec![FactUse::needed(case.image_path("family"), family)];
    if case.image_is_windows_desktop() == Truth::Broken {
        return uses;
    }
    match &case.facts.device.holdings {
        Holdings::Unstated => uses.push(FactUse::needed::<()>(Path::fixed("device.licenses"), None)),
        Holdings::Unlicensed => uses.push(FactUse::stated(Path::fixed("device.unlicensed"))),
        Holdings::Licenses(licenses) => {
            let best = licenses.iter().map(|license| is_base(case, license)).max();
            for (index, license) in licenses
                .iter()
                .enumerate()
                .filter(|(_, license)| Some(is_base(case, license)) == best)
            {
                uses.extend(license_uses(case, index, license));
            }
        }
    }
    uses
}

fn license_uses(case: &Case<'_>, index: usize, license: &License) -> Vec<FactUse> {
    let product = &license.product;
    let mut uses = vec![
        FactUse::needed(Path::license(index, "product.family"), product.family.as_ref()),
        FactUse::needed(Path::license(index, "channel"), license.channel.as_ref()),
    ];
    if license.channel == Some(Channel::Fpp) {
        uses.push(FactUse::defaulted(Path::license(index, "kind"), license.kind.as_ref()));
    }
    if case.basis != Basis::ReimagingRight {
        uses.push(FactUse::needed(
            Path::license(index, "product.edition"),
            product.edition.as_ref(),
        ));
    }
    uses
}
