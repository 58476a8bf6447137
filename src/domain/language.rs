//! Languages of products.

use std::fmt;

use icu_locale::{LanguageIdentifier, Locale, LocaleCanonicalizer};

/// Tags for several languages, for one without a code, and for none.
const NO_LANGUAGE: [&str; 3] = ["mul", "mis", "zxx"];

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
    /// Carries extensions, which say nothing of a product's language.
    #[error("`{0}` has extensions; write the language alone, such as `en-US`")]
    Extended(String),
    /// The tag for an undetermined language.
    #[error("`{0}` names no one language; write `mui` for several, or leave it out when it is not known")]
    Undetermined(String),
}

impl Language {
    /// Reads a BCP 47 tag, or `mui`, in any letter case, and brings it to canonical form.
    ///
    /// # Errors
    ///
    /// When the text is no tag, has extensions, or names no language.
    pub fn parse(text: &str) -> Result<Self, LanguageError> {
        let trimmed = text.trim();
        if trimmed.eq_ignore_ascii_case("mui") {
            return Ok(Self::Mui);
        }
        let mut locale = Locale::try_from_str(trimmed).map_err(|_| LanguageError::Malformed(text.to_owned()))?;
        if !locale.extensions.is_empty() {
            return Err(LanguageError::Extended(text.to_owned()));
        }
        LocaleCanonicalizer::new_common().canonicalize(&mut locale);
        if locale.id.language.is_unknown() || NO_LANGUAGE.contains(&locale.id.language.as_str()) {
            return Err(LanguageError::Undetermined(text.to_owned()));
        }
        Ok(Self::Tag(Box::new(locale.id)))
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
