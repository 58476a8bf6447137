//! Whom a command believes to be the server, and what it shows.

use clap::{Args, ValueHint};

use crate::config::{Flags, Key};

/// How a command and a server know each other.
#[derive(Args, Debug, Default)]
#[expect(clippy::struct_field_names, reason = "each names a file, as its flag does")]
pub(super) struct CredentialArgs {
    #[arg(
        long,
        value_name = "FILE",
        value_hint = ValueHint::FilePath,
        help_heading = "Credentials",
        help = "Believe a server whose certificate is from these authorities, in PEM [env: REIMAGE_RIGHTS_SERVER_CA_FILE] [default: those of the platform]"
    )]
    server_ca_file: Option<String>,
    #[arg(
        long,
        value_name = "FILE",
        value_hint = ValueHint::FilePath,
        help_heading = "Credentials",
        help = "Show the token in this file [env: REIMAGE_RIGHTS_TOKEN_FILE]"
    )]
    token_file: Option<String>,
    #[arg(
        long,
        value_name = "FILE",
        value_hint = ValueHint::FilePath,
        help_heading = "Credentials",
        help = "Show this certificate, in PEM [env: REIMAGE_RIGHTS_CLIENT_CERTIFICATE_FILE]"
    )]
    client_certificate_file: Option<String>,
    #[arg(
        long,
        value_name = "FILE",
        value_hint = ValueHint::FilePath,
        help_heading = "Credentials",
        help = "The key of that certificate, in PEM [env: REIMAGE_RIGHTS_CLIENT_KEY_FILE]"
    )]
    client_key_file: Option<String>,
}

impl CredentialArgs {
    /// Adds what these arguments set.
    pub(super) fn flags(&self, flags: Flags) -> Flags {
        flags
            .with(Key::ServerCaFile, self.server_ca_file.as_deref())
            .with(Key::TokenFile, self.token_file.as_deref())
            .with(Key::ClientCertificateFile, self.client_certificate_file.as_deref())
            .with(Key::ClientKeyFile, self.client_key_file.as_deref())
    }
}
