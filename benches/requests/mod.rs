//! Requests to measure with: the typical one, and images of several products on devices of as many licenses.

use reimage_rights::{
    catalogue::{Catalogue, CatalogueProduct},
    wire::pb,
};

/// One license, one product, every fact stated that decides, and the ids that a history is searched by.
pub fn typical() -> pb::CheckRequest {
    request(
        &[license("Windows 7 Professional")],
        &[product("Windows 7 Professional")],
    )
}

/// As many licenses as products, each product licensed, all of one family: every product is tried on every license.
pub fn family(family: &str, count: usize) -> pb::CheckRequest {
    let of_family = |product: &&CatalogueProduct| product.family.text() == family;
    let names: Vec<String> = Catalogue::embedded()
        .products()
        .filter(of_family)
        .take(count)
        .map(CatalogueProduct::to_string)
        .collect();
    assert_eq!(names.len(), count, "the catalogue has too few products of {family}");
    let licenses: Vec<serde_json::Value> = names.iter().map(|name| license(name)).collect();
    let products: Vec<serde_json::Value> = names.iter().map(|name| product(name)).collect();
    request(&licenses, &products)
}

fn license(name: &str) -> serde_json::Value {
    serde_json::json!({ "product": { "name": name, "language": "en-US" }, "channel": "CHANNEL_OEM" })
}

fn product(name: &str) -> serde_json::Value {
    serde_json::json!({ "product": { "name": name, "language": "en-US" } })
}

fn request(licenses: &[serde_json::Value], products: &[serde_json::Value]) -> pb::CheckRequest {
    let request = serde_json::json!({
        "requestId": "9e3779b9-7f4a-7c15-f39c-c0605cedc835",
        "device": { "id": "PC-007919", "licenses": licenses },
        "image": {
            "id": "corporate-7",
            "media": { "source": "MEDIA_SOURCE_VLSC_DOWNLOAD" },
            "deployment": "DEPLOYMENT_STANDARD_IMAGE",
            "products": products
        },
        "agreement": { "program": "PROGRAM_SELECT_PLUS", "number": "S7012345" }
    });
    serde_json::from_value(request).expect("the request is one")
}
