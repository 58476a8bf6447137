pub mod pb {
    tonic::include_proto!("reimagerights.v1");
    include!(concat!(env!("OUT_DIR"), "/reimagerights.v1.serde.rs"));
}
