//! What a history is asked.

use reimage_rights::wire::pb;

use super::PAGE_LEN;
use crate::{
    filled::Known,
    random::Random,
    workload::{IMAGE_COUNT, SITE, SITE_COUNT, image_id, office, site},
};

/// A question: the same each time but for its values.
pub struct Question {
    /// What people call it.
    pub name: &'static str,
    /// Pages to ask for, counted from 1; none: always the first, with other values each time.
    pub pages: &'static [u64],
    filters: &'static [Filter],
}

/// Adds one filter to a request, with random values where it has any.
type Filter = fn(&mut pb::HistoryRequest, &Known, &mut Random);

/// Every question. Pages by a filter that stays the same are asked one after another; else each call has other values.
pub const QUESTIONS: [Question; 15] = [
    pages("no filter", &[1, 100, 10_000], &[]),
    pages("verdict permitted", &[1, 10_000], &[permitted]),
    pages("one image", &[1, 100, 1_000], &[image]),
    values("device", &[device]),
    values("request id", &[request_id]),
    values("image", &[image]),
    values("verdict not permitted", &[refused]),
    values("label", &[label]),
    values("product", &[product_of_last_image]),
    values("condition", &[condition]),
    values("time range", &[time_range]),
    values("device and verdict", &[device, permitted]),
    values("image and time range", &[image, time_range]),
    values("image and condition", &[image, condition]),
    values(SELDOM, &[image_but_last, product_of_last_image]),
];
/// Two filters that find very many decisions each, and hardly any together.
const SELDOM: &str = "image and product, which seldom meet";

const fn pages(name: &'static str, pages: &'static [u64], filters: &'static [Filter]) -> Question {
    Question { name, pages, filters }
}

const fn values(name: &'static str, filters: &'static [Filter]) -> Question {
    pages(name, &[], filters)
}

impl Question {
    /// Asks with random values.
    pub fn request(&self, known: &Known, random: &mut Random) -> pb::HistoryRequest {
        let mut request = pb::HistoryRequest {
            page_size: PAGE_LEN,
            ..pb::HistoryRequest::default()
        };
        for filter in self.filters {
            filter(&mut request, known, random);
        }
        request
    }
}

fn permitted(request: &mut pb::HistoryRequest, _: &Known, _: &mut Random) {
    request.verdict = pb::Verdict::Permitted.into();
}

fn refused(request: &mut pb::HistoryRequest, _: &Known, _: &mut Random) {
    request.verdict = pb::Verdict::NotPermitted.into();
}

fn condition(request: &mut pb::HistoryRequest, _: &Known, _: &mut Random) {
    "same-language".clone_into(&mut request.condition);
}

/// A device that there is a decision on.
fn device(request: &mut pb::HistoryRequest, known: &Known, random: &mut Random) {
    if let Some(device) = &known.draw(random).request.device {
        request.device_id.clone_from(&device.id);
    }
}

fn request_id(request: &mut pb::HistoryRequest, known: &Known, random: &mut Random) {
    request.request_id.clone_from(&known.draw(random).request.request_id);
}

fn image(request: &mut pb::HistoryRequest, _: &Known, random: &mut Random) {
    request.image_id = image_id(random.below(IMAGE_COUNT));
}

fn image_but_last(request: &mut pb::HistoryRequest, _: &Known, random: &mut Random) {
    request.image_id = image_id(random.below(IMAGE_COUNT - 1));
}

fn product_of_last_image(request: &mut pb::HistoryRequest, _: &Known, _: &mut Random) {
    request.product = Some(office());
}

fn label(request: &mut pb::HistoryRequest, _: &Known, random: &mut Random) {
    request.label = Some(pb::LabelFilter {
        key: SITE.to_owned(),
        value: site(random.below(SITE_COUNT)),
    });
}

fn time_range(request: &mut pb::HistoryRequest, known: &Known, random: &mut Random) {
    let (after, before) = known.hundredth(random);
    request.decided_after = Some(after);
    request.decided_before = Some(before);
}
