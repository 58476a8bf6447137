//! Who can reach the server.

use std::net::SocketAddr;

use super::{ConfigError, Settings};

impl Settings {
    /// The address to listen on, if listening there is safe or accepted: until callers authenticate, only this machine may
    /// reach the server unless the operator says otherwise.
    ///
    /// # Errors
    ///
    /// When the address is not a loopback address and `insecure` is not set.
    pub fn permitted_listen(&self) -> Result<SocketAddr, ConfigError> {
        let listen = self.listen.value;
        if listen.ip().to_canonical().is_loopback() || self.insecure.value {
            Ok(listen)
        } else {
            Err(ConfigError::Exposed(listen))
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::config::{Flags, Folders, Key, Settings};

    fn permitted(listen: &str, insecure: Option<&str>) -> Result<String, String> {
        let flags = Flags::default()
            .with(Key::Listen, Some(listen))
            .with(Key::Insecure, insecure)
            .with(Key::Database, Some("d.db"));
        let settings = Settings::load(&flags, [], &Folders::default()).unwrap();
        settings
            .permitted_listen()
            .map(|address| address.to_string())
            .map_err(|error| error.to_string())
    }

    #[test]
    fn loopback_needs_no_flag() {
        for listen in ["127.0.0.1:1", "127.9.9.9:1", "[::1]:1", "[::ffff:127.0.0.1]:1"] {
            assert!(permitted(listen, None).is_ok(), "{listen}");
        }
    }

    #[test]
    fn any_other_address_needs_the_flag_and_names_it() {
        for listen in ["0.0.0.0:1", "192.168.1.5:1", "[::]:1"] {
            let error = permitted(listen, None).unwrap_err();
            assert!(error.contains(listen) && error.contains("`--insecure`"), "{error}");
            assert_eq!(permitted(listen, Some("true")).as_deref(), Ok(listen));
            assert!(permitted(listen, Some("false")).is_err());
        }
    }
}
