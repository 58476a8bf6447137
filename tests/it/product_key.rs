//! Product keys are secrets: refused wherever they stand, repeated nowhere, kept nowhere.

use std::fs;

use reimage_rights::wire::pb::{self, HistoryRequest};

use crate::support::{
    server::Server,
    wrong::{image, image_product, license, media, named, violations, wrong},
};

const KEY: &str = "BBBBB-CCCCC-DDDDD-FFFFF-GGGGG";

/// The typical request with the key in one of its texts, and where that is.
fn requests_with_key(text: &str) -> Vec<(pb::CheckRequest, &'static str)> {
    let key = text.to_owned();
    vec![
        (wrong(|request| request.request_id.clone_from(&key)), "request_id"),
        (wrong(|request| request.edition.clone_from(&key)), "edition"),
        (
            wrong(|request| request.device.as_mut().unwrap().id.clone_from(&key)),
            "device.id",
        ),
        (
            wrong(|request| license(request).id.clone_from(&key)),
            "device.licenses[0].id",
        ),
        (
            wrong(|request| license(request).evidence.clone_from(&key)),
            "device.licenses[0].evidence",
        ),
        (
            wrong(|request| license(request).product = Some(named(&key))),
            "device.licenses[0].product.name",
        ),
        (
            wrong(|request| license(request).coa = Some(named(&key))),
            "device.licenses[0].coa.name",
        ),
        (wrong(|request| image(request).id.clone_from(&key)), "image.id"),
        (wrong(|request| image(request).digest.clone_from(&key)), "image.digest"),
        (
            wrong(|request| media(request).agreement_number.clone_from(&key)),
            "image.media.agreement_number",
        ),
        (
            wrong(|request| image_product(request).language.clone_from(&key)),
            "image.products[0].product.language",
        ),
        (
            wrong(|request| image_product(request).components = vec![key.clone()]),
            "image.products[0].product.components[0]",
        ),
        (
            wrong(|request| {
                *image_product(request) = pb::Product {
                    family: key.clone(),
                    ..pb::Product::default()
                }
            }),
            "image.products[0].product.family",
        ),
        (
            wrong(|request| request.agreement.as_mut().unwrap().number.clone_from(&key)),
            "agreement.number",
        ),
        (
            wrong(|request| drop(request.labels.insert("key".to_owned(), key.clone()))),
            "labels[key]",
        ),
        (
            wrong(|request| drop(request.labels.insert(key.clone(), "x".to_owned()))),
            "labels",
        ),
    ]
}

#[tokio::test]
async fn a_product_key_is_refused_wherever_it_is_and_neither_repeated_nor_kept() {
    let server = Server::start().await;
    for text in [
        KEY.to_owned(),
        KEY.to_lowercase(),
        format!("key: {KEY}, from the label"),
    ] {
        for (request, path) in requests_with_key(&text) {
            let status = server.check(request).await.unwrap_err();
            let found = violations(&status);
            let told = found.get(path).unwrap_or_else(|| panic!("{path} is not in {found:?}"));
            assert!(told.contains("product key"), "{path}: {told}");
            assert_keyless(path, status.message().as_bytes());
            assert_keyless(path, status.details());
        }
    }
    let by = HistoryRequest::default;
    for request in [
        HistoryRequest {
            device_id: KEY.to_owned(),
            ..by()
        },
        HistoryRequest {
            condition: KEY.to_owned(),
            ..by()
        },
        HistoryRequest {
            page_token: KEY.to_owned(),
            ..by()
        },
        HistoryRequest {
            product: Some(named(KEY)),
            ..by()
        },
    ] {
        let status = server.history(request).await.unwrap_err();
        violations(&status);
        assert_keyless("history", status.message().as_bytes());
        assert_keyless("history", status.details());
    }
    let status = server.decision(KEY).await.unwrap_err();
    violations(&status);
    assert_keyless("decision_id", status.message().as_bytes());
    server.record(1).await;
    let place = server.stop().await;
    let mut files = 0;
    let mut folders = vec![place.path().to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                assert_keyless(&path.display().to_string(), &fs::read(path).unwrap());
                files += 1;
            }
        }
    }
    assert!(files >= 3, "database, keys and checkpoints");
}

fn assert_keyless(what: &str, bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes).to_uppercase();
    assert!(!text.contains(KEY), "{what} repeats the key");
}
