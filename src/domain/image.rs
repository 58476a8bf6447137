//! Images and the media they were made from.

use super::{AgreementNumber, Product};

/// An image that is to be put on a device.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Image {
    /// The media it was made from.
    pub media: Media,
    /// What is done with it.
    pub deployment: Option<Deployment>,
    /// Who does it.
    pub performed_by: Option<Performer>,
    /// What it puts on the device; at least one.
    pub products: Vec<ImageProduct>,
}

/// One product of an image.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ImageProduct {
    /// The product.
    pub product: Product,
    /// Its own media, where it came from elsewhere than the rest.
    pub media: Option<Media>,
}

/// Installation media.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Media {
    /// Where it came from.
    pub source: Option<MediaSource>,
    /// What it can install.
    pub kind: Option<MediaKind>,
    /// The agreement under which it was provided.
    pub agreement_number: Option<AgreementNumber>,
}

/// Where media came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum MediaSource {
    /// Volume Licensing Service Center download.
    VlscDownload,
    /// Disc of a volume licensing kit.
    VolumeDiscKit,
    /// Media an OEM uses to preinstall.
    OemMedia,
    /// Recovery media of a device.
    OemRecoveryMedia,
    /// Retail package.
    RetailMedia,
    /// Any other.
    Other,
}

/// What media can install.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum MediaKind {
    /// Installs on an empty device.
    Full,
    /// Installs over a qualifying product.
    Upgrade,
}

/// What is done with an image.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Deployment {
    /// One image for many devices.
    StandardImage,
    /// One device restored.
    IndividualRecovery,
    /// Preload during manufacturing.
    FactoryPreload,
}

/// Who puts an image on a device.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Performer {
    /// The organization itself.
    Organization,
    /// A service provider it chose.
    ServiceProvider,
    /// The maker of the device.
    Oem,
}

impl Image {
    /// The media of the product at `item`: its own, else the image's.
    #[must_use]
    pub fn media_of(&self, item: usize) -> &Media {
        self.products
            .get(item)
            .and_then(|product| product.media.as_ref())
            .unwrap_or(&self.media)
    }
}
