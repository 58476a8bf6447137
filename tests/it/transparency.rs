//! Checkpoints, proofs, tiles and bundles over the wire.

use std::{convert::Infallible, fs, io::Cursor};

use reimage_rights::{
    app,
    audit::{Consistency, Hash, Inclusion, KeyRing, Kind, Log, NoteLines, Proof, Tree, bundle::Bundle, leaf_hash},
    wire::pb,
};
use sqlx::Connection as _;
use tonic::Code;

use crate::support::{
    http,
    server::{Place, Server, sql, typical},
};

const COUNT: usize = 40;

fn keys(place: &Place) -> KeyRing {
    app::keys(&place.key_file()).unwrap()
}

fn hashes(hashes: Vec<Vec<u8>>) -> Proof {
    Proof {
        hashes: hashes.into_iter().map(hash).collect(),
    }
}

fn hash(bytes: Vec<u8>) -> Hash {
    Hash(bytes.try_into().unwrap())
}

#[tokio::test]
async fn a_server_that_stops_has_signed_everything_in_the_database_and_beside_it() {
    let server = Server::start().await;
    server.record(COUNT).await;
    let place = server.stop().await;
    let trusted = keys(&place).trusted();
    let mut connection = sql(&place.database()).await;
    let mut outside = NoteLines::default();
    let text = fs::read_to_string(place.checkpoint_file()).unwrap();
    let outside: Vec<String> = text.lines().filter_map(|line| outside.push(line)).collect();
    for (number, log, size) in [(1, Log::Decisions, COUNT as u64), (2, Log::Operations, 1)] {
        let notes = sqlx::query_scalar("SELECT note FROM checkpoint WHERE log = ?1 ORDER BY size");
        let notes: Vec<String> = notes.bind(number).fetch_all(&mut connection).await.unwrap();
        let last = trusted.open(notes.last().unwrap().as_bytes()).unwrap();
        assert_eq!((last.origin.log(), last.size), (log, size));
        assert!(notes.iter().all(|note| outside.contains(note)));
    }
    connection.close().await.unwrap();
}

#[tokio::test]
async fn the_first_decision_has_a_checkpoint_by_the_time_it_is_answered() {
    let server = Server::start().await;
    server.record(1).await;
    let signed = sqlx::query_scalar("SELECT log FROM checkpoint WHERE size = 1 ORDER BY log");
    let signed: Vec<i64> = signed.fetch_all(&mut server.place.sql().await).await.unwrap();
    assert_eq!(signed, [1, 2]);
}

#[tokio::test]
async fn a_log_that_grows_is_signed_within_seconds() {
    let server = Server::start().await;
    server.record(COUNT).await;
    let mut client = server.transparency();
    let trusted = keys(&server.place).trusted();
    let signed = crate::support::process::poll_for(async || {
        let request = pb::GetCheckpointRequest::default();
        let answer = client.get_checkpoint(request).await.ok()?.into_inner();
        let checkpoint = trusted.open(answer.checkpoint.as_bytes()).unwrap();
        (checkpoint.size == COUNT as u64).then_some(answer)
    })
    .await;
    assert_eq!(
        signed.verifier_key,
        keys(&server.place).of(Log::Decisions).verifier().text()
    );
}

#[tokio::test]
async fn every_record_is_proven_in_every_tree_that_has_it() {
    let server = Server::start().await;
    let decisions = server.record(COUNT).await;
    let checkpoint = server.checkpoint(Log::Decisions).await;
    let checkpoint = keys(&server.place).trusted().open(checkpoint.as_bytes()).unwrap();
    let leaves = leaves(&server.place).await;
    let mut client = server.transparency();
    for decision in &decisions {
        let request = pb::ProveInclusionRequest {
            decision_id: decision.decision_id.clone(),
            ..pb::ProveInclusionRequest::default()
        };
        let proof = client.prove_inclusion(request).await.unwrap().into_inner();
        assert_eq!((proof.log_index, proof.tree_size), (decision.log_index, COUNT as u64));
        let leaf = leaves[usize::try_from(decision.log_index).unwrap()];
        assert_eq!(hash(proof.leaf_hash), leaf);
        let claim = Inclusion::new(proof.log_index, proof.tree_size).unwrap();
        claim.verify(&hashes(proof.hashes), leaf, checkpoint.root).unwrap();
    }
    let roots: Vec<Hash> = (0..=COUNT)
        .map(|size| Tree::new().appended(&leaves[..size]).0.root())
        .collect();
    for old in 0..=COUNT {
        for new in old.max(1)..=COUNT {
            let request = pb::ProveConsistencyRequest {
                log: pb::Log::Decisions.into(),
                old_size: old as u64,
                new_size: new as u64,
            };
            let proof = client.prove_consistency(request).await.unwrap().into_inner();
            let claim = Consistency::new(old as u64, new as u64).unwrap();
            claim.verify(&hashes(proof.hashes), roots[old], roots[new]).unwrap();
        }
    }
}

/// The leaves of the decisions, from the rows as any program reads them.
async fn leaves(place: &Place) -> Vec<Hash> {
    let records: Vec<String> = sqlx::query_scalar("SELECT record FROM decision ORDER BY log_index")
        .fetch_all(&mut place.sql().await)
        .await
        .unwrap();
    records
        .iter()
        .map(|record| leaf_hash(Kind::Decision, record.as_bytes()))
        .collect()
}

#[tokio::test]
async fn a_decision_is_proven_as_soon_as_it_is_acknowledged() {
    let server = Server::start().await;
    let mut client = server.transparency();
    for log_index in 0..5 {
        let decision = server.check(typical("PC-1")).await.unwrap();
        let request = pb::ProveInclusionRequest {
            decision_id: decision.decision_id,
            ..pb::ProveInclusionRequest::default()
        };
        let proof = client.prove_inclusion(request.clone()).await.unwrap().into_inner();
        assert_eq!((proof.log_index, proof.tree_size), (log_index, log_index + 1));
        let smaller = pb::ProveInclusionRequest {
            tree_size: log_index,
            ..request
        };
        if log_index > 0 {
            let status = client.prove_inclusion(smaller).await.unwrap_err();
            assert!(status.message().contains("tree_size: "), "{status:?}");
        }
    }
}

#[tokio::test]
async fn what_cannot_be_proven_is_refused_with_its_path() {
    let server = Server::start().await;
    server.record(3).await;
    server.checkpoint(Log::Decisions).await;
    let mut client = server.transparency();
    let inclusion = |log, log_index, tree_size| pb::ProveInclusionRequest {
        decision_id: String::new(),
        log,
        log_index,
        tree_size,
    };
    for (request, told) in [
        (inclusion(9, 0, 0), "log: "),
        (inclusion(1, 3, 0), "log_index: "),
        (inclusion(1, 2, 2), "log_index: "),
        (inclusion(1, 0, 4), "tree_size: 4 is more than the 3 records"),
    ] {
        let status = client.prove_inclusion(request).await.unwrap_err();
        assert_eq!(status.code(), Code::InvalidArgument, "{status:?}");
        assert!(status.message().contains(told), "{status:?}");
    }
    let unknown = pb::ProveInclusionRequest {
        decision_id: "0198c5a0-7a3e-7cc2-8b6e-000000000002".to_owned(),
        ..inclusion(0, 0, 0)
    };
    assert_eq!(
        client.prove_inclusion(unknown).await.unwrap_err().code(),
        Code::NotFound
    );
    let backwards = pb::ProveConsistencyRequest {
        log: 1,
        old_size: 3,
        new_size: 2,
    };
    let status = client.prove_consistency(backwards).await.unwrap_err();
    assert!(status.message().contains("old_size: "), "{status:?}");
}

#[tokio::test]
async fn the_logs_can_be_followed_over_http_and_come_to_what_is_signed() {
    let server = Server::start().await;
    server.record(300).await;
    server.checkpoint(Log::Decisions).await;
    let (head, note) = get(&server, "/decisions/checkpoint").await;
    assert!(head.contains("200 OK") && head.contains("text/plain"), "{head}");
    let checkpoint = keys(&server.place).trusted().open(&note).unwrap();
    assert_eq!(checkpoint.size, 300);
    let (head, full) = get(&server, "/decisions/tile/0/000").await;
    assert!(head.contains("immutable"), "{head}");
    let (head, part) = get(&server, "/decisions/tile/0/001.p/44").await;
    assert!(head.contains("immutable"), "{head}");
    let leaves: Vec<Hash> = [full, part]
        .concat()
        .chunks(32)
        .map(|bytes| hash(bytes.to_vec()))
        .collect();
    assert_eq!(leaves, self::leaves(&server.place).await);
    assert_eq!(Tree::new().appended(&leaves).0.root(), checkpoint.root);
    let (_, operations) = get(&server, "/operations/checkpoint").await;
    assert!(keys(&server.place).trusted().open(&operations).is_ok());

    for path in [
        "/",
        "/checkpoint",
        "/nothing/checkpoint",
        "/decisions/tile/0/002",
        "/decisions/tile/0/001",
        "/decisions/tile/0/1",
        "/decisions/tile/0/001.p/45",
        "/decisions/tile/0/x281/x474/x976/x710/656.p/1",
    ] {
        let (head, why) = get(&server, path).await;
        assert!(head.contains("404 Not Found"), "{path}: {head}");
        assert!(!why.is_empty(), "{path}");
    }
}

/// A part of the logs, as those who follow them ask for it.
async fn get(server: &Server, path: &str) -> (String, Vec<u8>) {
    http::get(server.serving.tiles_address.unwrap(), path).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_bundle_holds_everything_acknowledged_before_and_proves_it() {
    let server = Server::start().await;
    server.record(1100).await;
    let other = server.check(typical("OTHER")).await.unwrap();
    let trusted = keys(&server.place).trusted();
    let opened = |bytes: Vec<u8>| {
        let mut bundle = Bundle::open(Cursor::new(bytes), &trusted).unwrap();
        let mut indices = Vec::new();
        let report = bundle.records(|record| {
            indices.push(record.log_index);
            Ok::<_, Infallible>(())
        });
        let catalogues: Vec<String> = bundle.catalogues().keys().cloned().collect();
        (report.unwrap(), indices, catalogues)
    };

    let (report, indices, catalogues) = opened(server.export(pb::HistoryRequest::default()).await.unwrap());
    assert_eq!(indices, (0..1101).collect::<Vec<u64>>());
    assert!(report.is_gapless());
    assert_eq!(catalogues, [other.catalogue_digest]);

    let filtered = pb::HistoryRequest {
        device_id: "OTHER".to_owned(),
        order: pb::DecisionOrder::NewestFirst.into(),
        page_size: 7,
        ..pb::HistoryRequest::default()
    };
    let (_, indices, _) = opened(server.export(filtered).await.unwrap());
    assert_eq!(indices, [1100]);
    let nothing = pb::HistoryRequest {
        device_id: "NONE".to_owned(),
        ..pb::HistoryRequest::default()
    };
    assert!(opened(server.export(nothing).await.unwrap()).1.is_empty());

    let wrong = pb::HistoryRequest {
        condition: "no-such".to_owned(),
        ..pb::HistoryRequest::default()
    };
    assert_eq!(server.export(wrong).await.unwrap_err().code(), Code::InvalidArgument);
}
