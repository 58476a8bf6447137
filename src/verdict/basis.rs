//! The grounds on which an image product may be put on a device.

/// A basis. The order is the one in which they are tried and reported.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Basis {
    /// The reimaging right over an OEM, retail or other agreement's license.
    ReimagingRight,
    /// The customer's own volume license.
    VolumeLicense,
    /// Windows Enterprise by Software Assurance.
    SoftwareAssurance,
    /// Recovery of one device from recovery media.
    OemRecovery,
    /// Preload by the OEM.
    OemPreload,
}

impl Basis {
    /// Every basis, in order.
    pub const ALL: [Self; 5] = [
        Self::ReimagingRight,
        Self::VolumeLicense,
        Self::SoftwareAssurance,
        Self::OemRecovery,
        Self::OemPreload,
    ];
}
