//! What a log had come to: size and root, signed (C2SP tlog-checkpoint).

use signed_note::{Note, NoteError, Signature};

use super::{Hash, Origin, OriginError, SIZE_MAX, SigningKey, TrustedKeys, key::key_name};

/// A log's size and root at a moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checkpoint {
    /// Which log.
    pub origin: Origin,
    /// Leaves of its tree.
    pub size: u64,
    /// The root over them.
    pub root: Hash,
    /// Lines that follow, signed too; empty in what this program writes today.
    pub extensions: Vec<String>,
}

/// Why there is no checkpoint to be believed.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum CheckpointError {
    /// The text has not the form of a signed checkpoint.
    #[error("this is no signed checkpoint; it has an origin, a size and a root, an empty line, and signatures")]
    Form,
    /// The first line is no log's origin.
    #[error("the checkpoint is not that of a log")]
    Origin(#[from] OriginError),
    /// No tree here has this size.
    #[error("the checkpoint's size {0} is larger than any log can be here")]
    Size(u64),
    /// Nobody trusted signed it.
    #[error(
        "the checkpoint is signed by {signers}, and none of the keys given is that; give the verifier key of its log"
    )]
    UnknownKey {
        /// Names of the keys that signed, as `ORIGIN+HASH`.
        signers: String,
    },
    /// The signature of a trusted key is not over this text.
    #[error("the signature of `{key}` is not over this checkpoint: it was changed, or the signature was")]
    Signature {
        /// The key's name, as `ORIGIN+HASH`.
        key: String,
    },
    /// The key that signed is trusted, but for another log.
    #[error("the checkpoint of `{origin}` is signed for another log")]
    OtherLog {
        /// The log that the checkpoint names.
        origin: String,
    },
}

impl Checkpoint {
    /// The signed note: the checkpoint, and a signature by the key.
    ///
    /// # Errors
    ///
    /// If the key is that of another log, or an extension is empty or of more than one line.
    pub fn sign(&self, key: &SigningKey) -> Result<String, CheckpointError> {
        if *key.origin() != self.origin {
            let origin = self.origin.to_string();
            return Err(CheckpointError::OtherLog { origin });
        }
        let mut note = Note::new(&self.text()?, &[]).map_err(|_| CheckpointError::Form)?;
        note.add_sigs(&[key.signer()]).map_err(|_| CheckpointError::Form)?;
        String::from_utf8(note.to_bytes()).map_err(|_| CheckpointError::Form)
    }

    /// The text that is signed.
    fn text(&self) -> Result<Vec<u8>, CheckpointError> {
        if self.size > SIZE_MAX {
            return Err(CheckpointError::Size(self.size));
        }
        if self.extensions.iter().any(|line| line.contains(char::is_control)) {
            return Err(CheckpointError::Form);
        }
        let extensions = self.extensions.iter().flat_map(|line| [line.as_str(), "\n"]);
        let extensions: String = extensions.collect();
        tlog_tiles::Checkpoint::new(self.origin.text(), self.size, self.root.into(), &extensions)
            .map(|theirs| theirs.to_bytes())
            .map_err(|_| CheckpointError::Form)
    }

    /// What a note says of itself, whoever signed it: to be compared, not to be believed.
    ///
    /// # Errors
    ///
    /// If it has not the form of a signed checkpoint.
    pub fn claimed(note: &[u8]) -> Result<Self, CheckpointError> {
        let parsed = Note::from_bytes(note).map_err(|_| CheckpointError::Form)?;
        Self::parse(parsed.text())
    }

    /// Reads the text that is signed; every checkpoint has one text.
    fn parse(text: &[u8]) -> Result<Self, CheckpointError> {
        let theirs = tlog_tiles::Checkpoint::from_bytes(text).map_err(|_| CheckpointError::Form)?;
        let checkpoint = Self {
            origin: theirs.origin().parse()?,
            size: theirs.size(),
            root: (*theirs.hash()).into(),
            extensions: theirs.extension().lines().map(str::to_owned).collect(),
        };
        if checkpoint.text()? == text {
            Ok(checkpoint)
        } else {
            Err(CheckpointError::Form)
        }
    }
}

impl TrustedKeys {
    /// Opens a signed checkpoint: what it says is believed if a trusted key of the log that it names has signed it. Signatures of
    /// unknown keys beside that do not count.
    ///
    /// # Errors
    ///
    /// If it is no signed checkpoint, nobody trusted signed it, or the text is not what was signed.
    pub fn open(&self, note: &[u8]) -> Result<Checkpoint, CheckpointError> {
        let parsed = Note::from_bytes(note).map_err(|_| CheckpointError::Form)?;
        let verified = match parsed.verify(self) {
            Ok((verified, _)) => verified,
            Err(NoteError::UnverifiedNote) => {
                let signers = format!("`{}`", signers(note).join("`, `"));
                return Err(CheckpointError::UnknownKey { signers });
            }
            Err(NoteError::InvalidSignature { name, id }) => {
                let key = key_name(&name, id);
                return Err(CheckpointError::Signature { key });
            }
            Err(_) => return Err(CheckpointError::Form),
        };
        let checkpoint = Checkpoint::parse(parsed.text())?;
        if verified
            .iter()
            .any(|signature| signature.name() == checkpoint.origin.text())
        {
            Ok(checkpoint)
        } else {
            let origin = checkpoint.origin.to_string();
            Err(CheckpointError::OtherLog { origin })
        }
    }
}

/// The names of the keys that signed a note, as `ORIGIN+HASH`, trusted or not. Whether the signatures are right is not looked at.
#[must_use]
pub fn signers(note: &[u8]) -> Vec<String> {
    let signatures = note.split(|byte| *byte == b'\n').rev().skip(1);
    let mut names: Vec<String> = signatures
        .map_while(|line| Signature::from_bytes(line).ok())
        .map(|signature| key_name(signature.name(), signature.id()))
        .collect();
    names.reverse();
    names
}

#[cfg(test)]
mod tests;
