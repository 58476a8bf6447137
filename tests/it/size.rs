//! What a decision takes on disk.

use std::{fs, sync::Arc};

use reimage_rights::{
    app::{Engine, Limits, Opening, sources},
    catalogue::Catalogue,
    rules::evaluate,
    service::Caller,
    wire::{Context, Draft, Opinion, Stamp, parse_check, pb, unrecorded},
};

const DECISION_COUNT: usize = 4_000;
/// Bytes of a typical decision, all indices included.
const DECISION_LEN_MAX: u64 = 2_200;
/// Bytes of a typical record's text.
const RECORD_LEN_MAX: usize = 1_750;

/// One license, one product, every fact stated that decides, and the ids that a history is searched by.
fn typical(number: usize) -> pb::CheckRequest {
    let request_id = uuid::Uuid::from_u128((number as u128).wrapping_mul(0x9e37_79b9_7f4a_7c15_f39c_c060_5ced_c835));
    let request = serde_json::json!({
        "requestId": request_id.to_string(),
        "device": {
            "id": format!("PC-{:06}", number * 7919 % 1_000_000),
            "licenses": [{
                "product": { "name": "Windows 7 Professional", "language": "en-US" },
                "channel": "CHANNEL_OEM"
            }]
        },
        "image": {
            "id": format!("corporate-{}", number % 20),
            "media": { "source": "MEDIA_SOURCE_VLSC_DOWNLOAD" },
            "deployment": "DEPLOYMENT_STANDARD_IMAGE",
            "products": [{ "product": { "name": "Windows 7 Professional", "language": "en-US" } }]
        },
        "agreement": { "program": "PROGRAM_SELECT_PLUS", "number": "S7012345" }
    });
    serde_json::from_value(request).unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_typical_decision_takes_less_than_2200_bytes_with_all_indices() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("decisions.db");
    let limits = Limits {
        queue_len_max: DECISION_COUNT,
        ..Limits::default()
    };
    let opening = Opening {
        database: path.clone(),
        key_file: folder.path().join("keys"),
        checkpoint_file: folder.path().join("checkpoints"),
        limits,
        configuration_digest: String::new(),
    };
    let engine = Engine::open(opening, sources()).await.unwrap();
    let mut checks = tokio::task::JoinSet::new();
    for number in 0..DECISION_COUNT {
        let service = Arc::clone(&engine.service);
        checks.spawn(async move { service.check(&Caller::local(), typical(number), String::new()).await });
    }
    while let Some(checked) = checks.join_next().await {
        assert_eq!(checked.unwrap().unwrap().verdict(), pb::Verdict::Permitted);
    }
    engine.close().await;
    let decision_len = fs::metadata(&path).unwrap().len() / DECISION_COUNT as u64;
    if let Ok(keep) = std::env::var("KEEP_DATABASE") {
        fs::copy(&path, keep).unwrap();
    }
    println!("a typical decision takes {decision_len} bytes on disk");
    assert!(decision_len < DECISION_LEN_MAX, "{decision_len} bytes");
}

#[test]
fn a_typical_record_takes_less_than_1750_bytes() {
    let catalogue = Catalogue::embedded();
    let check = parse_check(typical(19), catalogue).unwrap();
    let context = Context {
        caller: "local".to_owned(),
        engine: "0.1.0".to_owned(),
        trace_id: String::new(),
    };
    let mut decision = unrecorded(
        check.request.clone(),
        check.edition,
        &check.facts,
        &evaluate(&check.facts, catalogue),
        catalogue,
        context,
    );
    let stamp = Stamp {
        decision_id: uuid::Uuid::max(),
        decided_at_us: 1_299_060_000_123_456,
        salt: [7; 16],
    };
    let opinion = Opinion::take(&mut decision, &check.facts, catalogue).unwrap();
    let draft = Draft::new(Box::new(decision), Arc::new(opinion)).unwrap();
    let record = draft.stamped(&stamp, 0).unwrap().record;
    assert!(record.len() < RECORD_LEN_MAX, "{} bytes: {record}", record.len());
}
