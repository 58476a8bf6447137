//! Opening a database: as its owner, who creates and writes it, or as one of its readers.

use std::{
    fs, io,
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use sqlx::{ConnectOptions as _, Connection as _, Pool, Sqlite, SqliteConnection, sqlite::SqlitePoolOptions};

use super::{
    Store, Writer,
    connect::{self, Way},
    create,
    earlier::Beside,
    error::{OpenError, WriteError},
    fault::Fault,
    owner::{self, Owner, Ownership, OwnershipError},
    posting,
    schema::{self, Layout},
    tidy::Tidy,
    tree,
    watch::{self, Watch},
};

const READERS: u32 = 4;
/// How long a read waits for its turn.
const TURN_WAIT_MAX: Duration = Duration::from_secs(10);

impl Store {
    /// Opens a database to write it, as the only process, and creates it with its folder where there is none. The address is where
    /// this process serves, for those who find the database owned.
    ///
    /// It returns once a transaction was written and synced, so a database that cannot be written is known at once. Only where nothing is wrong but that
    /// there is no room for more, one with records is opened all the same: they can be read, and more recorded once there is room.
    ///
    /// # Errors
    /// See [`OpenError`].
    pub async fn open_owned(database: &Path, address: Option<&str>) -> Result<(Self, Writer), OpenError> {
        let named = std::path::absolute(database).map_err(cannot_reach(database))?;
        if let Some(folder) = named.parent() {
            create::folder(folder).map_err(cannot_reach(folder))?;
        }
        let path = create::resolve(&named);
        // A path that was mistyped gets no lock file beside it. Where there is one already, whoever holds it is named first.
        if !owner::lock_path(&path).exists() && path.exists() {
            look(&path).await?;
        }
        let ownership = own(&path, address).await?;
        create::file(&path).map_err(cannot_reach(&path))?;
        let layout = look(&path).await?;
        if let Layout::Older(_) = layout {
            return Err(OpenError::Older { path });
        }

        // Watched from before SQLite opens it, so that the file watched is the file opened.
        let mut watch = Watch::default();
        watch.add(named.clone()).map_err(cannot_reach(&named))?;
        // Whoever removes the lock file lets a second process in.
        let lock = owner::lock_path(&path);
        watch.add(lock.clone()).map_err(cannot_reach(&lock))?;
        let connected = connect::writing(&path).connect().await;
        let mut connection = connected.map_err(|error| OpenError::new(&path, error))?;
        bring_up(&mut connection, &path, layout).await?;
        for side in [create::beside(&path, "-wal"), create::beside(&path, "-shm")] {
            watch.add(side.clone()).map_err(cannot_reach(&side))?;
        }
        let writer = Writer::new(connection, path.clone(), watch.clone(), Arc::clone(&ownership)).await;
        let mut writer = writer.map_err(|error| WriteError::new(&path, error))?;
        match writer.probe().await {
            Err(error) if layout == Layout::Current && error.is_want_of_room() => {}
            probed => probed?,
        }

        let store = Self {
            pool: readers(&path, Way::Shared, watch.clone()).await?,
            path,
            beside: Some(Beside {
                ownership,
                requests: writer.requests(),
                looks: Arc::default(),
                watch,
            }),
            tidy: None,
        };
        Ok((store, writer))
    }

    /// Opens a database to read it, whoever writes it meanwhile. Closing it leaves the folder as it was, where nobody else uses the database.
    ///
    /// # Errors
    /// See [`OpenError`].
    pub async fn open_reading(database: &Path) -> Result<Self, OpenError> {
        let path = create::resolve(database);
        there(&path)?;
        let tidy = Tidy::before(&path);
        let opened = async {
            let way = way(&path).await?;
            Self::open_by(path, way).await
        };
        match (opened.await, tidy) {
            (Ok(store), tidy) => Ok(Self { tidy, ..store }),
            (Err(error), Some(tidy)) => {
                tidy.up().await;
                Err(error)
            }
            (Err(error), None) => Err(error),
        }
    }

    /// Opens a copy that nobody writes, and leaves no file beside it. Where there is a log beside it, the log is read too.
    ///
    /// # Errors
    /// See [`OpenError`].
    pub async fn open_copy(copy: &Path) -> Result<Self, OpenError> {
        let path = create::resolve(copy);
        let is_whole = fs::metadata(create::beside(&path, "-wal")).map_or(true, |log| log.len() == 0);
        if !is_whole || Owner::of(&path).is_some() {
            return Self::open_reading(&path).await;
        }
        there(&path)?;
        Self::open_by(path, Way::Still).await
    }

    async fn open_by(path: PathBuf, way: Way) -> Result<Self, OpenError> {
        match schema::inspect(&path, way).await? {
            Layout::Current => {}
            Layout::Older(_) => return Err(OpenError::Older { path }),
            Layout::Blank | Layout::Begun => return Err(OpenError::Begun { path }),
        }
        let mut watch = Watch::default();
        watch.add(path.clone()).map_err(cannot_reach(&path))?;
        Ok(Self {
            pool: readers(&path, way, watch).await?,
            path,
            beside: None,
            tidy: None,
        })
    }
}

/// Makes a database what this program makes: its schema, and what is computed from its records. What was cut off is gone on with.
pub(super) async fn bring_up(connection: &mut SqliteConnection, path: &Path, found: Layout) -> Result<(), OpenError> {
    schema::bring_up(connection, path, found).await?;
    let planted = tree::plant(connection).await;
    planted.map_err(|error| OpenError::new(path, error))?;
    let shortened = posting::shorten(connection).await;
    Ok(shortened.map_err(|error| WriteError::new(path, error))?)
}

pub(super) async fn own(path: &Path, address: Option<&str>) -> Result<Arc<Ownership>, OpenError> {
    let lock = owner::lock_path(path);
    match Ownership::take(path, address).await {
        Ok(ownership) => Ok(Arc::new(ownership)),
        Err(OwnershipError::Taken(owner)) => Err(OpenError::Owned { lock, owner }),
        Err(OwnershipError::Io(error)) => Err(cannot_reach(&lock)(error)),
    }
}

/// Looks at what is there, first without `SQLite`: it would take an empty file for a new database and throw away what is beside it.
pub(super) async fn look(path: &Path) -> Result<Layout, OpenError> {
    there(path)?;
    // The lock and the write-ahead log lie beside a name, so that each name would have its own. Readers need neither, and are let in.
    if watch::has_other_names(path).map_err(cannot_reach(path))? {
        return Err(OpenError::Linked { path: path.to_owned() });
    }
    schema::inspect(path, Way::Shared).await
}

fn there(path: &Path) -> Result<(), OpenError> {
    let owned = || path.to_owned();
    let found = match fs::metadata(path) {
        Ok(found) if found.is_file() => found,
        Ok(_) => return Err(OpenError::NotAFile { path: owned() }),
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Err(OpenError::Missing { path: owned() }),
        Err(error) => return Err(cannot_reach(path)(error)),
    };
    let logged = fs::metadata(create::beside(path, "-wal")).is_ok_and(|log| log.len() > 0);
    if found.len() == 0 && logged {
        return Err(OpenError::Corrupt { path: owned() });
    }
    Ok(())
}

/// How a database can be read. `SQLite` makes files beside one that it reads, and on read-only media cannot: there it is read as it lies, unless
/// somebody else writes it, or its newest decisions are still in a log beside it.
pub(super) async fn way(path: &Path) -> Result<Way, OpenError> {
    let tried = async {
        let mut connection = connect::looking(path).connect().await?;
        sqlx::query("SELECT 1 FROM sqlite_schema LIMIT 1")
            .execute(&mut connection)
            .await?;
        connection.close().await
    };
    let Err(error) = tried.await else {
        return Ok(Way::Shared);
    };
    if !matches!(Fault::of(&error), Fault::ReadOnly | Fault::Unopened) {
        // What is wrong with it is told by whoever looks closer.
        return Ok(Way::Shared);
    }
    let log = create::beside(path, "-wal");
    if fs::metadata(&log).is_ok_and(|log| log.len() > 0) {
        let path = path.to_owned();
        return Err(OpenError::LogBeside { path, log });
    }
    Ok(if Owner::of(path).is_some() {
        Way::Shared
    } else {
        Way::Still
    })
}

/// Opens all connections at once, reads through each and keeps them: with every file open they go on reading what was recorded, even
/// when the database is moved away.
async fn readers(path: &Path, way: Way, watch: Watch) -> Result<Pool<Sqlite>, OpenError> {
    let watch = Arc::new(watch);
    let options = SqlitePoolOptions::new()
        .min_connections(READERS)
        .max_connections(READERS)
        .idle_timeout(None)
        .max_lifetime(None)
        .acquire_timeout(TURN_WAIT_MAX)
        // A connection that fails is closed; one that does not need not be asked.
        .test_before_acquire(false)
        .after_connect(move |connection, _| {
            let watch = Arc::clone(&watch);
            Box::pin(async move {
                sqlx::query("SELECT 1 FROM decision LIMIT 1")
                    .execute(connection)
                    .await?;
                // A connection made later must not read another file than the others do.
                watch
                    .moved()
                    .map_or(Ok(()), |_| Err(sqlx::Error::Io(io::ErrorKind::NotFound.into())))
            })
        });
    let opened = options.connect_with(connect::reading(path, way)).await;
    opened.map_err(|error| OpenError::new(path, error))
}

fn cannot_reach(path: &Path) -> impl FnOnce(io::Error) -> OpenError {
    let path: PathBuf = path.to_owned();
    move |source| OpenError::Unreachable { path, source }
}
