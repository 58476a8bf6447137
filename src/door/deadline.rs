//! How long a call may take: as long as its client wants, and no longer than the service allows.

use std::time::Duration;

use http::HeaderMap;

/// How much sooner than the transport, which answers `CANCELLED` where gRPC has `DEADLINE_EXCEEDED`.
const AHEAD: Duration = Duration::from_millis(5);

/// What the client's `grpc-timeout` leaves, at most `most`.
pub(super) fn deadline(headers: &HeaderMap, most: Duration) -> Duration {
    let wanted = headers
        .get("grpc-timeout")
        .and_then(|value| parse(value.to_str().ok()?));
    wanted.map_or(most, |wanted| wanted.saturating_sub(AHEAD).min(most))
}

/// Up to eight digits and a unit, as the protocol has it; `None` for what is none, which counts as not there.
fn parse(text: &str) -> Option<Duration> {
    let (digits, unit) = text.split_at_checked(text.len().checked_sub(1)?)?;
    if digits.is_empty() || digits.len() > 8 || !digits.bytes().all(|digit| digit.is_ascii_digit()) {
        return None;
    }
    let count: u64 = digits.parse().ok()?;
    Some(match unit {
        "H" => Duration::from_hours(count),
        "M" => Duration::from_mins(count),
        "S" => Duration::from_secs(count),
        "m" => Duration::from_millis(count),
        "u" => Duration::from_micros(count),
        "n" => Duration::from_nanos(count),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shorter_of_both_holds() {
        let most = Duration::from_mins(1);
        let of = |timeout: &str| {
            let mut headers = HeaderMap::new();
            headers.insert("grpc-timeout", timeout.parse().unwrap());
            deadline(&headers, most)
        };
        assert_eq!(of("2S"), Duration::from_millis(1995));
        assert_eq!(of("100m"), Duration::from_millis(95));
        assert_eq!(of("1n"), Duration::ZERO);
        for most_or_none in ["99999999H", "2H", "", "S", "-1S", "123456789S", "1s", "1 S", "+1S"] {
            assert_eq!(of(most_or_none), most, "{most_or_none}");
        }
        assert_eq!(deadline(&HeaderMap::new(), most), most);
    }
}
