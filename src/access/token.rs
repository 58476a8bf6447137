//! Tokens: random, shown once, and known afterwards by their hash only.

use std::fmt;

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use sha2::{Digest as _, Sha256};
use subtle::{Choice, ConstantTimeEq as _};

use crate::audit::hexadecimal;

/// Begins every token, so that one is known from a JWT, and by those who search for secrets that got lost.
const PREFIX: &str = "rr_";
/// Bytes of chance in a token: it cannot be guessed, and so takes no slow hash.
const RANDOM_LEN: usize = 32;

/// A token.
#[derive(Clone)]
pub struct Token(String);

impl Token {
    /// A token of random bytes.
    #[must_use]
    pub fn of_random(bytes: [u8; RANDOM_LEN]) -> Self {
        Self(format!("{PREFIX}{}", URL_SAFE_NO_PAD.encode(bytes)))
    }

    /// What is shown of it, once.
    #[must_use]
    pub fn reveal(&self) -> &str {
        &self.0
    }

    /// What is kept of it.
    #[must_use]
    pub fn hash(&self) -> TokenHash {
        TokenHash::of(self.0.as_bytes())
    }

    /// Whether a bearer's credential is a token, and no JWT.
    pub(super) fn is_shaped(bearer: &[u8]) -> bool {
        bearer.starts_with(PREFIX.as_bytes())
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("Token")
    }
}

/// SHA-256 of a token.
#[derive(Clone, Copy, Debug)]
pub struct TokenHash([u8; 32]);

impl TokenHash {
    pub(super) fn of(token: &[u8]) -> Self {
        Self(Sha256::digest(token).into())
    }

    /// Reads 64 hexadecimal digits.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let mut hash = [0; 32];
        if text.len() != 64 || !text.is_ascii() {
            return None;
        }
        for (index, byte) in hash.iter_mut().enumerate() {
            let digits = text.get(index.checked_mul(2)?..)?.get(..2)?;
            *byte = u8::from_str_radix(digits, 16).ok()?;
        }
        // Signs, which that would take, are no digits.
        text.bytes().all(|byte| byte.is_ascii_hexdigit()).then_some(Self(hash))
    }

    /// Whether both are of one token, in a time that tells nothing of where they differ.
    pub(super) fn is(&self, other: &Self) -> Choice {
        self.0.ct_eq(&other.0)
    }
}

impl fmt::Display for TokenHash {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&hexadecimal(&self.0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_known_by_its_hash() {
        let token = Token::of_random([7; 32]);
        assert!(token.reveal().starts_with("rr_") && token.reveal().len() == 46);
        let hash = TokenHash::parse(&token.hash().to_string()).unwrap();
        assert!(bool::from(hash.is(&token.hash())));
        assert!(!bool::from(hash.is(&Token::of_random([8; 32]).hash())));
        assert_eq!(format!("{token:?}"), "Token");
    }

    #[test]
    fn only_sixty_four_digits_are_a_hash() {
        for text in ["", "ab", &"g".repeat(64), &"+1".repeat(32), &"é".repeat(32)] {
            assert!(TokenHash::parse(text).is_none(), "{text}");
        }
    }
}
