//! Languages of products.
//!
//! What is no language must not be taken for one: it would equal no language of a license, and refuse what may well be right.

use std::fmt;

use icu_locale::{
    LanguageIdentifier, Locale, LocaleCanonicalizer, LocaleExpander, TransformResult,
    subtags::{Language as Subtag, Region, language},
};

use super::{language_code, language_id};

/// Tags for several languages, for one without a code, and for none.
const NO_LANGUAGE: [&str; 3] = ["mul", "mis", "zxx"];

/// What is written where the language is not known, and is, by chance, the code of one that no software comes in.
const NOT_KNOWN: [&str; 6] = ["all", "any", "nan", "nil", "tbd", "unk"];

/// Norwegian of either kind; software that says so is in the kind that is written most.
const MACROLANGUAGE_OF_BOKMAL: Subtag = language!("no");

/// The language of a product.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Language {
    /// The Multilingual User Interface, or an image with several language packs.
    Mui,
    /// A canonical BCP 47 tag.
    Tag(Box<LanguageIdentifier>),
}

/// Why a text is no language.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum LanguageError {
    /// Not well-formed.
    #[error("`{0}` is no BCP 47 language tag; write one such as `en-US`, or `mui` for several languages")]
    Malformed(String),
    /// A number that is the id of no language that is known.
    #[error(
        "`{0}` is no language id of Windows that is known; write a decimal one such as `1033`, or a BCP 47 tag such as `en-US`"
    )]
    UnknownId(String),
    /// Carries extensions, which say nothing of a product's language.
    #[error("`{0}` has extensions; write the language alone, such as `en-US`")]
    Extended(String),
    /// The tag for an undetermined language.
    #[error("`{0}` names no one language; write `mui` for several, or leave it out when it is not known")]
    Undetermined(String),
    /// No language goes by that code, which is that of a country.
    #[error(
        "`{tag}` is no language; in the country of that code `{spoken}` is spoken: write that, or the language that is meant"
    )]
    Country {
        /// The tag.
        tag: String,
        /// What is spoken there most.
        spoken: String,
    },
    /// A language that hardly any software comes in, while the code is better known as that of a country.
    #[error(
        "`{tag}` may be taken for a country, in which `{spoken}` is spoken; write that, or `{meant}` where the language is meant"
    )]
    CountryToo {
        /// The tag.
        tag: String,
        /// What is spoken there most.
        spoken: String,
        /// How to write the language.
        meant: String,
    },
    /// No language goes by that code.
    #[error("`{0}` is no language that is known; write a BCP 47 tag such as `en-US`")]
    Unknown(String),
}

impl Language {
    /// Reads a BCP 47 tag, a language id of Windows in decimal or its three-letter code, or `mui`, in any letter case, and brings it to
    /// canonical form.
    ///
    /// # Errors
    ///
    /// When the text is no tag or known id, has extensions, or names no language that is known.
    pub fn parse(text: &str) -> Result<Self, LanguageError> {
        let (language, written) = read(text)?;
        match written.as_ref().and_then(doubt) {
            Some(doubt) => Err(doubt),
            None => Ok(language),
        }
    }

    /// Reads a language as it was recorded: it may be one that would be refused today.
    ///
    /// # Errors
    ///
    /// When the text is no tag or known id, has extensions, or names no language.
    pub fn parse_recorded(text: &str) -> Result<Self, LanguageError> {
        read(text).map(|(language, _)| language)
    }

    /// Reads a language id of Windows; `None` where it is not known.
    #[must_use]
    pub fn of_id(id: u32) -> Option<Self> {
        Self::parse(language_id::tag_of(id)?).ok()
    }

    /// Whether both name the same primary language; the Multilingual User Interface is the same as nothing but itself.
    #[must_use]
    pub fn shares_primary_language(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Tag(one), Self::Tag(two)) => one.language == two.language,
            (Self::Mui, Self::Mui) => true,
            (Self::Mui, Self::Tag(_)) | (Self::Tag(_), Self::Mui) => false,
        }
    }
}

/// The language of a text, and its tag as it is written, not in canonical form.
fn read(text: &str) -> Result<(Language, Option<LanguageIdentifier>), LanguageError> {
    let trimmed = text.trim();
    if trimmed.eq_ignore_ascii_case("mui") {
        return Ok((Language::Mui, None));
    }
    let tag = tag_of(trimmed)?;
    let mut locale = Locale::try_from_str(tag).map_err(|_| LanguageError::Malformed(text.to_owned()))?;
    if !locale.extensions.is_empty() {
        return Err(LanguageError::Extended(text.to_owned()));
    }
    let written = locale.id.clone();
    LocaleCanonicalizer::new_common().canonicalize(&mut locale);
    if locale.id.language.is_unknown() || NO_LANGUAGE.contains(&locale.id.language.as_str()) {
        return Err(LanguageError::Undetermined(text.to_owned()));
    }
    if locale.id.language == MACROLANGUAGE_OF_BOKMAL {
        locale.id.language = language!("nb");
    }
    Ok((Language::Tag(Box::new(locale.id)), Some(written)))
}

/// The tag of an id or a code of Windows; of what is neither, itself.
fn tag_of(text: &str) -> Result<&str, LanguageError> {
    if !text.is_empty() && text.bytes().all(|sign| sign.is_ascii_digit()) {
        let tag = text.parse().ok().and_then(language_id::tag_of);
        return tag.ok_or_else(|| LanguageError::UnknownId(text.to_owned()));
    }
    Ok(language_code::of_windows(text).unwrap_or(text))
}

/// Why a tag hardly says the language that was meant: no language goes by the code, or a country is better known by it.
fn doubt(tag: &LanguageIdentifier) -> Option<LanguageError> {
    let code = tag.language.as_str();
    if tag.region.is_none() && NOT_KNOWN.contains(&code) {
        return Some(LanguageError::Undetermined(tag.to_string()));
    }
    let country = Region::try_from_str(code).ok();
    let spoken = country.and_then(|country| likely((Subtag::UNKNOWN, None, Some(country)).into()));
    match (likely(tag.language.into()).or_else(|| renamed(tag.language)), spoken) {
        (None, None) => Some(LanguageError::Unknown(tag.to_string())),
        (None, Some(spoken)) => Some(LanguageError::Country {
            tag: tag.to_string(),
            spoken,
        }),
        (Some(meant), Some(spoken))
            if language_code::COUNTRIES.contains(&code)
                && (tag.region.is_none() || tag.region == country && !language_code::AT_HOME.contains(&code)) =>
        {
            Some(LanguageError::CountryToo {
                tag: tag.to_string(),
                spoken,
                meant,
            })
        }
        (Some(_), _) => None,
    }
}

/// The language and the region that are likeliest where a part of them is left out; `None` where that part is not known.
fn likely(mut part: LanguageIdentifier) -> Option<String> {
    if LocaleExpander::new_extended().maximize(&mut part) == TransformResult::Unmodified {
        return None;
    }
    part.script = None;
    Some(part.to_string())
}

/// The code by which a language goes now, where it had another one: `nor` is `no`.
fn renamed(code: Subtag) -> Option<String> {
    let mut tag = Locale::from(LanguageIdentifier::from(code));
    let is_renamed = LocaleCanonicalizer::new_extended().canonicalize(&mut tag) == TransformResult::Modified;
    is_renamed.then(|| tag.to_string())
}

impl fmt::Display for Language {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Mui => out.write_str("mui"),
            Self::Tag(tag) => write!(out, "{tag}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn canonical(text: &str) -> String {
        Language::parse(text).map_or_else(|error| error.to_string(), |language| language.to_string())
    }

    #[test]
    fn tags_come_to_canonical_form() {
        assert_eq!(canonical("EN-us"), "en-US");
        assert_eq!(canonical("iw"), "he");
        assert_eq!(canonical("MUI"), "mui");
    }

    #[test]
    fn norwegian_is_bokmal_by_whichever_code() {
        for tag in ["no", "nor", "nob", "nb", "NOR"] {
            assert_eq!(canonical(tag), "nb", "{tag}");
        }
        assert_eq!(canonical("no-NO"), "nb-NO");
        assert_eq!(canonical("nn-NO"), "nn-NO");
    }

    #[test]
    fn codes_of_windows_are_languages_with_their_region() {
        let cases = [
            ("ENU", "en-US"),
            ("esn", "es-ES"),
            ("CHS", "zh-CN"),
            ("CHT", "zh-TW"),
            ("PTB", "pt-BR"),
            ("csy", "cs-CZ"),
        ];
        for (code, tag) in cases {
            assert_eq!(canonical(code), tag);
        }
    }

    #[test]
    fn ids_of_windows_are_the_languages_they_stand_for() {
        let cases = [
            ("1033", "en-US"),
            ("1046", "pt-BR"),
            (" 1031 ", "de-DE"),
            ("2052", "zh-CN"),
            ("1034", "es-ES"),
            ("3082", "es-ES"),
        ];
        for (id, tag) in cases {
            assert_eq!(canonical(id), tag);
        }
        for (id, tag) in language_id::LANGUAGE_IDS {
            assert_eq!(canonical(&id.to_string()), canonical(tag));
        }
        for text in ["0409", "409", "0", "4294967296"] {
            let refused = canonical(text);
            assert!(
                refused.contains(text) && refused.contains("such as `1033`, or"),
                "{refused}"
            );
        }
    }

    #[test]
    fn a_country_is_no_language_and_what_is_spoken_there_is_suggested() {
        let cases = [
            ("jp", "ja-JP"),
            ("cz", "cs-CZ"),
            ("dk", "da-DK"),
            ("gr", "el-GR"),
            ("CN", "zh-CN"),
            ("us", "en-US"),
            ("jp-JP", "ja-JP"),
            ("kr", "ko-KR"),
            ("kr-KR", "ko-KR"),
            ("br", "pt-BR"),
            ("se", "sv-SE"),
            ("tw", "zh-TW"),
            ("ch", "de-CH"),
            ("ee", "et-EE"),
        ];
        for (code, spoken) in cases {
            let refused = Language::parse(code).unwrap_err().to_string();
            assert!(refused.contains(&format!("`{spoken}`")), "{refused}");
        }
        assert!(
            canonical("kr").contains("`kr-NG` where the language is meant"),
            "{}",
            canonical("kr")
        );
        assert_eq!(canonical("kr-NG"), "kr-NG");
        assert!(canonical("se").contains("`se-NO` where the language is meant"));
        for tag in ["se-NO", "se-SE", "se-FI"] {
            assert_eq!(canonical(tag), tag);
        }
        assert!(
            canonical("xq").contains("no language that is known"),
            "{}",
            canonical("xq")
        );
    }

    #[test]
    fn what_software_comes_in_is_taken_at_its_word() {
        let tags = [
            "ar", "bg", "ca", "cs", "da", "de", "el", "en", "es", "et", "eu", "fi", "fr", "gl", "he", "hi", "hr", "hu",
            "id", "is", "it", "ja", "kk", "ko", "lt", "lv", "ms", "nb", "nl", "nn", "pl", "pt", "ro", "ru", "sk", "sl",
            "sq", "sr", "sv", "th", "tr", "uk", "vi", "zh", "af", "be", "cy", "fa", "ga", "ka", "mk", "mt", "sw", "ta",
            "zu", "kok", "prs", "quz", "nso", "fil", "chr", "ku", "lb", "mi", "si", "tn", "tt", "ug", "xh", "yo", "my",
            "km", "lo", "am",
        ];
        for tag in tags {
            assert!(Language::parse(tag).is_ok(), "{}", canonical(tag));
        }
        for tag in ["sr-Latn-CS", "zh-HK", "es-MX", "ca-ES-valencia", "de-1996", "quz-PE"] {
            assert!(Language::parse(tag).is_ok(), "{}", canonical(tag));
        }
    }

    #[test]
    fn what_says_that_the_language_is_not_known_is_none() {
        for text in ["NaN", "unk", "TBD", "nil", "any", "all"] {
            let refused = canonical(text);
            assert!(refused.contains("leave it out when it is not known"), "{refused}");
        }
        assert_eq!(canonical("nan-TW"), "nan-TW");
    }

    #[test]
    fn what_was_recorded_stays_readable() {
        assert!(Language::parse("jp").is_err());
        assert_eq!(
            Language::parse_recorded("jp").map(|language| language.to_string()),
            Ok("jp".to_owned())
        );
    }

    #[test]
    fn what_is_no_language_says_how_to_write_one() {
        assert!(
            canonical("english").contains("such as `en-US`"),
            "{}",
            canonical("english")
        );
        assert!(canonical("en_US.UTF-8").contains("such as `en-US`"));
        for tag in ["und", "mul", "zxx"] {
            assert!(canonical(tag).contains("leave it out"), "{tag}");
        }
        assert!(canonical("en-u-ca-gregory").contains("without") || canonical("en-u-ca-gregory").contains("alone"));
    }
}
