//! What client commands show a server, and whom they believe.

use std::{fs, path::Path, time::Duration};

use anyhow::Context as _;
use rustls::pki_types::{CertificateDer, pem::PemObject as _};
use tonic::{
    Request, Status,
    metadata::{Ascii, MetadataValue},
    service::Interceptor,
    transport::{Certificate, ClientTlsConfig, Endpoint, Identity, Uri},
};

use crate::{
    config::{ConfigError, Key, Settings},
    tls,
};

/// How long somebody who only asks how a server is waits for it.
const REACH_MAX: Duration = Duration::from_secs(5);

/// Shows a token with each call, where there is one.
#[derive(Clone, Debug, Default)]
pub struct Bearer(Option<MetadataValue<Ascii>>);

impl Bearer {
    /// The token that the settings name for a server.
    ///
    /// # Errors
    ///
    /// When it cannot be read, or would go to another machine for all to see.
    pub(super) fn of(settings: &Settings, server: &Uri) -> anyhow::Result<Self> {
        let token = match (&settings.token.value, &settings.token_file.value) {
            (Some(token), None) => token.reveal().to_owned(),
            (None, Some(path)) => read(Key::TokenFile, path)?.trim().to_owned(),
            (Some(_), Some(_)) => {
                let (one, other) = (Key::Token, Key::TokenFile);
                return Err(ConfigError::Both { one, other }.into());
            }
            (None, None) => return Ok(Self(None)),
        };
        let is_safe = server.scheme_str() == Some("https") || is_here(server);
        if !is_safe && !settings.insecure.value {
            return Err(ConfigError::Revealed(server.to_string()).into());
        }
        let mut shown: MetadataValue<Ascii> = format!("Bearer {token}").parse().map_err(|_| ConfigError::NoToken)?;
        shown.set_sensitive(true);
        Ok(Self(Some(shown)))
    }
}

impl Interceptor for Bearer {
    fn call(&mut self, mut request: Request<()>) -> Result<Request<()>, Status> {
        if let Some(shown) = &self.0 {
            request.metadata_mut().insert("authorization", shown.clone());
        }
        Ok(request)
    }
}

/// Whether a server is on this machine.
fn is_here(server: &Uri) -> bool {
    let host = server.host().unwrap_or_default();
    let host = host.trim_start_matches('[').trim_end_matches(']');
    let address = host.parse::<std::net::IpAddr>();
    host == "localhost" || address.is_ok_and(|address| address.to_canonical().is_loopback())
}

/// The way to a server, encrypted where its URL says so.
pub(super) fn endpoint(settings: &Settings, server: Uri) -> anyhow::Result<Endpoint> {
    let is_encrypted = server.scheme_str() == Some("https");
    let endpoint = Endpoint::from(server);
    if !is_encrypted {
        return Ok(endpoint);
    }
    tls::provide();
    let mut trust = match &settings.server_ca_file.value {
        Some(path) => ClientTlsConfig::new().ca_certificate(authorities(path)?),
        None => ClientTlsConfig::new().with_native_roots(),
    };
    if let Some((certificate, key)) = settings.client_identity()? {
        trust = trust.identity(Identity::from_pem(
            read(Key::ClientCertificateFile, certificate)?,
            read(Key::ClientKeyFile, key)?,
        ));
    }
    endpoint
        .tls_config(trust)
        .context("TLS cannot be spoken with these files")
}

/// The same for somebody who does not wait.
pub(super) fn hurried(endpoint: Endpoint) -> Endpoint {
    endpoint.connect_timeout(REACH_MAX).timeout(REACH_MAX)
}

/// Authorities of servers. A file without any would be taken for one whose authorities issued nothing.
fn authorities(path: &Path) -> Result<Certificate, ConfigError> {
    let key = Key::ServerCaFile;
    let text = read(key, path)?;
    match CertificateDer::pem_slice_iter(text.as_bytes()).next() {
        Some(Ok(_)) => Ok(Certificate::from_pem(text)),
        Some(Err(_)) | None => Err(ConfigError::NoCertificate {
            key,
            path: path.to_owned(),
        }),
    }
}

fn read(key: Key, path: &Path) -> Result<String, ConfigError> {
    fs::read_to_string(path).map_err(|source| ConfigError::FileUnreadable {
        key,
        path: path.to_owned(),
        source,
    })
}
