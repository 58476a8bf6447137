//! Where a server is put: what would keep it from starting, as far as the settings show it.

use std::net::{IpAddr, SocketAddr};

use super::{ConfigError, Key, Settings};

impl Settings {
    /// That each listener has an address of its own, and each file that is written a path of its own, which is no folder.
    ///
    /// # Errors
    ///
    /// When it is not so.
    pub fn placed(&self) -> Result<(), ConfigError> {
        self.apart()?;
        let files = [
            (Key::Database, Some(self.database.value.path())),
            (Key::KeyFile, self.key_file.value.as_deref()),
            (Key::CheckpointFile, self.checkpoint_file.value.as_deref()),
        ];
        for (place, (other, path)) in files.iter().enumerate() {
            let mut before = files.iter().take(place);
            if let Some((one, Some(path))) = before.find(|(_, before)| path.is_some() && before == path) {
                let (one, other, path) = (*one, *other, path.to_path_buf());
                return Err(ConfigError::OneFile { one, other, path });
            }
        }
        for (key, path) in files {
            if let Some(path) = path.filter(|path| path.is_dir()) {
                let path = path.to_owned();
                return Err(ConfigError::Folder { key, path });
            }
        }
        Ok(())
    }

    fn apart(&self) -> Result<(), ConfigError> {
        let listeners = [
            (Key::Listen, Some(self.listen.value)),
            (Key::HttpListen, self.http_listen.value),
            (Key::TilesListen, self.tiles_listen.value),
            (Key::AdminListen, self.admin_listen.value),
        ];
        let mut taken: Vec<(Key, SocketAddr)> = Vec::new();
        for (other, address) in listeners {
            let Some(address) = address else { continue };
            if let Some((one, _)) = taken.iter().find(|(_, before)| clash(*before, address)) {
                let one = *one;
                return Err(ConfigError::Taken { one, other, address });
            }
            taken.push((other, address));
        }
        Ok(())
    }
}

/// Whether one address is taken where the other is. Port 0 is any that is free. Whether the one that stands for all of IPv6 takes those of IPv4, the
/// operating system is set to.
fn clash(one: SocketAddr, other: SocketAddr) -> bool {
    let has_all = |all: IpAddr, one: IpAddr| all.is_unspecified() && all.is_ipv4() == one.is_ipv4();
    let (a, b) = (one.ip(), other.ip());
    one.port() == other.port() && one.port() != 0 && (a == b || has_all(a, b) || has_all(b, a))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::{Flags, Folders};

    fn placed(set: &[(Key, &str)]) -> Result<(), String> {
        let flags = set.iter().fold(
            Flags::default().with(Key::Database, Some("d.db")),
            |flags, (key, text)| flags.with(*key, Some(text)),
        );
        let settings = Settings::load(&flags, [], &Folders::default()).unwrap();
        settings.placed().map_err(|error| error.to_string())
    }

    #[test]
    fn no_two_settings_name_one_file() {
        let error = placed(&[(Key::KeyFile, "same"), (Key::CheckpointFile, "same")]).unwrap_err();
        assert_eq!(
            error,
            "`key_file` and `checkpoint_file` are both `same`; give each a file of its own"
        );
        let error = placed(&[(Key::CheckpointFile, "d.db")]).unwrap_err();
        assert!(
            error.starts_with("`database` and `checkpoint_file` are both `"),
            "{error}"
        );
        placed(&[(Key::KeyFile, "keys"), (Key::CheckpointFile, "checkpoints")]).unwrap();
    }

    #[test]
    fn no_two_listeners_have_one_address() {
        let (http, admin) = (Key::HttpListen, Key::AdminListen);
        for (one, other) in [
            ("127.0.0.1:8080", "127.0.0.1:8080"),
            ("0.0.0.0:8080", "127.0.0.1:8080"),
            ("127.0.0.1:8080", "0.0.0.0:8080"),
            ("[::]:8080", "[::1]:8080"),
        ] {
            let error = placed(&[(http, one), (admin, other)]).unwrap_err();
            assert!(
                error.contains("`--http-listen`") && error.contains("`--admin-listen`") && error.contains(other),
                "{error}"
            );
        }
        for (one, other) in [
            ("127.0.0.1:8080", "127.0.0.1:8081"),
            ("127.0.0.1:8080", "127.0.0.2:8080"),
            ("127.0.0.1:0", "127.0.0.1:0"),
            ("127.0.0.1:8080", "[::1]:8080"),
        ] {
            assert_eq!(placed(&[(http, one), (admin, other)]), Ok(()), "{one} {other}");
        }
        let error = placed(&[(http, "127.0.0.1:50051")]).unwrap_err();
        assert!(error.contains("`--listen`"), "{error}");
    }

    #[test]
    fn what_is_to_be_a_file_is_no_folder() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().display().to_string();
        for key in [Key::Database, Key::KeyFile, Key::CheckpointFile] {
            let error = placed(&[(key, &path)]).unwrap_err();
            assert!(error.contains(&path) && error.contains(&key.flag()), "{error}");
        }
    }
}
