//! Times on the wire: `google.protobuf.Timestamp`, whose JSON form is the canonical one, in UTC and marked `Z`.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _, ser::Error as _};

/// A moment in UTC.
#[derive(Clone, Copy, PartialEq, Eq, Hash, prost::Message)]
pub struct Timestamp {
    /// Seconds since 1970-01-01.
    #[prost(int64, tag = "1")]
    pub seconds: i64,
    /// Nanoseconds after the second, 0 to 999,999,999.
    #[prost(int32, tag = "2")]
    pub nanos: i32,
}

impl Timestamp {
    /// From microseconds since 1970-01-01.
    #[must_use]
    pub fn from_microseconds(microseconds: i64) -> Self {
        let nanos = i32::try_from(microseconds.rem_euclid(1_000_000))
            .unwrap_or_default()
            .saturating_mul(1000);
        Self {
            seconds: microseconds.div_euclid(1_000_000),
            nanos,
        }
    }

    /// The moment; `None` when it is outside the years 1 to 9999, or the nanoseconds are outside their second.
    #[must_use]
    pub fn moment(&self) -> Option<jiff::Timestamp> {
        let years = -62_135_596_800..=253_402_300_799_i64;
        let is_valid = years.contains(&self.seconds) && (0..1_000_000_000).contains(&self.nanos);
        is_valid
            .then(|| jiff::Timestamp::new(self.seconds, self.nanos).ok())
            .flatten()
    }
}

impl fmt::Display for Timestamp {
    /// With 0, 3, 6 or 9 digits of the second, as many as it needs.
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let moment = self.moment().ok_or(fmt::Error)?;
        let digits = digits(moment.subsec_nanosecond().unsigned_abs());
        write!(out, "{moment:.digits$}")
    }
}

/// How many digits of a second ProtoJSON writes, of times and durations: 0, 3, 6 or 9.
pub(super) fn digits(nanos: u32) -> usize {
    match nanos {
        0 => 0,
        nanos if nanos.is_multiple_of(1_000_000) => 3,
        nanos if nanos.is_multiple_of(1000) => 6,
        _ => 9,
    }
}

impl Serialize for Timestamp {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if self.moment().is_none() {
            return Err(S::Error::custom("the time is outside the years 1 to 9999"));
        }
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Timestamp {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        let moment: jiff::Timestamp = text
            .parse()
            .map_err(|_| D::Error::custom(format!("`{text}` is no time; write one such as 2011-02-28T12:00:00Z")))?;
        let floor = moment.as_nanosecond().div_euclid(1_000_000_000);
        let seconds = i64::try_from(floor).map_err(D::Error::custom)?;
        let nanos = i32::try_from(moment.as_nanosecond().rem_euclid(1_000_000_000)).map_err(D::Error::custom)?;
        Ok(Self { seconds, nanos })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_written_in_utc_with_as_many_digits_as_they_need() {
        let json = |microseconds| serde_json::to_string(&Timestamp::from_microseconds(microseconds)).unwrap();
        assert_eq!(json(1_300_000_000_000_000), r#""2011-03-13T07:06:40Z""#);
        assert_eq!(json(1_300_000_000_120_000), r#""2011-03-13T07:06:40.120Z""#);
        assert_eq!(json(1_300_000_000_123_456), r#""2011-03-13T07:06:40.123456Z""#);
        assert_eq!(json(-1), r#""1969-12-31T23:59:59.999999Z""#);
    }

    #[test]
    fn any_offset_is_read_and_comes_back_in_utc() {
        let read: Timestamp = serde_json::from_str(r#""2011-03-13T09:06:40.5+02:00""#).unwrap();
        assert_eq!(read.to_string(), "2011-03-13T07:06:40.500Z");
        assert!(serde_json::from_str::<Timestamp>(r#""yesterday""#).is_err());
    }

    #[test]
    fn what_no_calendar_holds_is_not_written() {
        assert!(
            serde_json::to_string(&Timestamp {
                seconds: i64::MAX,
                nanos: 0
            })
            .is_err()
        );
        assert!(serde_json::to_string(&Timestamp { seconds: 0, nanos: -1 }).is_err());
    }
}
