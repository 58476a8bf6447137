//! Codes of languages beside BCP 47, as Windows and people write them.

/// The three-letter codes by which Windows calls the languages of its copies (`LOCALE_SABBREVLANGNAME`), where ISO 639 does not have
/// the same code for the same language.
///
/// ISO 639 gives some of them to other languages, in which no such software comes: what says `CSY` of Windows means Czech, not Siyin.
/// `FRA`, `DEU` and their like are left to ISO 639, and so to no region.
const WINDOWS: [(&str, &str); 34] = [
    ("chs", "zh-CN"),
    ("cht", "zh-TW"),
    ("csy", "cs-CZ"),
    ("dea", "de-AT"),
    ("des", "de-CH"),
    ("ena", "en-AU"),
    ("enc", "en-CA"),
    ("eni", "en-IE"),
    ("ens", "en-ZA"),
    ("enu", "en-US"),
    ("enz", "en-NZ"),
    ("esm", "es-MX"),
    ("esn", "es-ES"),
    ("esp", "es-ES"),
    ("eti", "et-EE"),
    ("euq", "eu-ES"),
    ("frb", "fr-BE"),
    ("frc", "fr-CA"),
    ("frs", "fr-CH"),
    ("its", "it-CH"),
    ("lth", "lt-LT"),
    ("lvi", "lv-LV"),
    ("nlb", "nl-BE"),
    ("non", "nn-NO"),
    ("plk", "pl-PL"),
    ("ptb", "pt-BR"),
    ("ptg", "pt-PT"),
    ("rom", "ro-RO"),
    ("sky", "sk-SK"),
    ("srl", "sr-Latn-RS"),
    ("sve", "sv-SE"),
    ("svf", "sv-FI"),
    ("trk", "tr-TR"),
    ("zhh", "zh-HK"),
];

/// Codes that are of a language and, better known, of a country that speaks another: Kanuri, Breton, Northern Sami, Twi, Chamorro and Ewe.
/// No software that is licensed by the copy is known to come in these. Codes of languages that it does come in are not here: `ca` is
/// Catalan, and not Canada.
pub(super) const COUNTRIES: [&str; 6] = ["br", "ch", "ee", "kr", "se", "tw"];

/// Those of them that are spoken in that very country, too: the region leaves no doubt.
pub(super) const AT_HOME: [&str; 1] = ["se"];

/// The tag of a code of Windows, in any letter case.
pub(super) fn of_windows(code: &str) -> Option<&'static str> {
    let of = |(known, tag): &(&str, &'static str)| known.eq_ignore_ascii_case(code).then_some(*tag);
    WINDOWS.iter().find_map(of)
}
