//! Requests made wrong, and what a refusal says of them.

use std::collections::BTreeMap;

use reimage_rights::wire::pb;
use tonic::{Code, Status};
use tonic_types::StatusExt as _;

use super::server::typical;

/// The violations of a refusal, cures by path.
pub fn violations(status: &Status) -> BTreeMap<String, String> {
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
pub fn wrong(spoil: impl FnOnce(&mut pb::CheckRequest)) -> pb::CheckRequest {
    let mut request = typical("PC-1");
    spoil(&mut request);
    request
}

pub fn license(request: &mut pb::CheckRequest) -> &mut pb::License {
    &mut request.device.as_mut().unwrap().licenses[0]
}

pub fn image(request: &mut pb::CheckRequest) -> &mut pb::Image {
    request.image.as_mut().unwrap()
}

pub fn media(request: &mut pb::CheckRequest) -> &mut pb::Media {
    image(request).media.as_mut().unwrap()
}

pub fn image_product(request: &mut pb::CheckRequest) -> &mut pb::Product {
    image(request).products[0].product.as_mut().unwrap()
}

pub fn named(name: &str) -> pb::Product {
    pb::Product {
        name: name.to_owned(),
        ..pb::Product::default()
    }
}
