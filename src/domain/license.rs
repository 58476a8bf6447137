//! Licenses that a device holds.

use super::{Identity, Product};

/// One license of a device; every field but the product's presence may be unstated.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct License {
    /// The holder's name for the license.
    pub id: Option<String>,
    /// The product licensed.
    pub product: Product,
    /// How the license was acquired.
    pub channel: Option<Channel>,
    /// Full license or upgrade.
    pub kind: Option<LicenseKind>,
    /// What the Certificate of Authenticity label says.
    pub coa: Option<Product>,
    /// What the OEM preinstalled.
    pub preinstalled: Option<Product>,
    /// The earlier products that the license's terms allow in its place; empty when they allow none.
    pub prior_versions: Option<Vec<Product>>,
    /// Whether Software Assurance covers the Windows desktop of the device.
    pub software_assurance: Option<bool>,
}

/// How a license was acquired.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Channel {
    /// Preinstalled, or from a system builder.
    Oem,
    /// Full packaged product: retail.
    Fpp,
    /// This customer's own volume license.
    Volume,
    /// Any other agreement.
    OtherAgreement,
}

/// Whether a license stands alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum LicenseKind {
    /// Stands alone.
    Full,
    /// Needs a qualifying license under it.
    Upgrade,
}

impl License {
    /// What the license is for by its label: as the label states, else as the license does. The edition of one version is none of another.
    #[must_use]
    pub fn labeled_identity(&self) -> Identity<'_> {
        let licensed = Identity::of(&self.product);
        self.coa.as_ref().map_or(licensed, |label| {
            let label = Identity::of(label);
            Identity {
                family: label.family.or(licensed.family),
                version: label.version.or(licensed.version),
                edition: label
                    .edition
                    .or(licensed.edition.filter(|_| !self.is_labeled_as_another_version())),
            }
        })
    }

    /// Whether the label is of another version than the license is stated to be of. An edition that was not read of it is then unknown: put
    /// together, "7" on the label of what is stated as 8 Professional would be a product that nobody named.
    #[must_use]
    pub fn is_labeled_as_another_version(&self) -> bool {
        let labeled = self.coa.as_ref().and_then(|label| label.version.as_ref());
        labeled.is_some_and(|labeled| {
            self.product
                .version
                .as_ref()
                .is_some_and(|licensed| licensed != labeled)
        })
    }

    /// What the OEM preinstalled: as stated, else the licensed product. It is of the license's family.
    #[must_use]
    pub fn preinstalled_identity(&self) -> Identity<'_> {
        let licensed = Identity::of(&self.product);
        self.preinstalled.as_ref().map_or(licensed, |product| {
            let stated = Identity::of(product);
            Identity {
                family: stated.family.or(licensed.family),
                ..stated
            }
        })
    }
}
