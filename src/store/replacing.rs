//! Replacing a small file whole, in turn with all others who do.

use std::{
    fs::{self, File},
    io::{self, Write as _},
    path::{Path, PathBuf},
};

use tempfile::NamedTempFile;

use super::create;

/// The right to replace a file, which nobody else has meanwhile who asks for it in this way: of two changes at once, the later one would
/// otherwise forget the other.
#[derive(Debug)]
pub struct Replacing {
    path: PathBuf,
    /// Locked as long as it is open.
    _lock: Option<File>,
}

/// Who can read what takes the place of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Readers {
    /// Its owner only.
    Owner,
    /// Whoever could before; its owner only, where there was no file.
    AsBefore,
}

impl Replacing {
    /// Waits for whoever else replaces a file in its folder.
    ///
    /// # Errors
    /// Those of the operating system.
    pub fn begin(path: &Path) -> io::Result<Self> {
        // Through links: what is replaced is the file, not its other name.
        let path = create::resolve(&std::path::absolute(path)?);
        let lock = create::lock_folder(path.parent().unwrap_or(Path::new(".")))?;
        Ok(Self { path, _lock: lock })
    }

    /// The file, behind all links.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Puts a text in the place of what is there: the old file or the new one is there, whatever happens.
    ///
    /// # Errors
    /// Those of the operating system.
    pub fn put(&self, text: &str, readers: Readers) -> io::Result<()> {
        let fresh = create::scratch(&self.path)?;
        if let (Readers::AsBefore, Ok(old)) = (readers, fs::metadata(&self.path)) {
            resemble(fresh.as_file(), &old)?;
        }
        create::put_in_place(written(fresh, text)?, &self.path)
    }

    /// Makes a file for its owner only. Overwrites nothing, whoever put it there.
    pub(super) fn create(&self, text: &str) -> io::Result<()> {
        let fresh = written(create::scratch(&self.path)?, text)?;
        fresh.as_file().sync_all()?;
        fresh.persist_noclobber(&self.path)?;
        self.path.parent().map_or(Ok(()), create::sync_folder)
    }
}

fn written(mut fresh: NamedTempFile, text: &str) -> io::Result<NamedTempFile> {
    fresh.write_all(text.as_bytes())?;
    Ok(fresh)
}

/// Gives a fresh file the group, the permissions and, where that may be done, the owner of the old one.
#[cfg(unix)]
fn resemble(fresh: &File, old: &fs::Metadata) -> io::Result<()> {
    use std::os::unix::fs::{MetadataExt as _, fchown};
    if fresh.metadata()?.gid() != old.gid() {
        // Without its group, a service that reads the file by it could not any more.
        fchown(fresh, None, Some(old.gid()))?;
    }
    // Only an administrator may give files away; whoever else may write here is the owner as a rule.
    let _ = fchown(fresh, Some(old.uid()), None);
    fresh.set_permissions(old.permissions())
}

#[cfg(not(unix))]
fn resemble(_: &File, _: &fs::Metadata) -> io::Result<()> {
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[cfg(unix)]
    #[test]
    fn a_link_stays_and_so_do_those_who_can_read_where_that_is_wanted() {
        use std::os::unix::fs::{PermissionsExt as _, symlink};
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        let mode = |name: &str| fs::metadata(at(name)).unwrap().permissions().mode() & 0o777;
        symlink("file", at("link")).unwrap();
        for (readers, expected) in [(Readers::AsBefore, 0o640), (Readers::Owner, 0o600)] {
            fs::write(at("file"), "old").unwrap();
            fs::set_permissions(at("file"), fs::Permissions::from_mode(0o640)).unwrap();
            Replacing::begin(&at("link")).unwrap().put("new", readers).unwrap();
            assert!(fs::symlink_metadata(at("link")).unwrap().is_symlink());
            assert_eq!(fs::read(at("file")).unwrap(), b"new");
            assert_eq!(mode("file"), expected, "{readers:?}");
        }
        Replacing::begin(&at("fresh"))
            .unwrap()
            .put("new", Readers::AsBefore)
            .unwrap();
        assert_eq!(mode("fresh"), 0o600);
    }

    #[test]
    fn what_cannot_be_put_leaves_nothing_and_what_is_there_is_not_made() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("file");
        fs::create_dir(&path).unwrap();
        let file = Replacing::begin(&path).unwrap();
        assert!(file.put("new", Readers::AsBefore).is_err());
        let error = file.create("new").unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::AlreadyExists);
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }
}
