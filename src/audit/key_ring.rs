//! The keys of an installation: one that signs for each log, and those that signed before.

use std::{fmt::Write as _, str::FromStr};

use super::{KeyError, Log, Origin, SigningKey, TrustedKeys, VerifierKey, key::SECRET_PREFIX};

/// The keys of an installation. Its text is a secret, one key a line; `Debug` does not show it.
#[derive(Clone, Debug)]
pub struct KeyRing {
    decisions: SigningKey,
    operations: SigningKey,
    retired: Vec<VerifierKey>,
}

/// Why a text holds no keys of an installation. It never shows the text of a secret.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum KeyRingError {
    /// A line is no key.
    #[error("line {line}: {problem}")]
    Line {
        /// Its number, from 1.
        line: usize,
        /// What is wrong with it.
        problem: KeyError,
    },
    /// A log has no key to sign with, or more than one.
    #[error("the log of {0} has not exactly one signing key")]
    Signing(Log),
    /// The keys are of more than one installation.
    #[error("`{0}` is a key of another installation than the others")]
    Installation(String),
}

impl KeyRing {
    /// New keys for an installation of this name, from 32 random bytes for each log that nobody else knows.
    ///
    /// # Errors
    ///
    /// If the name cannot name a log.
    pub fn generate(installation: &str, mut random: impl FnMut() -> [u8; 32]) -> Result<Self, KeyError> {
        let mut key = |log| SigningKey::generate(&Origin::new(installation, log)?, random());
        Ok(Self {
            decisions: key(Log::Decisions)?,
            operations: key(Log::Operations)?,
            retired: Vec::new(),
        })
    }

    /// The same installation with new keys; the present ones are kept for checking what they signed.
    ///
    /// # Errors
    ///
    /// If a key cannot be made.
    pub fn rotated(&self, random: impl FnMut() -> [u8; 32]) -> Result<Self, KeyError> {
        let mut rotated = Self::generate(self.installation(), random)?;
        rotated.retired = Log::ALL.map(|log| self.of(log).verifier().clone()).into();
        rotated.retired.extend(self.retired.iter().cloned());
        Ok(rotated)
    }

    /// The installation's name.
    #[must_use]
    pub fn installation(&self) -> &str {
        self.decisions.origin().installation()
    }

    /// The key that signs for a log.
    #[must_use]
    pub fn of(&self, log: Log) -> &SigningKey {
        match log {
            Log::Decisions => &self.decisions,
            Log::Operations => &self.operations,
        }
    }

    /// The keys that check, those that sign today first.
    pub fn verifiers(&self) -> impl Iterator<Item = &VerifierKey> {
        let present = Log::ALL.into_iter().map(|log| self.of(log).verifier());
        present.chain(&self.retired)
    }

    /// All of them, to be trusted, and no others: a file keeps every key that it ever had.
    #[must_use]
    pub fn trusted(&self) -> TrustedKeys {
        self.verifiers().cloned().collect::<TrustedKeys>().and_no_others()
    }

    /// The secret text.
    #[must_use]
    pub fn text(&self) -> String {
        let mut text = format!(
            "# Signing keys of `{}`. Secret: whoever has them can sign checkpoints in its name.\n",
            self.installation()
        );
        for log in Log::ALL {
            // Writing to a string does not fail.
            let _ = writeln!(text, "{}", self.of(log).text());
        }
        if !self.retired.is_empty() {
            text.push_str("# Keys that signed before, for checking what they signed.\n");
        }
        for key in &self.retired {
            let _ = writeln!(text, "{key}");
        }
        text
    }
}

impl FromStr for KeyRing {
    type Err = KeyRingError;

    fn from_str(text: &str) -> Result<Self, KeyRingError> {
        let (mut signing, mut retired) = (Vec::new(), Vec::new());
        for (line, key) in (1..).zip(text.lines().map(str::trim)) {
            // A line that was damaged may be a secret all the same.
            let problem = |problem| {
                let problem = match problem {
                    KeyError::Verifier(_) => KeyError::Verifier("***".to_owned()),
                    other => other,
                };
                KeyRingError::Line { line, problem }
            };
            if key.is_empty() || key.starts_with('#') {
                continue;
            }
            if key.starts_with(SECRET_PREFIX) {
                signing.push(key.parse::<SigningKey>().map_err(problem)?);
            } else {
                retired.push(key.parse::<VerifierKey>().map_err(problem)?);
            }
        }
        let one = |log| {
            let mut of_log = signing.iter().filter(|key| key.origin().log() == log);
            match (of_log.next(), of_log.next()) {
                (Some(key), None) => Ok(key.clone()),
                _ => Err(KeyRingError::Signing(log)),
            }
        };
        let ring = Self {
            decisions: one(Log::Decisions)?,
            operations: one(Log::Operations)?,
            retired,
        };
        let stranger = ring
            .verifiers()
            .find(|key| key.origin().installation() != ring.installation());
        match stranger {
            Some(key) => Err(KeyRingError::Installation(key.name())),
            None => Ok(ring),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ring(seed: u8) -> KeyRing {
        let mut next = seed;
        KeyRing::generate("example.com/rights", || {
            next += 1;
            [next; 32]
        })
        .unwrap()
    }

    #[test]
    fn keys_are_read_from_their_text() {
        let once = ring(0);
        let twice = once.rotated(|| [9; 32]).unwrap();
        for ring in [&once, &twice] {
            let again: KeyRing = ring.text().parse().unwrap();
            assert_eq!(again.text(), ring.text());
            assert!(again.verifiers().eq(ring.verifiers()));
        }
        assert_eq!(once.installation(), "example.com/rights");
    }

    #[test]
    fn keys_that_signed_before_are_still_trusted() {
        let once = ring(0);
        let twice = once.rotated(|| [9; 32]).unwrap();
        let verifiers: Vec<_> = twice.verifiers().collect();
        assert_eq!(verifiers.len(), 4);
        assert!(once.verifiers().all(|key| verifiers.contains(&key)));
        assert_ne!(twice.of(Log::Decisions).text(), once.of(Log::Decisions).text());
    }

    #[test]
    fn a_log_has_one_signing_key_and_all_are_of_one_installation() {
        let text = ring(0).text();
        let without: String = text
            .lines()
            .filter(|line| !line.contains("/operations"))
            .collect::<Vec<_>>()
            .join("\n");
        assert_eq!(
            without.parse::<KeyRing>().unwrap_err(),
            KeyRingError::Signing(Log::Operations)
        );
        let twice = format!("{text}{}", ring(5).text());
        assert_eq!(
            twice.parse::<KeyRing>().unwrap_err(),
            KeyRingError::Signing(Log::Decisions)
        );
        let other = KeyRing::generate("other.example", || [1; 32]).unwrap();
        let mixed = format!("{text}{}\n", other.of(Log::Decisions).verifier());
        assert!(matches!(mixed.parse::<KeyRing>(), Err(KeyRingError::Installation(_))));
    }

    #[test]
    fn a_wrong_line_is_named_and_no_secret_shown() {
        let text = ring(0).text();
        let cut = &text[..text.len() - 3];
        let error = cut.parse::<KeyRing>().unwrap_err().to_string();
        assert!(error.starts_with("line 3: "), "{error}");
        assert!(!error.contains("PRIVATE+KEY+example"), "{error}");
        let quoted = text.replacen("PRIVATE", "\"PRIVATE", 1);
        let error = quoted.parse::<KeyRing>().unwrap_err().to_string();
        assert!(
            error.starts_with("line 2: ") && !error.contains("example.com"),
            "{error}"
        );
        assert!(!format!("{:?}", ring(0)).contains("PRIVATE"));
    }
}
