//! Who can reach the server, and whether it would know them.

use std::{
    net::SocketAddr,
    path::{Path, PathBuf},
};

use super::{ConfigError, Key, Setting, Settings};

/// The files that make a server speak TLS.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TlsFiles {
    /// The certificate, with those that lead to its authority.
    pub certificate: PathBuf,
    /// Its key.
    pub key: PathBuf,
    /// Authorities of the certificates that every client must show; `None` where none has to.
    pub client_ca: Option<PathBuf>,
}

impl TlsFiles {
    /// All of them.
    #[must_use]
    pub fn all(&self) -> Vec<PathBuf> {
        let pair = [self.certificate.clone(), self.key.clone()];
        pair.into_iter().chain(self.client_ca.clone()).collect()
    }
}

impl Settings {
    /// The address to listen on, if listening there is safe or accepted: beyond this machine, only a server that speaks TLS and knows its
    /// callers is, unless the operator says otherwise.
    ///
    /// # Errors
    ///
    /// When it is not, or settings that belong together are not all there.
    pub fn permitted_listen(&self) -> Result<SocketAddr, ConfigError> {
        self.permitted(self.listen.value)
    }

    /// The address for calls over HTTP, if there is one, under the same rule.
    ///
    /// # Errors
    ///
    /// As for the other.
    pub fn permitted_http_listen(&self) -> Result<Option<SocketAddr>, ConfigError> {
        self.http_listen.value.map(|listen| self.permitted(listen)).transpose()
    }

    fn permitted(&self, listen: SocketAddr) -> Result<SocketAddr, ConfigError> {
        let has_tls = self.tls()?.is_some();
        if listen.ip().to_canonical().is_loopback() || self.insecure.value {
            return Ok(listen);
        }
        let missing = [
            (Key::TlsCertificateFile, has_tls),
            (Key::TlsKeyFile, has_tls),
            (Key::AccessFile, self.access_file.value.is_some()),
        ];
        let missing: Vec<String> = missing
            .iter()
            .filter(|(_, is_there)| !is_there)
            .map(|(key, _)| format!("{} FILE", key.flag()))
            .collect();
        if missing.is_empty() {
            return Ok(listen);
        }
        Err(ConfigError::Exposed {
            listen,
            missing: missing.join(" "),
        })
    }

    /// The files that make the server speak TLS, if it shall.
    ///
    /// # Errors
    ///
    /// When some are set and others are missing.
    pub fn tls(&self) -> Result<Option<TlsFiles>, ConfigError> {
        let certificate = (Key::TlsCertificateFile, &self.tls_certificate_file);
        let pair = pair(certificate, (Key::TlsKeyFile, &self.tls_key_file))?;
        let client_ca = self.client_ca_file.value.as_deref();
        let missing = match (pair, client_ca) {
            (None, Some(_)) => Some(Key::TlsCertificateFile),
            (Some(_), Some(_)) if self.access_file.value.is_none() => Some(Key::AccessFile),
            _ => None,
        };
        if let Some(missing) = missing {
            let set = Key::ClientCaFile;
            return Err(ConfigError::Alone { set, missing });
        }
        Ok(pair.map(|(certificate, key)| TlsFiles {
            certificate: certificate.to_owned(),
            key: key.to_owned(),
            client_ca: client_ca.map(ToOwned::to_owned),
        }))
    }

    /// The certificate that client commands show, with its key, if they do.
    ///
    /// # Errors
    ///
    /// When one is set without the other.
    pub fn client_identity(&self) -> Result<Option<(&Path, &Path)>, ConfigError> {
        let certificate = (Key::ClientCertificateFile, &self.client_certificate_file);
        pair(certificate, (Key::ClientKeyFile, &self.client_key_file))
    }
}

type FileSetting = Setting<Option<PathBuf>>;

/// Two files that are worth nothing without each other.
fn pair<'a>(
    (one_key, one): (Key, &'a FileSetting),
    (other_key, other): (Key, &'a FileSetting),
) -> Result<Option<(&'a Path, &'a Path)>, ConfigError> {
    let alone = |set, missing| Err(ConfigError::Alone { set, missing });
    match (one.value.as_deref(), other.value.as_deref()) {
        (Some(one), Some(other)) => Ok(Some((one, other))),
        (Some(_), None) => alone(one_key, other_key),
        (None, Some(_)) => alone(other_key, one_key),
        (None, None) => Ok(None),
    }
}

#[cfg(test)]
mod tests {
    use crate::config::{Flags, Folders, Key, Settings};

    fn settings(set: &[(Key, &str)]) -> Settings {
        let flags = set.iter().fold(
            Flags::default().with(Key::Database, Some("d.db")),
            |flags, (key, text)| flags.with(*key, Some(text)),
        );
        Settings::load(&flags, [], &Folders::default()).unwrap()
    }

    fn permitted(set: &[(Key, &str)]) -> Result<String, String> {
        settings(set)
            .permitted_listen()
            .map(|address| address.to_string())
            .map_err(|error| error.to_string())
    }

    #[test]
    fn loopback_needs_no_flag() {
        for listen in ["127.0.0.1:1", "127.9.9.9:1", "[::1]:1", "[::ffff:127.0.0.1]:1"] {
            assert!(permitted(&[(Key::Listen, listen)]).is_ok(), "{listen}");
        }
    }

    #[test]
    fn any_other_address_names_the_flags_that_are_missing() {
        for listen in ["0.0.0.0:1", "192.168.1.5:1", "[::]:1"] {
            let error = permitted(&[(Key::Listen, listen)]).unwrap_err();
            let all = "`--tls-certificate-file FILE --tls-key-file FILE --access-file FILE`";
            assert!(
                error.contains(listen) && error.contains(all) && error.contains("`--insecure`"),
                "{error}"
            );
            let access = [(Key::Listen, listen), (Key::AccessFile, "a")];
            let error = permitted(&access).unwrap_err();
            assert!(
                error.contains("`--tls-certificate-file FILE --tls-key-file FILE`"),
                "{error}"
            );
            let whole = [
                (Key::Listen, listen),
                (Key::AccessFile, "a"),
                (Key::TlsCertificateFile, "c"),
                (Key::TlsKeyFile, "k"),
            ];
            assert_eq!(permitted(&whole).as_deref(), Ok(listen));
            let accepted = [(Key::Listen, listen), (Key::Insecure, "true")];
            assert_eq!(permitted(&accepted).as_deref(), Ok(listen));
        }
    }

    #[test]
    fn calls_over_http_are_under_the_same_rule() {
        let permitted = |set: &[(Key, &str)]| settings(set).permitted_http_listen().map_err(|error| error.to_string());
        assert_eq!(permitted(&[]), Ok(None));
        assert!(permitted(&[(Key::HttpListen, "127.0.0.1:1")]).is_ok());
        let open = (Key::HttpListen, "0.0.0.0:1");
        let error = permitted(&[open]).unwrap_err();
        assert!(
            error.contains("0.0.0.0:1") && error.contains("--access-file"),
            "{error}"
        );
        assert!(permitted(&[open, (Key::Insecure, "true")]).is_ok());
    }

    #[test]
    fn what_belongs_together_is_refused_in_parts() {
        for (set, missing) in [
            (&[(Key::TlsCertificateFile, "c")][..], "`--tls-key-file`"),
            (&[(Key::TlsKeyFile, "k")], "`--tls-certificate-file`"),
            (&[(Key::ClientCaFile, "a")], "`--tls-certificate-file`"),
            (
                &[
                    (Key::ClientCaFile, "a"),
                    (Key::TlsCertificateFile, "c"),
                    (Key::TlsKeyFile, "k"),
                ],
                "`--access-file`",
            ),
        ] {
            let error = permitted(set).unwrap_err();
            assert!(error.contains(missing), "{error}");
        }
        let error = settings(&[(Key::ClientKeyFile, "k")]).client_identity().unwrap_err();
        assert!(error.to_string().contains("`--client-certificate-file`"), "{error}");
    }
}
