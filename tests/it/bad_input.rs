//! Bad input over the wire: every violation at once, each with its path and what would be right, and nothing recorded.

use reimage_rights::wire::pb::{self, HistoryRequest};
use tonic::Code;
use tonic_types::StatusExt as _;

use crate::support::{
    server::{Server, typical},
    wrong::{image, image_product, license, media, named, violations, wrong},
};

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
                    .extend((0..33).map(|number| (format!("label-{number}"), String::new())));
            }),
            "labels",
            "at most 32",
        ),
        (
            wrong(|request| "1999-12".clone_into(&mut request.edition)),
            "edition",
            "known: 2011-02",
        ),
    ]
}

fn wrong_languages_and_names() -> Vec<Refused> {
    vec![
        (
            wrong(|request| "english!".clone_into(&mut image_product(request).language)),
            "image.products[0].product.language",
            "`english!` is no BCP 47 language tag",
        ),
        (
            wrong(|request| "1337".clone_into(&mut image_product(request).language)),
            "image.products[0].product.language",
            "write a decimal one such as `1033`, or a BCP 47 tag such as `en-US`",
        ),
        (
            wrong(|request| "Windows 7 Profesional".clone_into(&mut image_product(request).name)),
            "image.products[0].product.name",
            "Windows 7 Professional",
        ),
        (
            wrong(|request| "Windows".clone_into(&mut image_product(request).family)),
            "image.products[0].product.name",
            "not both",
        ),
        (
            wrong(|request| *image_product(request) = of_family("Windoze")),
            "image.products[0].product.family",
            "known: `Windows`",
        ),
        (
            wrong(|request| license(request).coa = Some(of_family("Micrsoft Windows 7"))),
            "device.licenses[0].coa.family",
            "known: `Windows`",
        ),
    ]
}

fn of_family(family: &str) -> pb::Product {
    pb::Product {
        family: family.to_owned(),
        version: "7".to_owned(),
        edition: "Professional".to_owned(),
        ..pb::Product::default()
    }
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

/// What is well-formed, and says nothing or hardly what was meant.
fn hardly_meant() -> Vec<Refused> {
    vec![
        (
            wrong(|request| "jp".clone_into(&mut image_product(request).language)),
            "image.products[0].product.language",
            "`jp` is no language; in the country of that code `ja-JP` is spoken",
        ),
        (
            wrong(|request| "KR".clone_into(&mut license(request).product.as_mut().unwrap().language)),
            "device.licenses[0].product.language",
            "`kr` may be taken for a country, in which `ko-KR` is spoken; write that, or `kr-NG`",
        ),
        (
            wrong(|request| license(request).coa = Some(pb::Product::default())),
            "device.licenses[0].coa",
            "or leave `coa` out where nobody read it",
        ),
        (
            wrong(|request| {
                license(request).preinstalled = Some(pb::Product {
                    language: "en-US".to_owned(),
                    ..pb::Product::default()
                });
            }),
            "device.licenses[0].preinstalled",
            "or leave `preinstalled` out where it is the licensed one",
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
    let groups = [
        wrong_texts(),
        wrong_languages_and_names(),
        wrong_numbers(),
        hardly_meant(),
        wrong_lists(),
    ];
    for (request, path, cure) in groups.concat() {
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
async fn what_is_wrong_is_told_license_by_license() {
    let mut request = typical("PC-1");
    request.request_id = " ".to_owned();
    request.edition = "1999-12".to_owned();
    let mut wrong = license(&mut request).clone();
    wrong.evidence = "x".repeat(1025);
    wrong.product.as_mut().unwrap().name = "Wndows 7".to_owned();
    let numbered = |number: u32| pb::License {
        id: format!("license-{number}"),
        ..wrong.clone()
    };
    request.device.as_mut().unwrap().licenses = (0..2).map(numbered).collect();
    let server = Server::start().await;
    let refused = server.check(request).await.unwrap_err();
    let details = refused.get_details_bad_request().unwrap();
    let paths: Vec<String> = details.field_violations.into_iter().map(|wrong| wrong.field).collect();
    let expected = [
        "request_id",
        "edition",
        "device.licenses[0].evidence",
        "device.licenses[0].product.name",
        "device.licenses[1].evidence",
        "device.licenses[1].product.name",
    ];
    assert_eq!(paths, expected);
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
