//! What is read from files, kept as they are now.

use std::{
    fs, io,
    path::{Path, PathBuf},
    sync::Arc,
    time::{Duration, SystemTime},
};

use arc_swap::ArcSwap;
use prometheus_client::metrics::counter::Counter;
use tokio::task::{JoinError, JoinHandle, spawn_blocking};

/// How often the files are looked at.
const PERIOD: Duration = Duration::from_secs(1);
/// How long files that changed must stay as they are before they are read: one that is written in place is whole by then.
const SETTLED_AFTER: Duration = Duration::from_millis(200);

type Files<T> = dyn Fn(&T) -> Vec<PathBuf> + Send + Sync;
type Load<T, E> = dyn Fn() -> Result<T, E> + Send + Sync;

/// Something read from files.
pub(super) struct Source<T, E> {
    /// What it is, in a few words.
    pub what: &'static str,
    /// The files that it was read from.
    pub files: Box<Files<T>>,
    /// Reads it again.
    pub load: Box<Load<T, E>>,
    /// How often that failed.
    pub failures: Counter,
}

/// Reads it again whenever one of its files was changed and none is being changed, and once at the begin, until the task is aborted. What is wrong stays
/// as it was, is logged and counted once, and is tried again until it is right: other files may have to come first.
pub(super) fn follow<T, E>(kept: Arc<ArcSwap<T>>, source: Source<T, E>) -> JoinHandle<()>
where
    T: Send + Sync + 'static,
    E: std::error::Error + Send + 'static,
{
    let source = Arc::new(source);
    tokio::spawn(async move {
        // What is in force was read from files like these; unknown where they may have changed since.
        let mut seen: Option<Marks> = None;
        let mut unsettled: Option<Marks> = None;
        let (mut is_first, mut failures) = (true, 0_u32);
        loop {
            // Marked before it is read: what changes meanwhile is read again.
            let files = (source.files)(&kept.load());
            let now = marks(files.clone()).await;
            if seen.as_ref() != Some(&now) {
                if unsettled.as_ref() != Some(&now) {
                    unsettled = Some(now);
                    tokio::time::sleep(SETTLED_AFTER).await;
                    continue;
                }
                match load(&source).await {
                    Ok(Ok(fresh)) => {
                        let has_same_files = (source.files)(&fresh) == files;
                        kept.store(Arc::new(fresh));
                        seen = has_same_files.then_some(now);
                        if !is_first || failures > 0 {
                            tracing::info!("{} was changed, and is in force as it is now", source.what);
                        }
                        (is_first, failures) = (false, 0);
                    }
                    Ok(Err(error)) => {
                        seen = None;
                        failures = failures.saturating_add(1);
                        // Certificate and key are replaced one after the other: what is wrong only between them is no failure.
                        if failures == 2 {
                            source.failures.inc();
                            tracing::error!(%error, "{} was changed and is wrong; it stays in force as it was until it is right", source.what);
                        }
                    }
                    Err(error) => tracing::error!(%error, "{} could not be read again", source.what),
                }
            }
            tokio::time::sleep(PERIOD).await;
        }
    })
}

async fn load<T, E>(source: &Arc<Source<T, E>>) -> Result<Result<T, E>, JoinError>
where
    T: Send + Sync + 'static,
    E: std::error::Error + Send + 'static,
{
    let source = Arc::clone(source);
    spawn_blocking(move || (source.load)()).await
}

/// What tells one state of a file from another.
#[derive(Debug, PartialEq, Eq)]
struct Mark {
    changed: SystemTime,
    len: u64,
    inode: u64,
}

/// Those of all files; `None` for one that is not there.
type Marks = Vec<Option<Mark>>;

async fn marks(files: Vec<PathBuf>) -> Marks {
    let marks = spawn_blocking(move || files.iter().map(|file| mark(file).ok()).collect());
    marks.await.unwrap_or_default()
}

fn mark(file: &Path) -> io::Result<Mark> {
    let metadata = fs::metadata(file)?;
    Ok(Mark {
        changed: metadata.modified()?,
        len: metadata.len(),
        inode: inode(&metadata),
    })
}

#[cfg(unix)]
fn inode(metadata: &fs::Metadata) -> u64 {
    std::os::unix::fs::MetadataExt::ino(metadata)
}

#[cfg(not(unix))]
fn inode(_: &fs::Metadata) -> u64 {
    0
}

#[cfg(test)]
mod tests {
    use std::{
        convert::Infallible,
        io::Write as _,
        sync::{
            Mutex,
            atomic::{AtomicU32, Ordering::Relaxed},
        },
    };

    use super::*;

    #[tokio::test]
    async fn a_file_that_is_still_being_written_is_not_read() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("file");
        fs::write(&path, "").unwrap();
        let read = Arc::<Mutex<Vec<String>>>::default();
        let (at, from, into) = (path.clone(), path.clone(), Arc::clone(&read));
        let asked = AtomicU32::new(0);
        let source = Source {
            what: "the file",
            // Asked at each look, and after each reading: from the first reading on, three times there is more.
            files: Box::new(move |_: &String| {
                if (2..5).contains(&asked.fetch_add(1, Relaxed)) {
                    let mut file = fs::OpenOptions::new().append(true).open(&at).unwrap();
                    file.write_all(b"more\n").unwrap();
                }
                vec![at.clone()]
            }),
            load: Box::new(move || {
                let text = fs::read_to_string(&from).unwrap();
                into.lock().unwrap().push(text.clone());
                Ok::<_, Infallible>(text)
            }),
            failures: Counter::default(),
        };
        let kept = Arc::new(ArcSwap::from_pointee(String::new()));
        let following = follow(Arc::clone(&kept), source);
        while kept.load().len() < 15 {
            tokio::task::yield_now().await;
        }
        following.abort();
        assert_eq!(*read.lock().unwrap(), ["", "more\nmore\nmore\n"]);
    }
}
