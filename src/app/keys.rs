//! The signing keys of a database: those of its key file, or new ones where nothing was signed yet.

use std::path::Path;

use anyhow::{Context as _, bail};

use super::Opening;
use crate::{
    audit::{KeyRing, Log, hexadecimal, signers},
    service::Sources,
    store::{Store, key_file},
};

/// The keys in the key file; `None` where there is none, and nothing of the database was signed yet.
pub(super) async fn load(opening: &Opening, store: &Store) -> anyhow::Result<Option<KeyRing>> {
    let path = &opening.key_file;
    if let Some(keys) = key_file::load(path)? {
        let decisions = store.size(Log::Decisions).await?;
        // The start is signed before the first decision can be recorded, and the first decisions in their own transaction.
        for log in Log::ALL {
            if decisions > 0 && store.last_checkpoint(log).await?.is_none() {
                bail!(
                    "`{}` has {decisions} decisions and no signed checkpoint of its {log} any more: somebody removed them. It is not signed again \
                     by the keys in `{}`; restore it from a backup. Only where no keys ever signed it, as after `migrate` from a version without \
                     checkpoints, move the key file away: it is given keys of its own then, and whoever checks must be told of them",
                    opening.database.display(),
                    path.display()
                );
            }
        }
        return Ok(Some(keys));
    }
    for log in Log::ALL {
        if let Some(last) = store.last_checkpoint(log).await? {
            bail!(
                "`{}` was signed by `{}`, and there is no key file `{}`; name the right one with `--key-file`. Where this is a copy, \
                 `--copy` reads it without. Where the keys are lost, keep the database as it is and begin a new one",
                opening.database.display(),
                signers(last.as_bytes()).join("`, `"),
                path.display()
            );
        }
    }
    Ok(None)
}

/// New keys for a database that nothing was signed of yet, under a name that nobody else has.
pub(super) fn make(path: &Path, sources: &mut Sources) -> anyhow::Result<KeyRing> {
    let keys = generate(None, || random(sources))?;
    key_file::create(path, &keys)?;
    tracing::info!(path = %path.display(), "made keys to sign checkpoints with");
    for key in keys.verifiers() {
        tracing::info!(verifier_key = %key, "give this to whoever is to check");
    }
    Ok(keys)
}

/// New keys of an installation; without a name it is given a random one.
fn generate(name: Option<&str>, mut random: impl FnMut() -> [u8; 32]) -> anyhow::Result<KeyRing> {
    let name = name.map_or_else(
        || {
            let bytes = random();
            format!("reimage-rights.{}", hexadecimal(bytes.get(..6).unwrap_or_default()))
        },
        ToOwned::to_owned,
    );
    KeyRing::generate(&name, random).context("the name cannot be that of an installation")
}

/// Makes a file of new keys; without a name the installation is given a random one.
///
/// # Errors
///
/// When there is a file already, it cannot be written, or the name cannot be that of an installation.
pub fn generate_keys(path: &Path, name: Option<&str>, mut sources: Sources) -> anyhow::Result<KeyRing> {
    let keys = generate(name, || random(&mut sources))?;
    key_file::create(path, &keys)?;
    Ok(keys)
}

/// The keys in a file.
///
/// # Errors
///
/// When there are none.
pub fn keys(path: &Path) -> anyhow::Result<KeyRing> {
    let keys = key_file::load(path)?;
    keys.with_context(|| format!("there is no key file `{}`; `key generate` makes one", path.display()))
}

/// Gives a key file new keys. The old ones stay in it, for checking what they signed. A server that runs goes on with the old ones until it
/// is started again.
///
/// # Errors
///
/// When there are none yet, or the file cannot be written.
pub fn rotate_keys(path: &Path, mut sources: Sources) -> anyhow::Result<KeyRing> {
    let present = keys(path)?;
    let edit = key_file::Edit::begin(path)?;
    // Read again: somebody may have given it others meanwhile.
    let rotated = edit.load()?.unwrap_or(present).rotated(|| random(&mut sources))?;
    edit.put(&rotated)?;
    Ok(rotated)
}

fn random(sources: &mut Sources) -> [u8; 32] {
    let mut bytes = [0; 32];
    (sources.fill)(&mut bytes);
    bytes
}
