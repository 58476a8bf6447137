//! Where a path leads that a command is to write to.

use std::{
    fs::{self, File},
    io::{self, Read as _},
    path::{Path, PathBuf},
};

use super::unwritable;
use crate::cli::Failure;

/// What a file begins with that nothing may be written over: it may be the only copy of decisions, or of the keys that sign them.
const PRECIOUS: [(&[u8], &str); 3] = [
    (b"SQLite format 3\0", "a database"),
    (b"\x37\x7f\x06", "the write-ahead log of a database"),
    (b"# Signing keys", "a file of signing keys"),
];
/// The names of standard output. Under the others it might be opened a second time, and what else goes there be written over.
const STANDARD_OUTPUT: [&str; 4] = ["-", "/dev/stdout", "/dev/fd/1", "/proc/self/fd/1"];
/// Links that lead to one another before they count as leading nowhere, as on Linux.
const LINKS_MAX: usize = 40;

/// Where a path leads.
pub(super) enum Place {
    /// Standard output.
    Output,
    /// A file, there or not, behind all links: it is replaced by one that is whole.
    File(PathBuf),
    /// No file, but what can be written into, such as a pipe or a device: it is not replaced.
    Stream(PathBuf),
}

impl Place {
    /// Where a path leads. Nothing is opened that might wait for somebody else, as a pipe does for its reader.
    pub(super) fn of(path: &Path) -> Result<Self, Failure> {
        if is_standard_output(path) {
            return Ok(Self::Output);
        }
        match fs::metadata(path) {
            Ok(there) if there.is_dir() => Err(Failure::BadInput(format!(
                "`{}` is a folder; name a file in it",
                path.display()
            ))),
            Ok(there) if there.is_file() => {
                refuse_precious(path)?;
                // A file without a name of its own, such as one that a shell holds open, cannot be replaced.
                Ok(path
                    .canonicalize()
                    .map_or_else(|_| Self::Stream(path.to_owned()), Self::File))
            }
            Ok(_) => Ok(Self::Stream(path.to_owned())),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Self::File(end_of_links(path))),
            Err(error) => Err(unwritable(path, &error)),
        }
    }
}

/// Whether a path stands for standard output.
pub(in crate::cli) fn is_standard_output(path: &Path) -> bool {
    STANDARD_OUTPUT.iter().any(|name| path == Path::new(name))
}

/// Where a link leads at whose end there is nothing yet.
fn end_of_links(path: &Path) -> PathBuf {
    let mut end = path.to_owned();
    for _ in 0..LINKS_MAX {
        let Ok(next) = fs::read_link(&end) else { break };
        // Relative to the folder of the link; what is absolute replaces that.
        end = end.parent().unwrap_or(Path::new("")).join(next);
    }
    end
}

/// Refuses to replace what nobody means to lose by a slip in a path.
fn refuse_precious(path: &Path) -> Result<(), Failure> {
    let mut beginning = [0; 16];
    // What cannot be read is replaced or not, as the folder allows.
    let read = File::open(path)
        .and_then(|mut file| file.read(&mut beginning))
        .unwrap_or(0);
    let beginning = beginning.get(..read).unwrap_or_default();
    match PRECIOUS.iter().find(|(sign, _)| beginning.starts_with(sign)) {
        Some((_, what)) => Err(Failure::BadInput(format!(
            "`{}` is {what}, which is not written over; name another file",
            path.display()
        ))),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn standard_output_has_several_names() {
        for name in ["-", "/dev/stdout", "/dev/fd/1"] {
            assert!(matches!(Place::of(Path::new(name)), Ok(Place::Output)), "{name}");
        }
        assert!(!is_standard_output(Path::new("./-")));
    }
}
