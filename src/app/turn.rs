//! The turn of a command on a database: those that run a service of their own on it go one after another.

use std::{path::Path, time::Duration};

use anyhow::anyhow;

use super::{Engine, Opening, sources};
use crate::store::{OpenError, Owner};

/// How often, and how far apart, a database is tried again that another command holds: for some five seconds, in which many are done.
const ATTEMPTS_MAX: u32 = 56;
const ATTEMPT_GAP: Duration = Duration::from_millis(50);

/// Opens a service for one command, once another command has let go of its database. A server does not let go: it is not waited for.
pub(super) async fn open(opening: &Opening) -> anyhow::Result<Engine> {
    let mut attempts = 0;
    loop {
        attempts += 1;
        let error = match Engine::open(opening.clone(), sources()).await {
            Ok(engine) => return Ok(engine),
            Err(error) => error,
        };
        let Some(OpenError::Owned { lock, owner }) = error.downcast_ref() else {
            return Err(error);
        };
        if owner.address.is_some() || attempts == ATTEMPTS_MAX {
            return Err(anyhow!(held(lock, owner)));
        }
        tokio::time::sleep(ATTEMPT_GAP).await;
    }
}

fn held(lock: &Path, owner: &Owner) -> String {
    let cure = match &owner.address {
        Some(address) => format!("ask it with `--server {address}` in place of `--database`"),
        None => "another command is using the database; try again, or run `serve` and let commands ask it".to_owned(),
    };
    format!("`{}` is held by {owner}; {cure}", lock.display())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_holds_it_decides_what_is_to_be_done() {
        let mut owner = Owner {
            pid: Some(7),
            address: None,
        };
        assert_eq!(
            held(Path::new("w.db.lock"), &owner),
            "`w.db.lock` is held by process 7; another command is using the database; try again, or run `serve` and let commands ask it"
        );
        owner.address = Some("http://127.0.0.1:1".to_owned());
        assert_eq!(
            held(Path::new("w.db.lock"), &owner),
            "`w.db.lock` is held by process 7, serving `http://127.0.0.1:1`; ask it with `--server http://127.0.0.1:1` in place of \
             `--database`"
        );
    }
}
