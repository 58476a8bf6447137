//! One question to the rules: this image product, on this license, on this basis.

use crate::{
    catalogue::{Catalogue, FamilyClass},
    domain::{Facts, Field, Holdings, Identity, License, Media, Name, Note, NoteKind, Performer, Place, Product},
    verdict::{Basis, FactUse, Path, Truth},
};

/// What a condition sees.
#[derive(Clone, Copy, Debug)]
pub struct Case<'a> {
    /// All the facts of the request.
    pub facts: &'a Facts,
    /// What is known of products.
    pub catalogue: &'a Catalogue,
    /// The basis tried.
    pub basis: Basis,
    /// Index of the image product.
    pub item: usize,
    /// Index of the candidate license; none when there is no candidate.
    pub license: Option<usize>,
    /// Whether the license is read by its label.
    pub reading: Reading,
}

/// Where family, version and edition of the license are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reading {
    /// From `license.product`.
    Product,
    /// From the Certificate of Authenticity label, where it states them.
    Label,
}

/// The license side of a case.
#[derive(Clone, Copy, Debug)]
pub enum Licensed<'a> {
    /// No licenses are stated, so that there may be any.
    Unstated,
    /// The device holds no license that could carry the product.
    None,
    /// This one.
    By(&'a License),
}

impl<'a> Case<'a> {
    /// The image product.
    #[must_use]
    pub fn image(&self) -> &'a Product {
        static UNSTATED: Product = Product {
            family: None,
            version: None,
            edition: None,
            language: None,
            components: None,
            architecture: None,
        };
        self.facts
            .image
            .products
            .get(self.item)
            .map_or(&UNSTATED, |product| &product.product)
    }

    /// The media of the image product.
    #[must_use]
    pub fn media(&self) -> &'a Media {
        self.facts.image.media_of(self.item)
    }

    /// Who puts the image on the device.
    #[must_use]
    pub fn performer(&self) -> Performer {
        self.facts.image.performed_by.unwrap_or(Performer::Organization)
    }

    /// The license side.
    pub fn licensed(&self) -> Licensed<'a> {
        match (&self.facts.device.holdings, self.license) {
            (Holdings::Unstated, _) => Licensed::Unstated,
            (Holdings::Licenses(licenses), Some(index)) => licenses.get(index).map_or(Licensed::None, Licensed::By),
            (Holdings::Unlicensed | Holdings::Licenses(_), _) => Licensed::None,
        }
    }

    /// The license, if there is one.
    #[must_use]
    pub fn stated_license(&self) -> Option<&'a License> {
        match self.licensed() {
            Licensed::By(license) => Some(license),
            Licensed::Unstated | Licensed::None => None,
        }
    }

    /// What the license is for, in this case's reading.
    #[must_use]
    pub fn licensed_identity(&self, license: &'a License) -> Identity<'a> {
        match self.reading {
            Reading::Label => license.labeled_identity(),
            Reading::Product => Identity::of(&license.product),
        }
    }

    /// Class of a family; unknown while it is unstated.
    #[must_use]
    pub fn is_class(&self, family: Option<&Name>, class: FamilyClass) -> Truth {
        Truth::of(family, |family| self.catalogue.class(family) == class)
    }

    /// Whether the image product is a Windows desktop.
    #[must_use]
    pub fn image_is_windows_desktop(&self) -> Truth {
        self.is_class(self.image().family.as_ref(), FamilyClass::WindowsDesktop)
    }

    /// Whether the image product is a Windows desktop Enterprise edition.
    #[must_use]
    pub fn image_is_windows_enterprise(&self) -> Truth {
        let image = self.image();
        let edition = match (&image.family, &image.edition) {
            (Some(family), Some(edition)) => Truth::from(self.catalogue.is_enterprise(family, edition)),
            (None, _) | (_, None) => Truth::Unknown,
        };
        self.image_is_windows_desktop().and(edition)
    }

    /// Path of a field of the image product.
    #[must_use]
    pub fn image_path(&self, field: &str) -> Path {
        Path::image_product(self.item, "product").then(field)
    }

    /// Path of a field of the image product's media.
    #[must_use]
    pub fn media_path(&self, field: &str) -> Path {
        let own = self
            .facts
            .image
            .products
            .get(self.item)
            .is_some_and(|product| product.media.is_some());
        if own {
            Path::image_product(self.item, "media").then(field)
        } else {
            Path::fixed("image.media").then(field)
        }
    }

    /// What is noted of the license and of the image product.
    pub fn notes(&self) -> impl Iterator<Item = &'a Note> {
        let places = [self.license.map(Place::License), Some(Place::ImageProduct(self.item))];
        let facts = self.facts;
        places.into_iter().flatten().flat_map(|place| facts.notes_on(place))
    }

    /// What is noted of a fact, of the license and of the image product, if that is of a kind.
    pub fn noted(&self, field: Field, kind: NoteKind) -> impl Iterator<Item = &'a Note> {
        self.notes()
            .filter(move |note| note.field == field && note.kind == kind)
    }

    /// Where a noted fact of this case stands.
    #[must_use]
    pub fn noted_path(&self, note: &Note) -> Path {
        match (note.place, note.field) {
            (Place::License(index), field) => Path::license(index, field.as_str()),
            (Place::ImageProduct(_), Field::MediaSource) => self.media_path("source"),
            (Place::ImageProduct(index), field) => Path::image_product(index, field.as_str()),
        }
    }

    /// Uses of the license: one for the whole list while it is unstated, else those that `each` names.
    pub fn license_uses(&self, each: impl FnOnce(usize, &'a License) -> Vec<FactUse>) -> Vec<FactUse> {
        match (self.licensed(), self.license) {
            (Licensed::By(license), Some(index)) => each(index, license),
            (Licensed::Unstated, _) => vec![FactUse::needed::<()>(Path::fixed("device.licenses"), None)],
            (Licensed::None | Licensed::By(_), _) if self.facts.device.holdings == Holdings::Unlicensed => {
                vec![FactUse::stated(Path::fixed("device.unlicensed"))]
            }
            (Licensed::None | Licensed::By(_), _) => vec![FactUse::stated(Path::fixed("device.licenses"))],
        }
    }

    /// Uses of the image's fields with which a license is compared, while it is not stated which there are: else they would be asked for
    /// only once the licenses are.
    #[must_use]
    pub fn image_uses_ahead(&self, fields: &[IdentityField]) -> Vec<FactUse> {
        if matches!(self.licensed(), Licensed::Unstated) {
            fields.iter().map(|field| self.image_use(*field)).collect()
        } else {
            Vec::new()
        }
    }

    /// Use of one identity field of the license, at the label where this reading takes it from there.
    #[must_use]
    pub fn identity_use(&self, index: usize, license: &License, field: IdentityField) -> FactUse {
        let is_at_label = |label: &Product| {
            let is_edition_of_label = field == IdentityField::Edition && license.is_labeled_as_another_version();
            self.reading == Reading::Label && (is_edition_of_label || field.of(label).is_some())
        };
        let label = license.coa.as_ref().filter(|label| is_at_label(label));
        let (product, place) = label.map_or((&license.product, "product"), |label| (label, "coa"));
        FactUse::needed(Path::license(index, place).then(field.as_str()), field.of(product))
    }

    /// Use of one identity field of the image product.
    #[must_use]
    pub fn image_use(&self, field: IdentityField) -> FactUse {
        FactUse::needed(self.image_path(field.as_str()), field.of(self.image()))
    }
}

/// One of the fields that say what a product is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IdentityField {
    /// Family.
    Family,
    /// Version.
    Version,
    /// Edition.
    Edition,
}

impl IdentityField {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Family, Self::Version, Self::Edition];

    /// The field's name in a path.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Family => "family",
            Self::Version => "version",
            Self::Edition => "edition",
        }
    }

    /// What a product states of it.
    pub fn of(self, product: &Product) -> Option<&Name> {
        match self {
            Self::Family => product.family.as_ref(),
            Self::Version => product.version.as_ref(),
            Self::Edition => product.edition.as_ref(),
        }
    }
}
