//! Why somebody was not let in, for the operator's log: the caller is not told.

/// Why credentials were not taken.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Denial {
    /// None were given.
    #[error("no credentials")]
    Missing,
    /// They are in no form that is known.
    #[error("the authorization is no bearer token")]
    Malformed,
    /// The token is nobody's.
    #[error("an unknown token")]
    UnknownToken,
    /// The token was somebody's.
    #[error("the token of `{0}` has expired")]
    ExpiredToken(String),
    /// The JWT is not taken.
    #[error("a JWT that is not taken: {0}")]
    Jwt(String),
    /// There is a certificate, and none of its names is in the file.
    #[error("a certificate that the access file does not name: `{0}`")]
    UnknownCertificate(String),
    /// The certificate was right when the connection was made.
    #[error("the certificate of `{0}` has expired since it connected")]
    ExpiredCertificate(String),
}
