//! The prior-version path: license terms that allow an earlier product in place of the licensed one.

use std::cmp::Ordering;

use super::{Case, case::IdentityField};
use crate::{
    catalogue::Source,
    domain::{Field, Identity, License, NoteKind, Product},
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

/// How sure the catalogue is of what it says of the path; `None` where it says nothing that counts.
///
/// The order of the versions counts where it alone closes the path. Terms that the catalogue filled in rest on the order as a whole, and
/// on the lineage by which an edition of another name is among them or not.
pub fn source(case: &Case<'_>, license: &License) -> Option<Source> {
    let (image, licensed) = (Identity::of(case.image()), case.licensed_identity(license));
    let family = image.family?;
    let order = case.catalogue.order_source(family, image.version?, licensed.version?);
    if are_stated(case) {
        let closes = license.prior_versions.is_none() && earlier(case, image, licensed) == Truth::Broken;
        return order.filter(|_| closes);
    }
    let editions = licensed.edition.zip(image.edition);
    order.max(editions.and_then(|(licensed, image)| case.catalogue.lineage_source(family, licensed, image)))
}

/// The facts on which the path turns.
pub fn uses(case: &Case<'_>, index: usize, license: &License) -> Vec<FactUse> {
    let mut uses = IdentityField::ALL.map(|field| case.image_use(field)).to_vec();
    uses.push(case.identity_use(index, license, IdentityField::Version));
    let entries = license.prior_versions.iter().flatten().enumerate();
    let open_entries = entries.filter(|(_, entry)| fits(case, entry) == Truth::Unknown);
    let open: Vec<(usize, IdentityField)> = open_entries
        .flat_map(|(position, entry)| open_fields(case, entry).map(move |field| (position, field)))
        .collect();
    if are_stated(case) || open.is_empty() {
        uses.push(FactUse::needed(terms_path(index), license.prior_versions.as_ref()));
        uses.extend(open.into_iter().map(|(position, field)| {
            let path = entry_path(case, index, position, field.as_str());
            FactUse::needed::<()>(path, None)
        }));
    } else {
        uses.push(FactUse::needed::<()>(terms_path(index), None));
    }
    uses
}

/// What a product that the terms list leaves out, and what could tell it from the image's product.
fn open_fields<'a>(case: &'a Case<'_>, entry: &'a Product) -> impl Iterator<Item = IdentityField> + use<'a> {
    let is_open = |field: &IdentityField| {
        field.of(entry).is_none() && Truth::equal(field.of(entry), field.of(case.image())) == Truth::Unknown
    };
    IdentityField::ALL.into_iter().filter(move |field| is_open(field))
}

/// Where a fact of a product that the terms list is stated. Of terms that the catalogue filled in, the caller knows no places: stated terms
/// replace them as a whole.
pub fn entry_path(case: &Case<'_>, index: usize, position: usize, field: &str) -> Path {
    if are_stated(case) {
        Path::license(index, &format!("prior_versions.products[{position}].{field}"))
    } else {
        terms_path(index)
    }
}

fn terms_path(index: usize) -> Path {
    Path::license(index, "prior_versions")
}

/// Whether the terms are the caller's words, and not the catalogue's.
fn are_stated(case: &Case<'_>) -> bool {
    case.noted(Field::PriorVersions, NoteKind::Known).next().is_none()
}
