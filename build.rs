//! Compiles the protos without protoc: messages and services by prost and tonic, their JSON form by pbjson.

use std::{env, error::Error, fs, path::PathBuf};

use prost::Message as _;

const PACKAGE: &str = "reimagerights.v1";
/// The service whose answers are encoded in part before they are sent.
const SERVED: &str = "EligibilityService";

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo:rerun-if-changed=proto");
    println!("cargo:rerun-if-changed=migrations");

    let mut protos: Vec<PathBuf> = fs::read_dir("proto/reimagerights/v1")?
        .map(|entry| entry.map(|entry| entry.path()))
        .collect::<Result<_, _>>()?;
    protos.sort();

    let mut files = protox::compile(&protos, ["proto"])?;
    let out_dir = PathBuf::from(env::var("OUT_DIR")?);
    fs::write(out_dir.join("descriptors.bin"), files.encode_to_vec())?;

    pbjson_build::Builder::new()
        .register_descriptors(&files.encode_to_vec())?
        .btree_map([".reimagerights"])
        .extern_path(".google.protobuf.Timestamp", "crate::wire::Timestamp")
        .extern_path(".google.rpc.Status", "crate::wire::RpcStatus")
        .build(&[".reimagerights"])?;
    // Maps keep one order, so that records are reproducible; times and statuses are our own types, which write the canonical JSON
    // form.
    tonic_prost_build::configure()
        .btree_map(".reimagerights")
        .extern_path(".google.protobuf.Timestamp", "crate::wire::Timestamp")
        .extern_path(".google.rpc.Status", "crate::wire::RpcStatus")
        .compile_fds(files.clone())?;
    let served = out_dir.join("served");
    fs::create_dir_all(&served)?;
    for file in &mut files.file {
        file.service.retain(|service| service.name() == SERVED);
    }
    serving(served).compile_fds(files)?;

    let generated = fs::metadata(out_dir.join(format!("{PACKAGE}.rs")))?;
    assert!(generated.len() > 0, "no code was generated for {PACKAGE}");
    Ok(())
}

/// The server of [`SERVED`] once more, for answers that are encoded in part: the messages named here are written by hand.
fn serving(out_dir: PathBuf) -> tonic_prost_build::Builder {
    let by_hand = [
        "CheckResponse",
        "BatchCheckResponse",
        "StreamCheckResponse",
        "HistoryResponse",
    ];
    let generated = tonic_prost_build::configure()
        .build_client(false)
        .codec_path("crate::wire::codec::RoomyCodec")
        .extern_path(format!(".{PACKAGE}"), "crate::wire::pb")
        .out_dir(out_dir);
    by_hand.into_iter().fold(generated, |builder, message| {
        builder.extern_path(
            format!(".{PACKAGE}.{message}"),
            format!("crate::wire::served::{message}"),
        )
    })
}
