//! The value that a name which is none was probably meant to be.
//!
//! All names of an enumeration begin alike, so that whole names are near each other whatever they say: `CHANNEL_VL` has most letters of
//! `CHANNEL_OEM`. Only what stands behind that beginning is compared.

use crate::domain::nearest;

/// What the trade calls some values, with the ending of each.
const TRADE_NAMES: [(&str, &str); 18] = [
    ("AMD64", "X64"),
    ("X86_64", "X64"),
    ("64BIT", "X64"),
    ("I386", "X86"),
    ("32BIT", "X86"),
    ("AARCH64", "ARM64"),
    ("VL", "VOLUME"),
    ("VLK", "VOLUME"),
    ("MAK", "VOLUME"),
    ("KMS", "VOLUME"),
    ("RETAIL", "FPP"),
    ("EA", "ENTERPRISE_AGREEMENT"),
    ("EAS", "ENTERPRISE_AGREEMENT_SUBSCRIPTION"),
    ("MPSA", "OTHER_VOLUME"),
    ("EES", "OTHER_VOLUME"),
    ("CSP", "OTHER_VOLUME"),
    ("VLSC", "VLSC_DOWNLOAD"),
    ("MSDN", "OTHER"),
];

/// The one of the known names that `word` was probably meant to be; `None` where it could be several or none.
pub(super) fn nearest_value<'a>(word: &str, known: &[&'a str]) -> Option<&'a str> {
    let prefix_len = common_prefix(known)?;
    let (first, _) = known.split_first()?;
    let word = behind_prefix(word, first.get(..prefix_len)?).to_uppercase();
    let ending = |name: &&'a str| name.get(prefix_len..);
    let of_ending = |wanted: &str| known.iter().copied().find(|name| ending(name) == Some(wanted));
    let of_trade = || {
        let (_, meant) = TRADE_NAMES.iter().find(|(name, _)| *name == word)?;
        of_ending(meant)
    };
    let only = |is_meant: &dyn Fn(&str) -> bool| {
        let mut meant = known.iter().copied().filter(|name| ending(name).is_some_and(is_meant));
        meant.next().filter(|_| meant.next().is_none())
    };
    if word.is_empty() {
        return None;
    }
    of_ending(&word)
        .or_else(of_trade)
        .or_else(|| nearest(&word, known.iter().filter_map(ending)).and_then(of_ending))
        .or_else(|| only(&|ending| ending.starts_with(&word)))
        .or_else(|| only(&|ending| ending.split('_').any(|part| part == word)))
}

/// Bytes that all names begin with, up to the last word that they share.
fn common_prefix(known: &[&str]) -> Option<usize> {
    let (first, rest) = known.split_first()?;
    let common = rest.iter().fold(first.len(), |len, name| {
        let same = first.bytes().zip(name.bytes()).take_while(|(one, other)| one == other);
        len.min(same.count())
    });
    Some(first.get(..common)?.rfind('_')?.saturating_add(1))
}

/// A word without the beginning of all names, also where that has a slip in it.
fn behind_prefix<'a>(word: &'a str, prefix: &str) -> &'a str {
    let words = prefix.matches('_').count();
    let end = word.match_indices('_').nth(words.saturating_sub(1)).map(|(end, _)| end);
    let split = end.and_then(|end| word.split_at_checked(end.saturating_add(1)));
    match split {
        Some((begun, rest)) if nearest(begun, [prefix]).is_some() => rest,
        _ => word,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_compared_is_what_tells_the_names_apart() {
        let programs = [
            "PROGRAM_ENTERPRISE_AGREEMENT",
            "PROGRAM_OPEN_LICENSE",
            "PROGRAM_OPEN_VALUE",
            "PROGRAM_OTHER_VOLUME",
            "PROGRAM_NONE",
        ];
        let sources = [
            "MEDIA_SOURCE_VLSC_DOWNLOAD",
            "MEDIA_SOURCE_OEM_MEDIA",
            "MEDIA_SOURCE_OEM_RECOVERY_MEDIA",
            "MEDIA_SOURCE_OTHER",
        ];
        let architectures = ["ARCHITECTURE_X86", "ARCHITECTURE_X64", "ARCHITECTURE_ARM64"];
        for (word, known, meant) in [
            ("PROGRAM_MPSA", &programs[..], Some("PROGRAM_OTHER_VOLUME")),
            ("PROGRAM_EA", &programs[..], Some("PROGRAM_ENTERPRISE_AGREEMENT")),
            ("ea", &programs[..], Some("PROGRAM_ENTERPRISE_AGREEMENT")),
            ("PROGRAM_OPEN", &programs[..], None),
            ("PROGRAM_NON", &programs[..], Some("PROGRAM_NONE")),
            ("PROGAM_NONE", &programs[..], Some("PROGRAM_NONE")),
            ("PROGRAM_", &programs[..], None),
            ("MEDIA_SOURCE_VLSC", &sources[..], Some("MEDIA_SOURCE_VLSC_DOWNLOAD")),
            (
                "MEDIA_SOURCE_RECOVERY",
                &sources[..],
                Some("MEDIA_SOURCE_OEM_RECOVERY_MEDIA"),
            ),
            ("MEDIA_SOURCE_OEM", &sources[..], None),
            ("MEDIA_SOURCE_VOLUME_MEDIA", &sources[..], None),
            ("ARCHITECTURE_AMD64", &architectures[..], Some("ARCHITECTURE_X64")),
            ("x86_64", &architectures[..], Some("ARCHITECTURE_X64")),
        ] {
            assert_eq!(nearest_value(word, known), meant, "{word}");
        }
    }
}
