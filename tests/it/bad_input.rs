//! Bad input over the wire: every violation at once, each with its path and what would be right, and nothing recorded.

use std::{collections::BTreeMap, fs};

use pbjson_types::Timestamp;
use reimage_rights::wire::pb::{self, HistoryRequest};
use tonic::{Code, Status};
use tonic_types::StatusExt as _;

use crate::support::server::{Server, typical};

/// Five groups of five: nothing like it may be kept.
const KEY: &str = "BBBBB-CCCCC-DDDDD-FFFFF-GGGGG";

/// The violations of a refusal, cures by path.
fn violations(status: &Status) -> BTreeMap<String, String> {
    assert_eq!(status.code(), Code::InvalidArgument, "{status:?}");
    let details = status.get_details_bad_request().unwrap();
    let mut by_path = BTreeMap::new();
    for violation in details.field_violations {
        let earlier = by_path.insert(violation.field.clone(), violation.description);
        assert!(earlier.is_none(), "{} is told twice", violation.field);
    }
    for (path, cure) in &by_path {
        assert!(
            !cure.is_empty() && !cure.contains('\n') && !cure.ends_with('.'),
            "{path}: {cure}"
        );
    }
    by_path
}

/// A typical request, made wrong.
fn wrong(spoil: impl FnOnce(&mut pb::CheckRequest)) -> pb::CheckRequest {
    let mut request = typical("PC-1");
    spoil(&mut request);
    request
}

fn license(request: &mut pb::CheckRequest) -> &mut pb::License {
    &mut request.device.as_mut().unwrap().licenses[0]
}

fn image(request: &mut pb::CheckRequest) -> &mut pb::Image {
    request.image.as_mut().unwrap()
}

fn media(request: &mut pb::CheckRequest) -> &mut pb::Media {
    image(request).media.as_mut().unwrap()
}

fn image_product(request: &mut pb::CheckRequest) -> &mut pb::Product {
    image(request).products[0].product.as_mut().unwrap()
}

fn named(name: &str) -> pb::Product {
    pb::Product {
        name: name.to_owned(),
        ..pb::Product::default()
    }
}

fn timestamp(seconds: i64) -> Timestamp {
    Timestamp { seconds, nanos: 0 }
}

/// One wrong request with the path of what is wrong and a part of its cure.
type Refused = (pb::CheckRequest, &'static str, &'static str);

fn wrong_texts() -> Vec<Refused> {
    let long = "x".repeat(257);
    let long_free = "x".repeat(1025);
    vec![
        (
            wrong(|request| request.request_id.clone_from(&long)),
            "request_id",
            "257 bytes are too many; at most 256",
        ),
        (
            wrong(|request| license(request).id.clone_from(&long)),
            "device.licenses[0].id",
            "at most 256",
        ),
        (
            wrong(|request| image(request).digest.clone_from(&long)),
            "image.digest",
            "at most 256",
        ),
        (
            wrong(|request| license(request).evidence.clone_from(&long_free)),
            "device.licenses[0].evidence",
            "at most 1024",
        ),
        (
            wrong(|request| drop(request.labels.insert("site".to_owned(), long_free.clone()))),
            "labels[site]",
            "at most 1024",
        ),
        (
            wrong(|request| drop(request.labels.insert(" ".to_owned(), "x".to_owned()))),
            "labels",
            "needs a key",
        ),
        (
            wrong(|request| {
                request
                    .labels
                    .extend((0..33).map(|number| (format!("label-{number}"), String::new())))
            }),
            "labels",
            "at most 32",
        ),
        (
            wrong(|request| request.edition = "1999-12".to_owned()),
            "edition",
            "known: 2011-02",
        ),
        (
            wrong(|request| image_product(request).language = "english!".to_owned()),
            "image.products[0].product.language",
            "`english!` is no BCP 47 language tag",
        ),
        (
            wrong(|request| image_product(request).name = "Windows 7 Profesional".to_owned()),
            "image.products[0].product.name",
            "Windows 7 Professional",
        ),
        (
            wrong(|request| image_product(request).family = "Windows".to_owned()),
            "image.products[0].product.name",
            "not both",
        ),
    ]
}

fn wrong_numbers() -> Vec<Refused> {
    vec![
        (
            wrong(|request| license(request).channel = 99),
            "device.licenses[0].channel",
            "CHANNEL_OEM",
        ),
        (
            wrong(|request| license(request).kind = -1),
            "device.licenses[0].kind",
            "LICENSE_KIND_FULL",
        ),
        (
            wrong(|request| media(request).source = 99),
            "image.media.source",
            "MEDIA_SOURCE_VLSC_DOWNLOAD",
        ),
        (
            wrong(|request| media(request).kind = 99),
            "image.media.kind",
            "MEDIA_KIND_UPGRADE",
        ),
        (
            wrong(|request| image(request).deployment = 99),
            "image.deployment",
            "DEPLOYMENT_STANDARD_IMAGE",
        ),
        (
            wrong(|request| image(request).performed_by = 99),
            "image.performed_by",
            "PERFORMER_OEM",
        ),
        (
            wrong(|request| image_product(request).architecture = 99),
            "image.products[0].product.architecture",
            "ARCHITECTURE_ARM64",
        ),
        (
            wrong(|request| request.agreement.as_mut().unwrap().program = 99),
            "agreement.program",
            "PROGRAM_OPEN_VALUE_SUBSCRIPTION",
        ),
        (
            wrong(|request| request.activation.as_mut().unwrap().method = 99),
            "activation.method",
            "ACTIVATION_METHOD_KMS",
        ),
    ]
}

fn wrong_lists() -> Vec<Refused> {
    let terms = |products: Vec<pb::Product>| Some(pb::PriorVersions { products });
    vec![
        (
            wrong(|request| {
                let device = request.device.as_mut().unwrap();
                device.licenses = vec![pb::License::default(); 65];
            }),
            "device.licenses",
            "65 entries are too many; at most 64",
        ),
        (
            wrong(|request| request.device.as_mut().unwrap().unlicensed = true),
            "device.unlicensed",
            "leave out one of",
        ),
        (
            wrong(|request| {
                let same = license(request).clone();
                request.device.as_mut().unwrap().licenses.push(same);
            }),
            "device.licenses[1].id",
            "unique",
        ),
        (
            wrong(|request| license(request).prior_versions = terms(vec![named("Windows 10 Pro")])),
            "device.licenses[0].prior_versions.products[0]",
            "not earlier",
        ),
        (
            wrong(|request| license(request).prior_versions = terms(vec![named("Windows 7 Professional")])),
            "device.licenses[0].prior_versions.products[0]",
            "not earlier",
        ),
        (
            wrong(|request| license(request).prior_versions = terms(vec![named("Office Standard 2007")])),
            "device.licenses[0].prior_versions.products[0]",
            "another family",
        ),
        (
            wrong(|request| image(request).products.clear()),
            "image.products",
            "at least one product",
        ),
        (
            wrong(|request| request.image = None),
            "image.products",
            "at least one product",
        ),
        (
            wrong(|request| {
                let twice = image(request).products[0].clone();
                image(request).products.push(twice);
            }),
            "image.products[1]",
            "once",
        ),
        (
            wrong(|request| image_product(request).components = vec!["Word".to_owned(); 65]),
            "image.products[0].product.components",
            "at most 64",
        ),
        (
            wrong(|request| {
                let items = vec![pb::Purchase::default(); 257];
                request.agreement.as_mut().unwrap().purchases = Some(pb::Purchases { items });
            }),
            "agreement.purchases.items",
            "at most 256",
        ),
    ]
}

#[tokio::test]
async fn every_wrong_request_is_refused_at_its_path_with_a_cure_and_not_recorded() {
    let server = Server::start().await;
    for (request, path, cure) in [wrong_texts(), wrong_numbers(), wrong_lists()].concat() {
        let status = server.check(request).await.unwrap_err();
        let found = violations(&status);
        let told = found.get(path).unwrap_or_else(|| panic!("{path} is not in {found:?}"));
        assert!(told.contains(cure), "{path}: {told}");
        assert!(
            status.message().contains(':') && status.message().lines().count() == 1,
            "{status:?}"
        );
    }
    assert!(server.whole_history(HistoryRequest::default()).await.is_empty());
}

#[tokio::test]
async fn all_that_is_wrong_is_told_at_once() {
    let server = Server::start().await;
    let request = wrong(|request| {
        request.edition = "1999-12".to_owned();
        request.device.as_mut().unwrap().unlicensed = true;
        license(request).channel = 99;
        media(request).source = 99;
        image_product(request).language = "english!".to_owned();
        image_product(request).name = "Windos Seven".to_owned();
        request.agreement.as_mut().unwrap().number = "x".repeat(300);
    });
    let found = violations(&server.check(request).await.unwrap_err());
    let paths: Vec<&str> = found.keys().map(String::as_str).collect();
    assert_eq!(
        paths,
        [
            "agreement.number",
            "device.licenses[0].channel",
            "device.unlicensed",
            "edition",
            "image.media.source",
            "image.products[0].product.language",
            "image.products[0].product.name",
        ]
    );
}

#[tokio::test]
async fn more_violations_than_a_status_holds_are_counted() {
    let server = Server::start().await;
    let request = wrong(|request| {
        let license = pb::License {
            product: Some(named("Wndows Svn Profsnl")),
            channel: 99,
            ..pb::License::default()
        };
        request.device.as_mut().unwrap().licenses = vec![license; 64];
    });
    let status = server.check(request).await.unwrap_err();
    let found = violations(&status);
    assert!(found.contains_key("device.licenses[0].product.name"), "{found:?}");
    assert!(found[""].contains("more violations"), "{found:?}");
}

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
    for entry in fs::read_dir(place.path()).unwrap() {
        let path = entry.unwrap().path();
        assert_keyless(&path.display().to_string(), &fs::read(path).unwrap());
    }
}

fn assert_keyless(what: &str, bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes).to_uppercase();
    assert!(!text.contains(KEY), "{what} repeats the key");
}

#[tokio::test]
async fn wrong_questions_to_the_history_are_refused_at_their_paths() {
    let server = Server::start().await;
    server.record(3).await;
    let by = HistoryRequest::default;
    let device = |device: &str| HistoryRequest {
        device_id: device.to_owned(),
        page_size: 1,
        ..HistoryRequest::default()
    };
    server.check_all(vec![typical("PC-1"); 2]).await;
    let page_token = server.history(device("PC-1")).await.unwrap().next_page_token;
    assert_ne!(page_token, "");
    let expect = [
        (
            HistoryRequest {
                page_token: page_token.clone(),
                ..device("PC-2")
            },
            "page_token",
            "of another query",
        ),
        (
            HistoryRequest {
                page_token: page_token.clone(),
                order: 2,
                ..device("PC-1")
            },
            "page_token",
            "of another query",
        ),
        (
            HistoryRequest {
                page_token: "next".to_owned(),
                ..by()
            },
            "page_token",
            "not a page token of this service",
        ),
        (
            HistoryRequest {
                page_size: 1001,
                ..by()
            },
            "page_size",
            "1 to 1000",
        ),
        (HistoryRequest { verdict: 99, ..by() }, "verdict", "VERDICT_PERMITTED"),
        (HistoryRequest { basis: 99, ..by() }, "basis", "BASIS_OEM_PRELOAD"),
        (
            HistoryRequest { order: 99, ..by() },
            "order",
            "DECISION_ORDER_OLDEST_FIRST",
        ),
        (HistoryRequest { view: 99, ..by() }, "view", "DECISION_VIEW_BASIC"),
        (
            HistoryRequest {
                condition: "same-langage".to_owned(),
                ..by()
            },
            "condition",
            "same-language",
        ),
        (
            HistoryRequest {
                product: Some(named("Windos 7 Pro")),
                ..by()
            },
            "product.name",
            "Windows 7 Professional",
        ),
        (
            HistoryRequest {
                image_id: "x".repeat(257),
                ..by()
            },
            "image_id",
            "at most 256",
        ),
        (
            HistoryRequest {
                decided_after: Some(timestamp(5)),
                decided_before: Some(timestamp(5)),
                ..by()
            },
            "decided_before",
            "not later than `decided_after`",
        ),
    ];
    for (request, path, cure) in expect {
        let found = violations(&server.history(request).await.unwrap_err());
        let told = found.get(path).unwrap_or_else(|| panic!("{path} is not in {found:?}"));
        assert!(told.contains(cure), "{path}: {told}");
    }
    // A token goes on with its own query whatever the page's size and view.
    let next = HistoryRequest {
        page_token,
        page_size: 5,
        view: 2,
        ..device("PC-1")
    };
    assert_eq!(server.history(next).await.unwrap().decisions.len(), 2);
}

#[tokio::test]
async fn an_id_that_is_none_is_told_from_one_that_names_no_decision() {
    let server = Server::start().await;
    for id in ["", "1", "not-an-id"] {
        assert!(violations(&server.decision(id).await.unwrap_err()).contains_key("decision_id"));
        assert!(violations(&server.reproduce(id).await.unwrap_err()).contains_key("decision_id"));
    }
    let id = "0190b2c4-7d1e-7a3b-9c5d-1234567890ab";
    let status = server.decision(id).await.unwrap_err();
    assert_eq!(status.code(), Code::NotFound);
    assert!(status.message().contains(id), "{status:?}");
    assert_eq!(server.reproduce(id).await.unwrap_err().code(), Code::NotFound);
}

#[tokio::test]
async fn a_message_of_more_than_four_mebibytes_is_refused_and_the_next_one_is_not() {
    let server = Server::start().await;
    let large = wrong(|request| license(request).evidence = "x".repeat(4 * 1024 * 1024));
    let status = server.check(large).await.unwrap_err();
    assert_eq!(status.code(), Code::OutOfRange, "{status:?}");
    let just_large = wrong(|request| license(request).evidence = "x".repeat(4 * 1024 * 1024 - 4096));
    assert!(violations(&server.check(just_large).await.unwrap_err()).contains_key("device.licenses[0].evidence"));
    assert_eq!(server.check(typical("PC-1")).await.unwrap().log_index, 0);
}
