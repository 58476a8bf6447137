//! The keys that sign checkpoints, and those that check them (C2SP signed-note, ed25519).

use std::{collections::BTreeMap, fmt, str::FromStr};

use base64::{Engine as _, prelude::BASE64_STANDARD};
use signed_note::{StandardSigner, StandardVerifier, VerificationError, Verifier as _, Verifiers};

use super::{Origin, OriginError};

/// Number of the algorithm ed25519 in the text of keys.
const ED25519: u8 = 1;
/// What the text of every signing key begins with.
pub(super) const SECRET_PREFIX: &str = "PRIVATE+KEY+";

/// Checks a log's checkpoints. Its text, the *vkey*, is public: `ORIGIN+HASH+KEY`.
#[derive(Clone)]
pub struct VerifierKey {
    origin: Origin,
    text: String,
    verifier: StandardVerifier,
}

/// Signs a log's checkpoints. Its text, `PRIVATE+KEY+ORIGIN+HASH+KEY`, is a secret; `Debug` does not show it.
#[derive(Clone)]
pub struct SigningKey {
    text: String,
    signer: StandardSigner,
    verifier: VerifierKey,
}

/// The keys that somebody trusts: those of several logs, and of one log those it had one after the other.
#[derive(Clone, Debug, Default)]
pub struct TrustedKeys {
    keys: BTreeMap<(String, u32), VerifierKey>,
    are_all: bool,
}

/// Why a text is no key. It never shows the text of a secret.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum KeyError {
    /// The text is no verifier key, or was changed on the way.
    #[error("`{0}` is no verifier key; copy it whole, as `ORIGIN+HASH+KEY`")]
    Verifier(String),
    /// The text is a signing key, a secret, where a verifier key was asked for.
    #[error("this is a signing key, which is secret; give the verifier key, `ORIGIN+HASH+KEY`")]
    Secret,
    /// The text is no signing key, or was changed on the way.
    #[error("this is no signing key; it is one line that begins with `PRIVATE+KEY+`")]
    Signing,
    /// The key is not named as a log is.
    #[error("the key is not that of a log")]
    Origin(#[from] OriginError),
}

impl VerifierKey {
    /// The log whose checkpoints it checks; also the key's name.
    #[must_use]
    pub fn origin(&self) -> &Origin {
        &self.origin
    }

    /// The vkey, `ORIGIN+HASH+KEY`.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Name and hash, `ORIGIN+HASH`, by which a signature tells whose it is.
    #[must_use]
    pub fn name(&self) -> String {
        key_name(self.verifier.name(), self.verifier.key_id())
    }
}

impl FromStr for VerifierKey {
    type Err = KeyError;

    fn from_str(text: &str) -> Result<Self, KeyError> {
        if text.starts_with(SECRET_PREFIX) {
            return Err(KeyError::Secret);
        }
        // One that was mistyped may be a secret all the same.
        let shown = if text.contains("KEY+") { "***" } else { text };
        let verifier = StandardVerifier::new(text).map_err(|_| KeyError::Verifier(shown.to_owned()))?;
        Ok(Self {
            origin: verifier.name().parse()?,
            text: text.to_owned(),
            verifier,
        })
    }
}

impl SigningKey {
    /// The key of a log, from 32 random bytes that nobody else knows.
    ///
    /// # Errors
    ///
    /// If the library that signs does not read the key as it was made here.
    pub fn generate(origin: &Origin, random: [u8; 32]) -> Result<Self, KeyError> {
        let public = ed25519_dalek::SigningKey::from_bytes(&random).verifying_key();
        let verifier: VerifierKey = signed_note::new_ed25519_verifier_key(origin.text(), &public).parse()?;
        let mut secret = vec![ED25519];
        secret.extend(random);
        let text = format!("{SECRET_PREFIX}{}+{}", verifier.name(), BASE64_STANDARD.encode(secret));
        let signer = StandardSigner::new(&text).map_err(|_| KeyError::Signing)?;
        Ok(Self { text, signer, verifier })
    }

    /// The log whose checkpoints it signs; also the key's name.
    #[must_use]
    pub fn origin(&self) -> &Origin {
        self.verifier.origin()
    }

    /// The secret.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// What checks its signatures.
    #[must_use]
    pub fn verifier(&self) -> &VerifierKey {
        &self.verifier
    }

    pub(super) fn signer(&self) -> &StandardSigner {
        &self.signer
    }
}

impl FromStr for SigningKey {
    type Err = KeyError;

    fn from_str(text: &str) -> Result<Self, KeyError> {
        let named = text.strip_prefix(SECRET_PREFIX).ok_or(KeyError::Signing)?;
        let mut parts = named.splitn(3, '+');
        let (Some(origin), Some(_), Some(key)) = (parts.next(), parts.next(), parts.next()) else {
            return Err(KeyError::Signing);
        };
        let secret = BASE64_STANDARD.decode(key).map_err(|_| KeyError::Signing)?;
        let Some((&ED25519, random)) = secret.split_first() else {
            return Err(KeyError::Signing);
        };
        let random = random.try_into().map_err(|_| KeyError::Signing)?;
        // Made anew, the text must be the same, hash included.
        let key = Self::generate(&origin.parse()?, random)?;
        if key.text == text {
            Ok(key)
        } else {
            Err(KeyError::Signing)
        }
    }
}

impl TrustedKeys {
    /// No keys.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Whether no key is trusted.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.keys.is_empty()
    }

    /// The keys.
    pub fn iter(&self) -> impl Iterator<Item = &VerifierKey> {
        self.keys.values()
    }

    /// The same keys, known to be all that there ever were: whoever else signed had no right to.
    #[must_use]
    pub fn and_no_others(self) -> Self {
        Self { are_all: true, ..self }
    }

    /// Whether there were never others.
    #[must_use]
    pub fn are_all(&self) -> bool {
        self.are_all
    }
}

impl FromIterator<VerifierKey> for TrustedKeys {
    fn from_iter<T: IntoIterator<Item = VerifierKey>>(keys: T) -> Self {
        let named = |key: VerifierKey| ((key.verifier.name().to_owned(), key.verifier.key_id()), key);
        Self {
            keys: keys.into_iter().map(named).collect(),
            are_all: false,
        }
    }
}

impl Verifiers for TrustedKeys {
    fn verifier(&self, name: &str, id: u32) -> Result<&dyn signed_note::Verifier, VerificationError> {
        match self.keys.get(&(name.to_owned(), id)) {
            Some(key) => Ok(&key.verifier),
            None => Err(VerificationError::UnknownKey {
                name: name.to_owned(),
                id,
            }),
        }
    }
}

/// How a key is named where its signature stands, `ORIGIN+HASH`.
pub(super) fn key_name(name: &str, id: u32) -> String {
    format!("{name}+{id:08x}")
}

impl PartialEq for VerifierKey {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text
    }
}

impl Eq for VerifierKey {}

impl fmt::Display for VerifierKey {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.text)
    }
}

impl fmt::Debug for VerifierKey {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.text)
    }
}

impl fmt::Debug for SigningKey {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "SigningKey({}, secret)", self.verifier.name())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::audit::Log;

    fn key() -> SigningKey {
        let origin = Origin::new("imaging.example.com/rights", Log::Decisions).unwrap();
        SigningKey::generate(&origin, [7; 32]).unwrap()
    }

    #[test]
    fn keys_are_read_from_their_texts() {
        let key = key();
        let again: SigningKey = key.text().parse().unwrap();
        assert_eq!(again.text(), key.text());
        assert_eq!(again.verifier(), key.verifier());
        assert_eq!(key.verifier().text().parse().as_ref(), Ok(key.verifier()));
        assert_eq!(key.verifier().origin(), key.origin());
    }

    #[test]
    fn keys_whose_texts_hold_the_sign_that_parts_them_are_read_too() {
        let origin = Origin::new("example.com", Log::Operations).unwrap();
        let keys = (0..=255).map(|seed| SigningKey::generate(&origin, [seed; 32]).unwrap());
        let (mut secret, mut public) = (0, 0);
        for key in keys {
            secret += usize::from(key.text().matches('+').count() > 4);
            public += usize::from(key.verifier().text().matches('+').count() > 2);
            assert_eq!(key.text().parse::<SigningKey>().unwrap().text(), key.text());
            assert_eq!(key.verifier().text().parse().as_ref(), Ok(key.verifier()));
        }
        assert!(secret > 0 && public > 0, "{secret} {public}");
    }

    #[test]
    fn the_texts_of_keys_are_those_of_the_specification() {
        let key = key();
        assert_eq!(
            key.verifier().text(),
            "imaging.example.com/rights/decisions+21417477+AepKbGPinFIKvvVQexMuxfmVR3auvr57kkIe6mkURtIs"
        );
        assert_eq!(
            key.text(),
            "PRIVATE+KEY+imaging.example.com/rights/decisions+21417477+AQcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcH"
        );
    }

    #[test]
    fn a_key_with_any_sign_changed_is_refused() {
        let key = key();
        for (text, signing) in [(key.verifier().text(), false), (key.text(), true)] {
            for place in 0..text.len() {
                let mut other = text.as_bytes().to_vec();
                other[place] = if other[place] == b'A' { b'B' } else { b'A' };
                let other = String::from_utf8(other).unwrap();
                let refused = if signing {
                    other.parse::<SigningKey>().is_err()
                } else {
                    other.parse::<VerifierKey>().is_err()
                };
                assert!(refused, "{place}");
            }
        }
        for text in [
            "",
            "+",
            "PRIVATE+KEY+a/decisions+00000000+",
            "a+b+c",
            "a/b+00000000+AQ==",
        ] {
            assert!(text.parse::<VerifierKey>().is_err(), "{text}");
            assert!(text.parse::<SigningKey>().is_err(), "{text}");
        }
    }

    #[test]
    fn a_secret_shows_in_no_error_and_no_debug_text() {
        let key = key();
        let secret = BASE64_STANDARD.encode([7; 32]);
        let cut = &key.text()[..key.text().len() - 2];
        assert!(!format!("{key:?}").contains(&secret[..20]));
        let unnamed = &key.text()["PRIVATE+KEY+".len()..];
        for text in [cut, unnamed] {
            assert_eq!(text.parse::<SigningKey>().unwrap_err(), KeyError::Signing);
        }
        assert_eq!(key.text().parse::<VerifierKey>(), Err(KeyError::Secret));
    }
}
