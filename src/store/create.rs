//! Making the folder and the file of a new database, private to whoever runs the program.

use std::{
    ffi::OsString,
    fs::{self, DirBuilder, File, OpenOptions},
    io,
    path::{Path, PathBuf},
};

use tempfile::NamedTempFile;

/// The file that a path leads to, links followed as far as they exist: two names of one database are one database.
pub(super) fn resolve(path: &Path) -> PathBuf {
    let absolute = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    if let Ok(real) = absolute.canonicalize() {
        return real;
    }
    let folder = absolute.parent().and_then(|folder| folder.canonicalize().ok());
    match (folder, absolute.file_name()) {
        (Some(folder), Some(name)) => folder.join(name),
        _ => absolute,
    }
}

/// A file beside another, its name extended.
pub(super) fn beside(path: &Path, extension: &str) -> PathBuf {
    let mut name = OsString::from(path);
    name.push(extension);
    name.into()
}

/// Creates a folder and those above it where they are missing, for the owner only, and makes their names durable.
pub(super) fn folder(path: &Path) -> io::Result<()> {
    if path.as_os_str().is_empty() || path.is_dir() {
        return Ok(());
    }
    if let Some(above) = path.parent() {
        folder(above)?;
    }
    let mut builder = DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    match builder.create(path) {
        Err(error) if error.kind() != io::ErrorKind::AlreadyExists => Err(error),
        _ => path.parent().map_or(Ok(()), sync_folder),
    }
}

/// Creates an empty file for the owner only, unless something is there. `SQLite` gives its side files the same permissions.
pub(super) fn file(path: &Path) -> io::Result<()> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    private(&mut options);
    match options.open(path) {
        Ok(_) => path.parent().map_or(Ok(()), sync_folder),
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(()),
        Err(error) => Err(error),
    }
}

/// An empty file beside another, for the owner only, under a name that nobody had. Dropped, it is removed. A killed process leaves it: no name can
/// tell it from somebody's own file, so nobody else removes it.
///
/// # Errors
/// Those of the operating system.
pub fn scratch(path: &Path) -> io::Result<NamedTempFile> {
    let mut prefix = OsString::from(path.file_name().unwrap_or_default());
    prefix.push(".");
    let folder = path.parent().map_or(Path::new("."), or_here);
    tempfile::Builder::new()
        .prefix(&prefix)
        .suffix(".new")
        .tempfile_in(folder)
}

/// Puts a scratch file in the place of what is there, and makes it durable: the old file or the new one is there, whatever happens.
///
/// # Errors
/// Those of the operating system.
pub fn put_in_place(scratch: NamedTempFile, path: &Path) -> io::Result<()> {
    scratch.as_file().sync_all()?;
    scratch.persist(path)?;
    path.parent().map_or(Ok(()), sync_folder)
}

/// Removes a file, if it is there.
pub(super) fn remove(path: &Path) -> io::Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

/// Lets a file that is created be read and written by its owner only.
pub(super) fn private(options: &mut OpenOptions) {
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(options, 0o600);
    #[cfg(not(unix))]
    let _ = options;
}

/// Waits for whoever else changes files in a folder in this way, and keeps them waiting as long as what is given is held. A file that is
/// replaced cannot be locked itself. Where folders cannot be opened there is no lock.
pub(super) fn lock_folder(folder: &Path) -> io::Result<Option<File>> {
    let lock = File::open(folder).ok();
    lock.as_ref().map_or(Ok(()), File::lock)?;
    Ok(lock)
}

/// Makes the names in a folder durable, where a folder can be synced.
pub(super) fn sync_folder(path: &Path) -> io::Result<()> {
    if cfg!(unix) {
        File::open(or_here(path))?.sync_all()
    } else {
        fs::metadata(path).map(|_| ())
    }
}

/// A folder; none is the one where the process is.
fn or_here(folder: &Path) -> &Path {
    if folder.as_os_str().is_empty() {
        Path::new(".")
    } else {
        folder
    }
}
