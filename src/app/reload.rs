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

/// Reads it again whenever one of its files was changed, until the task is aborted. What is wrong is logged once, and changes nothing: what was read last
/// stays in force.
pub(super) fn follow<T, E>(kept: Arc<ArcSwap<T>>, source: Source<T, E>) -> JoinHandle<()>
where
    T: Send + Sync + 'static,
    E: std::error::Error + Send + 'static,
{
    let source = Arc::new(source);
    tokio::spawn(async move {
        let mut seen = marks((source.files)(&kept.load())).await;
        loop {
            tokio::time::sleep(PERIOD).await;
            let now = marks((source.files)(&kept.load())).await;
            if now == seen {
                continue;
            }
            seen = now;
            let mut loaded = load(&source).await;
            if matches!(loaded, Ok(Err(_))) {
                // Certificate and key are replaced one after the other: what is wrong between them is no failure.
                tokio::time::sleep(PERIOD).await;
                seen = marks((source.files)(&kept.load())).await;
                loaded = load(&source).await;
            }
            match loaded {
                Ok(Ok(fresh)) => {
                    kept.store(Arc::new(fresh));
                    // It may name other files now.
                    seen = marks((source.files)(&kept.load())).await;
                    tracing::info!("{} was changed, and is in force as it is now", source.what);
                }
                Ok(Err(error)) => {
                    source.failures.inc();
                    tracing::error!(%error, "{} was changed and is wrong; it stays in force as it was", source.what);
                }
                Err(error) => tracing::error!(%error, "{} could not be read again", source.what),
            }
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

async fn marks(files: Vec<PathBuf>) -> Vec<Option<Mark>> {
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
