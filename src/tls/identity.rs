//! The server's certificate and whom it trusts, from files.

use std::{
    io,
    path::{Path, PathBuf},
    sync::Arc,
};

use jiff::Timestamp;
use rustls::{
    RootCertStore, ServerConfig,
    crypto::{CryptoProvider, aws_lc_rs},
    pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject},
    server::WebPkiClientVerifier,
};

use super::peer;
use crate::config::TlsFiles;

/// Why TLS cannot be spoken.
#[derive(Debug, thiserror::Error)]
pub enum TlsError {
    /// A file cannot be read.
    #[error("`{}` cannot be read: {source}", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// A file holds no PEM of the kind that is looked for.
    #[error("`{}` holds no {what} in PEM: {problem}", path.display())]
    Malformed {
        /// The file.
        path: PathBuf,
        /// What it should hold.
        what: &'static str,
        /// What is wrong.
        problem: String,
    },
    /// Certificate and key, or the authorities, are refused.
    #[error("`{}` cannot be used: {problem}", path.display())]
    Unusable {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        problem: String,
    },
}

/// What is spoken on a connection, as both ends agree in its handshake.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Speech {
    /// HTTP/2, which gRPC takes.
    Http2,
    /// HTTP/1.1.
    Http1,
}

/// What a server shows, and whom it trusts.
#[derive(Clone, Debug)]
pub struct Identity {
    http2: Arc<ServerConfig>,
    http1: Arc<ServerConfig>,
    /// From when the certificate is not valid any more.
    pub expires: Timestamp,
}

/// Names the cryptography of this process, which those who use TLS by themselves ask for.
pub fn provide() {
    // It is there already where this was called before.
    let _ = aws_lc_rs::default_provider().install_default();
}

impl Identity {
    /// Reads the files. Where authorities are named, whoever shows no certificate of theirs gets no connection.
    ///
    /// # Errors
    ///
    /// When a file is missing or wrong, or certificate and key do not belong together.
    pub fn load(files: &TlsFiles) -> Result<Self, TlsError> {
        let provider: Arc<CryptoProvider> = aws_lc_rs::default_provider().into();
        let unusable = |path: &Path, problem: String| TlsError::Unusable {
            path: path.to_owned(),
            problem,
        };
        let chain = certificates(&files.certificate)?;
        let expires = chain.first().and_then(|certificate| peer::read(certificate));
        let expires = expires.map(|kept| kept.expires);
        let expires = expires.ok_or_else(|| unusable(&files.certificate, "it is no X.509 certificate".to_owned()))?;
        let key = pem::<PrivateKeyDer<'static>>(&files.key, "private key", PrivateKeyDer::from_pem_slice)?;
        let builder = ServerConfig::builder_with_provider(Arc::clone(&provider))
            .with_safe_default_protocol_versions()
            .map_err(|error| unusable(&files.certificate, error.to_string()))?;
        let builder = match &files.client_ca {
            None => builder.with_no_client_auth(),
            Some(path) => {
                let mut roots = RootCertStore::empty();
                for certificate in certificates(path)? {
                    roots
                        .add(certificate)
                        .map_err(|error| unusable(path, error.to_string()))?;
                }
                let verifier = WebPkiClientVerifier::builder_with_provider(roots.into(), provider).build();
                builder.with_client_cert_verifier(verifier.map_err(|error| unusable(path, error.to_string()))?)
            }
        };
        let mut config = builder.with_single_cert(chain, key).map_err(|error| {
            unusable(
                &files.certificate,
                format!("{error}; is `{}` its key?", files.key.display()),
            )
        })?;
        let mut http1 = config.clone();
        http1.alpn_protocols = vec![b"http/1.1".to_vec()];
        config.alpn_protocols = vec![b"h2".to_vec()];
        Ok(Self {
            http2: config.into(),
            http1: http1.into(),
            expires,
        })
    }

    /// For the handshakes from now on.
    #[must_use]
    pub fn config(&self, speech: Speech) -> Arc<ServerConfig> {
        Arc::clone(match speech {
            Speech::Http2 => &self.http2,
            Speech::Http1 => &self.http1,
        })
    }
}

fn certificates(path: &Path) -> Result<Vec<CertificateDer<'static>>, TlsError> {
    pem(path, "certificate", |text| {
        let all: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(text).collect();
        match all {
            Ok(all) if all.is_empty() => Err(rustls::pki_types::pem::Error::NoItemsFound),
            all => all,
        }
    })
}

fn pem<T>(
    path: &Path,
    what: &'static str,
    read: impl FnOnce(&[u8]) -> Result<T, rustls::pki_types::pem::Error>,
) -> Result<T, TlsError> {
    let text = std::fs::read(path).map_err(|source| TlsError::Unreadable {
        path: path.to_owned(),
        source,
    })?;
    read(&text).map_err(|error| TlsError::Malformed {
        path: path.to_owned(),
        what,
        problem: error.to_string(),
    })
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn files_that_do_not_fit_are_named() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        let signed = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
        let other = rcgen::KeyPair::generate().unwrap();
        fs::write(at("c"), signed.cert.pem()).unwrap();
        fs::write(at("k"), signed.signing_key.serialize_pem()).unwrap();
        fs::write(at("other"), other.serialize_pem()).unwrap();
        fs::write(at("empty"), "").unwrap();
        let load = |certificate: &str, key: &str, client_ca: Option<&str>| {
            let loaded = Identity::load(&TlsFiles {
                certificate: at(certificate),
                key: at(key),
                client_ca: client_ca.map(at),
            });
            loaded
                .map(|identity| identity.expires)
                .map_err(|error| error.to_string())
        };
        assert!(load("c", "k", Some("c")).is_ok());
        for (certificate, key, client_ca, expected) in [
            ("gone", "k", None, "gone` cannot be read"),
            ("empty", "k", None, "empty` holds no certificate"),
            ("c", "c", None, "c` holds no private key"),
            ("c", "other", None, "other` its key?"),
            ("c", "k", Some("empty"), "empty` holds no certificate"),
        ] {
            let error = load(certificate, key, client_ca).unwrap_err();
            assert!(error.contains(expected), "{error}");
        }
    }
}
