//! Who is at the other end of a connection.

use std::{
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering::Relaxed},
    },
};

use jiff::Timestamp;
use tokio::sync::watch;
use x509_parser::{
    extensions::GeneralName,
    prelude::{FromDer as _, X509Certificate},
};

use crate::access::Kept;

/// The other end of a connection, as every call on it can see.
#[derive(Clone, Debug)]
pub struct Peer {
    /// Its address.
    pub address: SocketAddr,
    /// What its certificate says, if it had to show one.
    pub certificate: Option<Arc<Kept>>,
    /// Ends the connection.
    pub hang_up: HangUp,
    /// Whether anybody on it was let in.
    pub welcome: Welcome,
}

/// Whether a call of a connection was ever let in.
#[derive(Clone, Debug, Default)]
pub struct Welcome(Arc<AtomicBool>);

impl Welcome {
    /// One is.
    pub fn now(&self) {
        self.0.store(true, Relaxed);
    }

    pub(super) fn was(&self) -> bool {
        self.0.load(Relaxed)
    }
}

/// Ends a connection with every call on it.
#[derive(Clone, Debug)]
pub struct HangUp(Arc<watch::Sender<bool>>);

impl HangUp {
    pub(super) fn new() -> (Self, watch::Receiver<bool>) {
        let (told, heard) = watch::channel(false);
        (Self(Arc::new(told)), heard)
    }

    /// Ends it now.
    pub fn now(&self) {
        self.0.send_replace(true);
    }
}

/// What a certificate says: whom it names, and until when.
pub(super) fn read(certificate: &[u8]) -> Option<Kept> {
    let (_, certificate) = X509Certificate::from_der(certificate).ok()?;
    let mut names = Vec::new();
    if let Ok(Some(alternative)) = certificate.subject_alternative_name() {
        names.extend(alternative.value.general_names.iter().filter_map(|name| match name {
            GeneralName::DNSName(name) | GeneralName::URI(name) | GeneralName::RFC822Name(name) => {
                Some((*name).to_owned())
            }
            _ => None,
        }));
    }
    let common = certificate.subject().iter_common_name();
    names.extend(common.filter_map(|name| name.as_str().ok().map(ToOwned::to_owned)));
    let expires = Timestamp::from_second(certificate.validity().not_after.timestamp()).ok()?;
    Some(Kept { names, expires })
}

#[cfg(test)]
mod tests {
    use rcgen::{CertificateParams, DnType, KeyPair, SanType, date_time_ymd};

    use super::*;

    #[test]
    fn a_certificate_names_its_alternatives_before_its_common_name() {
        let mut params = CertificateParams::new(["configmgr.example.com".to_owned()]).unwrap();
        let uri = "spiffe://example.com/imaging".try_into().unwrap();
        let email = "imaging@example.com".try_into().unwrap();
        params
            .subject_alt_names
            .extend([SanType::URI(uri), SanType::Rfc822Name(email)]);
        params.distinguished_name.push(DnType::CommonName, "Imaging");
        params.not_after = date_time_ymd(2027, 1, 2);
        let certificate = params.self_signed(&KeyPair::generate().unwrap()).unwrap();
        let kept = read(certificate.der()).unwrap();
        let names = [
            "configmgr.example.com",
            "spiffe://example.com/imaging",
            "imaging@example.com",
        ];
        assert!(
            kept.names.starts_with(&names.map(ToOwned::to_owned)),
            "{:?}",
            kept.names
        );
        assert_eq!(kept.names.last().unwrap(), "Imaging");
        assert_eq!(kept.expires.to_string(), "2027-01-02T00:00:00Z");
        assert!(read(b"no certificate").is_none());
    }
}
