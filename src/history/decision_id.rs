//! Ids that tell when a decision was made, so that it is found in the log without an index of ids.

use uuid::{Builder, Uuid};

/// A UUIDv7 whose first 12 random bits are the fraction of the millisecond (RFC 9562, section 6.2, method 3): ids sort as times do.
/// The time is in microseconds since 1970, UTC; one before counts as 1970.
#[must_use]
pub fn decision_id(at_us: i64, mut random: [u8; 10]) -> Uuid {
    let at_us = u64::try_from(at_us).unwrap_or_default();
    let fraction = (at_us % 1000).saturating_mul(4096) / 1000;
    let [high, low] = u16::try_from(fraction).unwrap_or_default().to_be_bytes();
    let [first, second, ..] = &mut random;
    (*first, *second) = (high, low);
    Builder::from_unix_timestamp_millis(at_us / 1000, &random).into_uuid()
}

/// When the decision with this id was made, in microseconds since 1970, UTC. Any other UUID gives some time or other.
#[must_use]
pub fn decided_at_us(id: Uuid) -> i64 {
    let (high, _) = id.as_u64_pair();
    let (milliseconds, fraction) = (high >> 16, high & 0xfff);
    // Making the id rounded down, and 4096 steps to 1000 microseconds lose none of them.
    let microseconds = (fraction * 1000).div_ceil(4096);
    (milliseconds * 1000 + microseconds).cast_signed()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn ids_are_of_version_7_and_sort_as_times_do() {
        let ids: Vec<Uuid> = [0, 1, 999, 1000, 1_700_000_000_000_000]
            .map(|time| decision_id(time, [0xff; 10]))
            .to_vec();
        assert!(ids.iter().all(|id| id.get_version_num() == 7));
        assert!(ids.is_sorted());
    }

    proptest! {
        #[test]
        fn an_id_tells_its_time(at_us in 0..253_402_300_800_000_000_i64, random: [u8; 10]) {
            prop_assert_eq!(decided_at_us(decision_id(at_us, random)), at_us);
        }

        #[test]
        fn any_uuid_is_read(bytes: [u8; 16]) {
            prop_assert!(decided_at_us(Uuid::from_bytes(bytes)) >= 0);
        }
    }
}
