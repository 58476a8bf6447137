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
    /// What the license is for by its label: as the label states, else as the license does.
    #[must_use]
    pub fn labeled_identity(&self) -> Identity<'_> {
        let licensed = Identity::of(&self.product);
        self.coa.as_ref().map_or(licensed, |label| {
            let label = Identity::of(label);
            Identity {
                family: label.family.or(licensed.family),
                version: label.version.or(licensed.version),
                edition: label.edition.or(licensed.edition),
            }
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
