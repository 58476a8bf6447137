//! What is asked: the typical request, one license and one product, on a random device and one of a few images.
//!
//! About one request in a hundred is of another kind, so that a history has something to find by verdict, condition and label.

use std::sync::atomic::{AtomicU64, Ordering};

use reimage_rights::wire::pb;
use uuid::Uuid;

use crate::random::Random;

/// Devices that there are.
pub const DEVICE_COUNT: u64 = 1_000_000;
/// Images that there are; the last one is of Office.
pub const IMAGE_COUNT: u64 = 20;
/// Sites that a labeled request names.
pub const SITE_COUNT: u64 = 50;
/// Key of the label.
pub const SITE: &str = "site";

const WINDOWS: &str = "Windows 7 Professional";
const OFFICE: &str = "Office Professional Plus 2010";
/// Kinds are drawn out of so many.
const MIX: u64 = 100_000;

/// Requests in an order that the seed fixes, none twice.
#[derive(Debug)]
pub struct Workload {
    seed: u64,
    next: AtomicU64,
}

/// A request, and the verdict it must get.
#[derive(Clone, Debug)]
pub struct Asked {
    /// The request.
    pub request: pb::CheckRequest,
    /// The only right answer.
    pub verdict: pb::Verdict,
}

/// What is not typical about a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Typical,
    /// A language that the license does not cover.
    French,
    /// Media from nobody knows where.
    Unstated,
    /// With a label.
    Labeled,
    /// The product of the last image, in another image: where two broad terms meet.
    Meeting,
}

impl Kind {
    fn draw(random: &mut Random) -> Self {
        match random.below(MIX) {
            0..500 => Self::French,
            500..800 => Self::Unstated,
            800..1_000 => Self::Labeled,
            1_000 => Self::Meeting,
            _ => Self::Typical,
        }
    }
}

impl Workload {
    /// Requests that begin at a seed.
    pub fn new(seed: u64) -> Self {
        Self {
            seed,
            next: AtomicU64::new(0),
        }
    }

    /// The next request.
    pub fn next(&self) -> Asked {
        let number = self.next.fetch_add(1, Ordering::Relaxed);
        let mut random = Random::at(self.seed, number);
        let image = random.below(IMAGE_COUNT);
        let kind = Kind::draw(&mut random);
        let office = image + 1 == IMAGE_COUNT || kind == Kind::Meeting;
        let request = pb::CheckRequest {
            request_id: Uuid::from_u64_pair(random.number(), random.number()).to_string(),
            device: Some(device(&device_id(random.below(DEVICE_COUNT)), office)),
            image: Some(image_of(&image_id(image), office, kind)),
            agreement: Some(pb::Agreement {
                program: pb::Program::SelectPlus.into(),
                number: "S7012345".to_owned(),
                purchases: None,
            }),
            labels: (kind == Kind::Labeled)
                .then(|| (SITE.to_owned(), site(random.below(SITE_COUNT))))
                .into_iter()
                .collect(),
            ..pb::CheckRequest::default()
        };
        let verdict = match kind {
            Kind::French => pb::Verdict::NotPermitted,
            Kind::Unstated => pb::Verdict::Indeterminate,
            Kind::Typical | Kind::Labeled | Kind::Meeting => pb::Verdict::Permitted,
        };
        Asked { request, verdict }
    }

    /// The next request, of a customer of its own, so that hardly any other asks the same.
    pub fn next_anew(&self) -> Asked {
        let mut asked = self.next();
        let own = asked.request.request_id.split('-').next().unwrap_or_default();
        let number = format!("S7{own}");
        if let Some(agreement) = &mut asked.request.agreement {
            agreement.number = number;
        }
        asked
    }

    /// The next request of the kind that nearly all are.
    pub fn typical(&self) -> pb::CheckRequest {
        loop {
            let Asked { request, verdict } = self.next();
            let of_windows = request
                .image
                .as_ref()
                .is_some_and(|image| image.id != image_id(IMAGE_COUNT - 1));
            if verdict == pb::Verdict::Permitted && of_windows && request.labels.is_empty() {
                return request;
            }
        }
    }
}

/// Name of a device.
pub fn device_id(number: u64) -> String {
    format!("PC-{number:06}")
}

/// Name of an image.
pub fn image_id(number: u64) -> String {
    format!("corporate-{number:02}")
}

/// Name of a site.
pub fn site(number: u64) -> String {
    format!("site-{number:02}")
}

/// The product of the last image, for a search.
pub fn office() -> pb::Product {
    pb::Product {
        name: OFFICE.to_owned(),
        ..pb::Product::default()
    }
}

fn product(office: bool, language: &str) -> pb::Product {
    pb::Product {
        name: if office { OFFICE } else { WINDOWS }.to_owned(),
        language: language.to_owned(),
        ..pb::Product::default()
    }
}

fn device(id: &str, office: bool) -> pb::Device {
    let channel = if office {
        pb::Channel::OtherAgreement
    } else {
        pb::Channel::Oem
    };
    pb::Device {
        id: id.to_owned(),
        licenses: vec![pb::License {
            product: Some(product(office, "en-US")),
            channel: channel.into(),
            ..pb::License::default()
        }],
        unlicensed: false,
    }
}

fn image_of(id: &str, office: bool, kind: Kind) -> pb::Image {
    let language = if kind == Kind::French { "fr-FR" } else { "en-US" };
    let source = match kind {
        Kind::Unstated => pb::MediaSource::Unspecified,
        _ => pb::MediaSource::VlscDownload,
    };
    pb::Image {
        id: id.to_owned(),
        media: Some(pb::Media {
            source: source.into(),
            ..pb::Media::default()
        }),
        deployment: pb::Deployment::StandardImage.into(),
        products: vec![pb::ImageProduct {
            product: Some(product(office, language)),
            media: None,
        }],
        ..pb::Image::default()
    }
}
