//! Everything a decision may depend on.

use super::{Activation, Agreement, Device, Image};

/// The facts of one request. Rules see nothing else.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Facts {
    /// The device and its licenses.
    pub device: Device,
    /// The image.
    pub image: Image,
    /// The customer's agreement.
    pub agreement: Agreement,
    /// Volume activation.
    pub activation: Activation,
}
