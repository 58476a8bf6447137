//! What a request weighs among those in hand: by what is asked, and by how long it takes to say so.

use std::sync::Arc;

use prost::Message as _;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::wire::pb;

/// Bytes of a request that weigh as much as a product: seven usual requests have as many.
const LEN_A_PRODUCT: usize = 4 * 1024;
/// Bytes up to which bounds on a number are enough.
const SMALL_LEN_MAX: usize = 16 * 1024;
/// Most bytes of what is larger than that, together.
const LARGE_LEN_MAX: usize = 16 * 1024 * 1024;
/// Bytes of such that are counted as one.
const UNIT_LEN: usize = 1024;

/// Room for what is larger than usual: so many bytes of it at one time.
#[derive(Clone, Debug)]
pub(super) struct LargeRoom(Arc<Semaphore>);

/// A part of it, free again when dropped; nothing where nothing is taken.
pub(super) type Part = Option<OwnedSemaphorePermit>;

impl Default for LargeRoom {
    fn default() -> Self {
        Self(Arc::new(Semaphore::new(LARGE_LEN_MAX / UNIT_LEN)))
    }
}

impl LargeRoom {
    /// Room for so many bytes, as soon as there is some; all of it for what has more.
    pub(super) async fn enter(&self, len: usize) -> Part {
        let units = units(len)?;
        // Never closed.
        Arc::clone(&self.0).acquire_many_owned(units).await.ok()
    }

    /// The same if there is room now, or else nothing.
    pub(super) fn try_enter(&self, len: usize) -> Option<Part> {
        match units(len) {
            None => Some(None),
            Some(units) => Arc::clone(&self.0).try_acquire_many_owned(units).ok().map(Some),
        }
    }
}

/// What so many bytes take of a [`LargeRoom`]; `None` where they are no more than usual.
fn units(len: usize) -> Option<u32> {
    (len > SMALL_LEN_MAX).then(|| u32::try_from(len.min(LARGE_LEN_MAX) / UNIT_LEN).unwrap_or(u32::MAX))
}

/// Image products of all the requests.
pub(super) fn product_count(requests: &[pb::CheckRequest]) -> usize {
    let images = requests.iter().filter_map(|request| request.image.as_ref());
    images.map(|image| image.products.len()).sum()
}

/// Of `max` products that may be in hand, what some requests take that have `len` bytes: all of it, where they weigh more.
pub(super) fn weight(requests: &[pb::CheckRequest], len: usize, max: usize) -> u32 {
    let weight = product_count(requests).max(requests.len()).max(len / LEN_A_PRODUCT);
    u32::try_from(weight.min(max)).unwrap_or(u32::MAX)
}

/// Bytes of all the requests.
pub(super) fn encoded_len(requests: &[pb::CheckRequest]) -> usize {
    requests.iter().map(pb::CheckRequest::encoded_len).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request(products: usize, id_len: usize) -> pb::CheckRequest {
        pb::CheckRequest {
            request_id: "r".repeat(id_len),
            image: Some(pb::Image {
                products: vec![pb::ImageProduct::default(); products],
                ..pb::Image::default()
            }),
            ..pb::CheckRequest::default()
        }
    }

    #[test]
    fn a_request_weighs_by_its_products_or_its_bytes_whichever_is_more() {
        let weight = |requests: &[pb::CheckRequest], max| weight(requests, encoded_len(requests), max);
        assert_eq!(weight(&[request(0, 8)], 256), 1);
        assert_eq!(weight(&[request(3, 8), request(4, 8)], 256), 7);
        assert_eq!(weight(&[request(1, 10 * LEN_A_PRODUCT)], 256), 10);
        assert_eq!(weight(&[request(1, 1000 * LEN_A_PRODUCT)], 256), 256);
    }

    #[test]
    fn the_usual_takes_no_room_and_the_largest_takes_all_of_it() {
        let room = LargeRoom::default();
        let largest = room.try_enter(2 * LARGE_LEN_MAX).unwrap();
        assert!(largest.is_some());
        assert!(room.try_enter(SMALL_LEN_MAX).unwrap().is_none());
        assert!(room.try_enter(SMALL_LEN_MAX + 1).is_none());
        drop(largest);
        assert!(room.try_enter(SMALL_LEN_MAX + 1).unwrap().is_some());
    }
}
