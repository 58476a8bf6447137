//! What a request is about: devices, their licenses, products, images, agreements.
//!
//! These types hold facts that were already parsed; an unstated fact is `None`. Nothing here knows a product by name, a rule,
//! a clock or a wire. Beside them stands what finds the word that somebody meant, since every door for words needs it.

mod agreement;
mod device;
mod facts;
mod identity;
mod image;
mod language;
mod language_code;
mod language_id;
mod license;
mod name;
mod nearest;
mod note;
mod product;

pub use agreement::{Activation, ActivationMethod, Agreement, AgreementNumber, Program, Purchase};
pub use device::{Device, Holdings};
pub use facts::Facts;
pub use identity::Identity;
pub use image::{Deployment, Image, ImageProduct, Media, MediaKind, MediaSource, Performer};
pub use language::{Language, LanguageError};
pub use language_id::LANGUAGE_IDS;
pub use license::{Channel, License, LicenseKind};
pub use name::Name;
pub use nearest::nearest;
pub use note::{Claim, Field, Note, NoteKind, Place, Reported, Said, Source};
pub use product::{Architecture, Product};
