//! The prior-version path: license terms that allow an earlier product in place of the licensed one.

use std::cmp::Ordering;

use super::{Case, case::IdentityField};
use crate::{
    domain::{Identity, License, Product},
    verdict::{FactUse, Path, Truth},
};

/// Whether the license's terms allow the image's product in place of the licensed one.
///
/// Open only towards an earlier version: terms that name a version known not to be earlier open nothing.
pub fn path(case: &Case<'_>, license: &License) -> Truth {
    let licensed = case.licensed_identity(license);
    let image = Identity::of(case.image());
    let may_be_earlier = earlier(case, image, licensed) != Truth::Broken;
    let may_be_family = Truth::equal(image.family, licensed.family) != Truth::Broken;
    if !(may_be_earlier && may_be_family) {
        return Truth::Broken;
    }
    match &license.prior_versions {
        Some(entries) => Truth::any(entries.iter().map(|entry| fits(case, entry))),
        None => Truth::Unknown,
    }
}

/// Whether the image's version is earlier than the licensed one.
fn earlier(case: &Case<'_>, image: Identity<'_>, licensed: Identity<'_>) -> Truth {
    let (Some(family), Some(version), Some(licensed)) = (image.family, image.version, licensed.version) else {
        return Truth::Unknown;
    };
    if version == licensed {
        return Truth::Broken;
    }
    Truth::of(case.catalogue.order(family, version, licensed), |order| {
        order == Ordering::Less
    })
}

/// Whether a product that the terms list is the image's product.
pub fn fits(case: &Case<'_>, entry: &Product) -> Truth {
    Truth::from(Identity::of(entry).equals(Identity::of(case.image())))
}

/// Whether licensed and image version are equal.
pub fn versions_equal(case: &Case<'_>, license: &License) -> Truth {
    Truth::equal(case.licensed_identity(license).version, case.image().version.as_ref())
}

/// The facts on which the path turns.
pub fn uses(case: &Case<'_>, index: usize, license: &License) -> Vec<FactUse> {
    let mut uses = IdentityField::ALL.map(|field| case.image_use(field)).to_vec();
    uses.extend([
        case.identity_use(index, license, IdentityField::Version),
        FactUse::needed(Path::license(index, "prior_versions"), license.prior_versions.as_ref()),
    ]);
    let entries = license.prior_versions.iter().flatten().enumerate();
    for (position, entry) in entries.filter(|(_, entry)| fits(case, entry) == Truth::Unknown) {
        for field in IdentityField::ALL {
            let may_match = Truth::equal(field.of(entry), field.of(case.image()));
            if may_match == Truth::Unknown && field.of(entry).is_none() {
                let rest = format!("prior_versions.products[{position}].{}", field.as_str());
                uses.push(FactUse::needed::<()>(Path::license(index, &rest), None));
            }
        }
    }
    uses
}
