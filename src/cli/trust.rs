//! Who may call a server, and what it shows them.

use clap::{Args, ValueHint};

use crate::config::{Flags, Key};

/// Files that say who is let in, and how a server is known.
#[derive(Args, Debug, Default)]
pub(super) struct TrustArgs {
    #[arg(
        long,
        value_name = "FILE",
        value_hint = ValueHint::FilePath,
        help_heading = "Trust",
        help = "Let in whom this file names, and for what; read again when it changes [env: REIMAGE_RIGHTS_ACCESS_FILE]"
    )]
    access_file: Option<String>,
    #[arg(
        long,
        value_name = "FILE",
        value_hint = ValueHint::FilePath,
        help_heading = "Trust",
        help = "Show this certificate, with those that lead to its authority, in PEM; read again when it changes [env: REIMAGE_RIGHTS_TLS_CERTIFICATE_FILE]"
    )]
    tls_certificate_file: Option<String>,
    #[arg(
        long,
        value_name = "FILE",
        value_hint = ValueHint::FilePath,
        help_heading = "Trust",
        help = "The key of that certificate, in PEM [env: REIMAGE_RIGHTS_TLS_KEY_FILE]"
    )]
    tls_key_file: Option<String>,
    #[arg(
        long,
        value_name = "FILE",
        value_hint = ValueHint::FilePath,
        help_heading = "Trust",
        help = "Take only clients who show a certificate of these authorities, in PEM [env: REIMAGE_RIGHTS_CLIENT_CA_FILE]"
    )]
    client_ca_file: Option<String>,
    #[arg(
        long,
        help_heading = "Trust",
        help = "Accept an address that other machines can reach without TLS or an access file [env: REIMAGE_RIGHTS_INSECURE]"
    )]
    insecure: bool,
}

impl TrustArgs {
    /// Adds what these arguments set.
    pub(super) fn flags(&self, flags: Flags) -> Flags {
        flags
            .with(Key::AccessFile, self.access_file.as_deref())
            .with(Key::TlsCertificateFile, self.tls_certificate_file.as_deref())
            .with(Key::TlsKeyFile, self.tls_key_file.as_deref())
            .with(Key::ClientCaFile, self.client_ca_file.as_deref())
            .with(Key::Insecure, self.insecure.then_some("true"))
    }
}
