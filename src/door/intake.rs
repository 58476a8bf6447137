//! How many bytes of requests are in hand at one time, over all calls, and of single answers. A bound on calls alone would let them take any amount of
//! memory: each may have megabytes, and what is made of a request takes several times as much.

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering::Relaxed},
};

use super::method::{Answer, Method};

/// Most bytes of a message, which is all of a request; those of a stream come one behind the other.
pub const MESSAGE_LEN_MAX: usize = 4 * 1024 * 1024;
/// Bytes from the beginning of each request, which is all of most, that are counted apart: large requests crowd out none but each other.
const SMALL_LEN_MAX: usize = 16 * 1024;
/// Most bytes of requests in hand, of each of the two kinds: some thirty thousand usual requests, and four of the largest.
const REQUESTS_LEN_MAX: usize = 16 * 1024 * 1024;
/// Most bytes of single answers that wait to be read: more than what comes of those requests.
const ANSWERS_LEN_MAX: usize = 32 * 1024 * 1024;

/// What is in hand. Clones share it.
#[derive(Clone, Debug)]
pub(super) struct Intake(Arc<InHand>);

#[derive(Debug)]
struct InHand {
    len_max: usize,
    small: AtomicUsize,
    large: AtomicUsize,
}

/// What one of them takes of it, until it is dropped.
#[derive(Debug)]
pub(super) struct Share {
    intake: Intake,
    len: AtomicUsize,
}

impl Intake {
    /// Room for requests.
    pub(super) fn of_requests() -> Self {
        Self::up_to(REQUESTS_LEN_MAX)
    }

    /// Room for answers.
    pub(super) fn of_answers() -> Self {
        Self::up_to(ANSWERS_LEN_MAX)
    }

    fn up_to(len_max: usize) -> Self {
        Self(Arc::new(InHand {
            len_max,
            small: AtomicUsize::default(),
            large: AtomicUsize::default(),
        }))
    }

    /// What a request of a method takes. Those of a stream come one by one, and the service reads no more of them than it has room for.
    pub(super) fn share_of(&self, method: &Method) -> Option<Share> {
        (method.answer != Answer::Stream).then(|| self.share())
    }

    /// A share of which nothing is taken yet.
    pub(super) fn share(&self) -> Share {
        Share {
            intake: self.clone(),
            len: AtomicUsize::new(0),
        }
    }
}

impl Share {
    /// Takes room for so many bytes more; whether there was any. What has none is to be given up.
    pub(super) fn take(&self, len: usize) -> bool {
        // Nobody else adds to it.
        let before = self.len.fetch_add(len, Relaxed);
        let (small, large) = parts(before);
        let (small_now, large_now) = parts(before.saturating_add(len));
        let Intake(in_hand) = &self.intake;
        // Counted in either case, since all of it is given back.
        let has_small = fits(&in_hand.small, small_now - small, in_hand.len_max);
        let has_large = fits(&in_hand.large, large_now - large, in_hand.len_max);
        has_small && has_large
    }
}

impl Drop for Share {
    fn drop(&mut self) {
        let (small, large) = parts(*self.len.get_mut());
        let Intake(in_hand) = &self.intake;
        in_hand.small.fetch_sub(small, Relaxed);
        if large > 0 {
            in_hand.large.fetch_sub(large, Relaxed);
        }
    }
}

/// Of a request's bytes those that count as small, and the others. What is longer than a message may be is not kept.
fn parts(len: usize) -> (usize, usize) {
    let len = len.min(MESSAGE_LEN_MAX);
    let small = len.min(SMALL_LEN_MAX);
    (small, len - small)
}

fn fits(in_hand: &AtomicUsize, len: usize, len_max: usize) -> bool {
    len == 0 || in_hand.fetch_add(len, Relaxed).saturating_add(len) <= len_max
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_is_room_for_four_of_the_largest_requests_and_then_for_small_ones_only() {
        let intake = Intake::of_requests();
        let shares: Vec<Share> = (0..4).map(|_| intake.share()).collect();
        assert!(shares.iter().all(|share| share.take(MESSAGE_LEN_MAX)));
        let fifth = intake.share();
        assert!(!fifth.take(MESSAGE_LEN_MAX));
        drop(fifth);
        let usual = intake.share();
        assert!(usual.take(SMALL_LEN_MAX));
        assert!(!usual.take(SMALL_LEN_MAX * 5));
    }

    #[test]
    fn what_a_request_took_is_free_once_it_is_dropped_however_it_came() {
        let intake = Intake::of_requests();
        for _ in 0..3 {
            let share = intake.share();
            let mut pieces = std::iter::repeat_n(1000, MESSAGE_LEN_MAX / 1000);
            assert!(pieces.all(|piece| share.take(piece)));
            // The rest of one that is too long is read and dropped.
            assert!(share.take(5 * MESSAGE_LEN_MAX));
        }
        let Intake(in_hand) = intake;
        assert_eq!((in_hand.small.load(Relaxed), in_hand.large.load(Relaxed)), (0, 0));
    }

    #[test]
    fn so_many_small_requests_that_they_would_take_too_much_are_not_taken_either() {
        let intake = Intake::of_requests();
        let shares: Vec<Share> = (0..REQUESTS_LEN_MAX / 512).map(|_| intake.share()).collect();
        assert!(shares.iter().all(|share| share.take(512)));
        assert!(!intake.share().take(512));
    }
}
