//! Times, as they are typed and as they are shown.

use jiff::{Timestamp, civil::Date};

/// A moment that was typed: RFC 3339, or a date, which means its midnight in UTC.
pub(super) fn parse(text: &str) -> Result<crate::wire::Timestamp, String> {
    let moment = read(text)?;
    Ok(crate::wire::Timestamp {
        seconds: moment.as_second(),
        nanos: moment.subsec_nanosecond(),
    })
}

/// The same as a point in time.
pub(super) fn read(text: &str) -> Result<Timestamp, String> {
    let midnight = || text.parse::<Date>().ok().map(|date| format!("{date}T00:00:00Z"));
    let moment: Option<Timestamp> = text
        .parse()
        .ok()
        .or_else(|| midnight().and_then(|text| text.parse().ok()));
    moment.ok_or_else(|| "write a date such as `2026-01-31`, or a time such as `2026-01-31T12:00:00Z`".to_owned())
}

/// A moment for people: to the second, in UTC.
pub(super) fn shown(moment: Option<&crate::wire::Timestamp>) -> String {
    of_wire(moment).map_or_else(
        || "at an unknown time".to_owned(),
        |moment| moment.strftime("%Y-%m-%d %H:%M:%S UTC").to_string(),
    )
}

/// A moment for programs: RFC 3339, in UTC, as exact as it is.
pub(super) fn exact(moment: Option<&crate::wire::Timestamp>) -> String {
    of_wire(moment).map(|moment| moment.to_string()).unwrap_or_default()
}

fn of_wire(moment: Option<&crate::wire::Timestamp>) -> Option<Timestamp> {
    moment.and_then(|moment| Timestamp::new(moment.seconds, moment.nanos).ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn round(text: &str) -> Result<String, String> {
        parse(text).map(|moment| exact(Some(&moment)))
    }

    #[test]
    fn a_date_means_its_midnight_in_utc() {
        assert_eq!(round("2026-01-31").as_deref(), Ok("2026-01-31T00:00:00Z"));
    }

    #[test]
    fn a_time_keeps_its_offset_and_fraction() {
        assert_eq!(
            round("2026-01-31T01:00:00.25+01:00").as_deref(),
            Ok("2026-01-31T00:00:00.25Z")
        );
    }

    #[test]
    fn what_is_no_time_says_how_to_write_one() {
        for text in ["", "yesterday", "2026-13-01", "31.1.2026"] {
            assert!(round(text).unwrap_err().contains("`2026-01-31`"), "{text}");
        }
    }

    #[test]
    fn people_see_seconds() {
        let moment = crate::wire::Timestamp {
            seconds: 1_767_225_600,
            nanos: 999,
        };
        assert_eq!(shown(Some(&moment)), "2026-01-01 00:00:00 UTC");
    }
}
