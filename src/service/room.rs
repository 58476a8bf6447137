//! Room for calls that last or keep much in hand: so many of a kind at one time. Whoever finds none is told when to ask again.

use std::{sync::Arc, time::Duration};

use prometheus_client::metrics::counter::Counter;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::ServiceError;

/// The room for one kind of call. Clones share it.
#[derive(Clone, Debug)]
pub struct Room {
    /// What there is room for, in the plural.
    calls: &'static str,
    count_max: usize,
    retry_after: Duration,
    places: Arc<Semaphore>,
    busy: Counter,
}

/// A place in a [`Room`], free again when dropped.
#[derive(Debug)]
pub struct Place {
    _permit: OwnedSemaphorePermit,
}

impl Room {
    /// Room for `count_max` calls, for one at least; `busy` counts those that find none.
    #[must_use]
    pub fn new(calls: &'static str, count_max: usize, retry_after: Duration, busy: Counter) -> Self {
        let count_max = count_max.max(1);
        Self {
            calls,
            count_max,
            retry_after,
            places: Arc::new(Semaphore::new(count_max)),
            busy,
        }
    }

    /// A place, if there is one now.
    ///
    /// # Errors
    ///
    /// [`ServiceError::Crowded`] where there is none.
    pub fn enter(&self) -> Result<Place, ServiceError> {
        let permit = Arc::clone(&self.places).try_acquire_owned().map_err(|_| {
            self.busy.inc();
            ServiceError::Crowded {
                calls: self.calls,
                count_max: self.count_max,
                retry_after: self.retry_after,
            }
        })?;
        Ok(Place { _permit: permit })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_free_again_when_it_is_left() {
        let busy = Counter::default();
        let room = Room::new("streams", 1, Duration::from_secs(1), busy.clone());
        let place = room.enter().unwrap();
        let refused = room.clone().enter().unwrap_err();
        assert_eq!(
            refused.to_string(),
            "1 streams at one time are as many as this service takes; try again in 1000 ms"
        );
        assert_eq!(busy.get(), 1);
        drop(place);
        room.enter().unwrap();
    }

    #[test]
    fn there_is_room_for_one_at_least() {
        Room::new("streams", 0, Duration::ZERO, Counter::default())
            .enter()
            .unwrap();
    }
}
