//! Everything a decision may depend on.

use super::{Activation, Agreement, Device, Image, Note, Place};

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
    /// Where facts come from that were not stated, and why others are unknown although something was said of them.
    pub notes: Vec<Note>,
}

impl Facts {
    /// What is noted of a thing.
    pub fn notes_on(&self, place: Place) -> impl Iterator<Item = &Note> {
        self.notes.iter().filter(move |note| note.place == place)
    }
}
