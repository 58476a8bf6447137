//! Whom client commands ask.

use tonic::transport::Uri;

use super::{Database, Origin, Settings};

/// The service that a client command speaks to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    /// The server at this URL.
    Server(Uri),
    /// A service run in this process on this database, which the command line named.
    InProcess(Database),
    /// The server that owns this database if one is alive, else a service run in this process on it.
    OwnerOf(Database),
}

impl Settings {
    /// Whom to ask: what the command line names wins; else a server, wherever it is set; else whoever owns the database.
    #[must_use]
    pub fn target(&self) -> Target {
        let database = || self.database.value.clone();
        match (&self.server.value, &self.server.origin, &self.database.origin) {
            (Some(server), Origin::Flag(_), _) => Target::Server(server.clone()),
            (_, _, Origin::Flag(_)) => Target::InProcess(database()),
            (Some(server), _, _) => Target::Server(server.clone()),
            (None, _, _) => Target::OwnerOf(database()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::{Flags, Folders, Key};

    fn target(flag: Option<(Key, &str)>, variables: &[(&str, &str)]) -> Target {
        let folders = Folders {
            data: Some("data".into()),
            config: Some("config".into()),
            state: Some("state".into()),
        };
        let mut flags = Flags::default();
        if let Some((key, value)) = flag {
            flags = flags.with(key, Some(value));
        }
        let variables = variables.iter().map(|(name, value)| (name.into(), value.into()));
        Settings::load(&flags, variables, &folders).unwrap().target()
    }

    #[test]
    fn a_flag_wins_over_a_server_from_the_environment() {
        let server = [("REIMAGE_RIGHTS_SERVER", "http://h:1")];
        assert_eq!(
            target(Some((Key::Database, "d.db")), &server),
            Target::InProcess(Database::at("d.db".into()))
        );
        assert!(matches!(target(None, &server), Target::Server(uri) if uri.host() == Some("h")));
    }

    #[test]
    fn with_neither_the_owner_of_the_database_is_asked() {
        assert_eq!(
            target(None, &[]),
            Target::OwnerOf(Database::at("data/decisions.db".into()))
        );
        assert_eq!(
            target(None, &[("REIMAGE_RIGHTS_DATABASE", "d.db")]),
            Target::OwnerOf(Database::at("d.db".into()))
        );
    }
}
