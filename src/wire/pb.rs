//! Messages, services and their JSON form, generated from `proto/`.

#![allow(
    missing_docs,
    clippy::all,
    clippy::pedantic,
    clippy::allow_attributes,
    clippy::allow_attributes_without_reason,
    clippy::indexing_slicing,
    reason = "generated code"
)]

tonic::include_proto!("reimagerights.v1");
include!(concat!(env!("OUT_DIR"), "/reimagerights.v1.serde.rs"));

/// The server of the eligibility service once more, for answers that are encoded in part.
pub mod served {
    include!(concat!(env!("OUT_DIR"), "/served/reimagerights.v1.rs"));
}

/// The compiled protos, for reflection.
pub const DESCRIPTORS: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/descriptors.bin"));
