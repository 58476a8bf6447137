//! A way to a service: a server somewhere, or one run in this process over an in-memory connection.

use std::{io, path::Path, sync::Arc};

use anyhow::{Context as _, bail};
use hyper_util::rt::TokioIo;
use tokio::{
    io::DuplexStream,
    sync::{Mutex, oneshot, watch},
    task::JoinHandle,
};
use tokio_stream::StreamExt as _;
use tonic::{
    service::interceptor::InterceptedService,
    transport::{Channel, Endpoint, Uri},
};
use tower::service_fn;

use super::{
    Bearer, Opening,
    client::{endpoint, hurried},
    reading::{Reading, is_copy},
    server, turn,
    verify::trusted_keys,
};
use crate::{
    audit::TrustedKeys,
    config::{Database, Settings, Target},
    door::Door,
    service::{Recording, Service},
    store::{Owner, Store},
};

/// Bytes under way in the in-memory connection.
const PIPE_LEN: usize = 1024 * 1024;

/// A channel that shows with each call who asks.
pub type Way = InterceptedService<Channel, Bearer>;

/// A way to a service.
#[derive(Debug)]
pub struct Connection {
    /// The channel to ask over.
    pub channel: Way,
    /// Which server or database answers, such as "the server at `http://127.0.0.1:50051`".
    pub says: String,
    inside: Option<Inside>,
}

/// A service in this process.
#[derive(Debug)]
struct Inside {
    stop: oneshot::Sender<()>,
    task: JoinHandle<()>,
}

impl Connection {
    /// Ends the connection; a service run in this process answers what waits and closes its database first.
    pub async fn close(self) {
        drop(self.channel);
        let Some(Inside { stop, task }) = self.inside else {
            return;
        };
        let _ = stop.send(());
        if task.await.is_err() {
            tracing::error!("the service in this process ended out of order");
        }
    }
}

/// What somebody connects for.
#[derive(Clone, Debug)]
pub enum Purpose {
    /// To decide and record: a database that is not there yet is created.
    Decide,
    /// To read what was recorded, which is noted: a database that is not there is a mistake, not an empty record.
    Read,
    /// To read what no note is made of: a server that owns the database is asked, and else it is read beside whoever uses it.
    Look,
    /// To read a copy: nothing is written, and nothing noted. With keys, also to prove what is in it; without any, those of the key file.
    Copy(Option<TrustedKeys>),
}

/// Connects to whom the settings name.
///
/// # Errors
///
/// When the server cannot be reached, or the database cannot be opened or written.
pub async fn connect(settings: &Settings, purpose: Purpose) -> anyhow::Result<Connection> {
    if let Purpose::Copy(keys) = purpose {
        return copy(&settings.database.value, settings, keys).await;
    }
    match settings.target() {
        Target::Server(uri) => {
            let says = format!("the server at `{uri}`");
            let way = Remote::new(settings, uri.clone())?;
            way.connect(says).await.map_err(|error| {
                let words = unreached(&uri.to_string(), &error);
                error.context(words)
            })
        }
        Target::InProcess(database) => inside(&database, settings, purpose).await,
        Target::OwnerOf(database) => match owner_address(database.path()) {
            Some(address) => {
                let uri: Uri = address
                    .parse()
                    .with_context(|| format!("`{address}` in the lock file is no address"))?;
                let says = format!("the server at `{uri}`, which owns `{database}`");
                let way = Remote::new(settings, uri)?;
                way.connect(says).await.with_context(|| {
                    format!(
                        "the server at `{address}` owns `{database}` and cannot be reached; end it, wait until it serves, or name it with \
                         `--server` as its certificate does"
                    )
                })
            }
            None => inside(&database, settings, purpose).await,
        },
    }
}

/// Where the server says it serves that owns a database, if one does.
#[must_use]
pub fn owner_address(database: &Path) -> Option<String> {
    Owner::of(database).and_then(|owner| owner.address)
}

/// A channel to the server at an address, or why there is none within moments.
///
/// # Errors
///
/// When the address is none, or nobody answers there.
pub async fn reach(settings: &Settings, address: &str) -> anyhow::Result<Channel> {
    let endpoint = endpoint(settings, address.parse()?)?;
    Ok(hurried(endpoint).connect().await?)
}

/// What to do about a server that cannot be reached.
fn unreached(uri: &str, error: &anyhow::Error) -> String {
    // The library tells no other way.
    if error.chain().any(|cause| cause.to_string().contains("UnknownIssuer")) {
        return format!(
            "the certificate of the server at `{uri}` is from no authority that is believed; name a file with its authority by `--server-ca-file`"
        );
    }
    format!("the server at `{uri}` cannot be reached; start it, or name another with `--server`")
}

/// A server elsewhere, and what is shown to it.
struct Remote {
    endpoint: Endpoint,
    bearer: Bearer,
}

impl Remote {
    /// What is wrong with the settings is found out before anybody is asked.
    fn new(settings: &Settings, uri: Uri) -> anyhow::Result<Self> {
        let bearer = Bearer::of(settings, &uri)?;
        let endpoint = endpoint(settings, uri)?;
        Ok(Self { endpoint, bearer })
    }

    async fn connect(self, says: String) -> anyhow::Result<Connection> {
        let channel = self.endpoint.connect().await?;
        Ok(Connection {
            channel: InterceptedService::new(channel, self.bearer),
            says,
            inside: None,
        })
    }
}

/// Runs a service in this process on a database, and connects to it.
async fn inside(database: &Database, settings: &Settings, purpose: Purpose) -> anyhow::Result<Connection> {
    if !matches!(purpose, Purpose::Decide) && !database.path().exists() {
        bail!("there is no database at `{database}`; check the path, or name a server with `--server`");
    }
    let says = format!("the database `{database}`, in this process");
    if matches!(purpose, Purpose::Look) {
        let keys = trusted_keys(settings.key_path()?).unwrap_or_default();
        let store = Store::open_reading(database.path()).await?;
        let reading = Reading::of(store, settings, keys);
        return read(reading, says).await;
    }
    let engine = turn::open(&Opening::of(settings, database.path().to_owned())?).await?;
    let (service, recording) = (Arc::clone(&engine.service), engine.recording.clone());
    run(service, recording, says, async move { engine.close().await }).await
}

/// Runs a service in this process that reads a copy, and connects to it.
async fn copy(database: &Database, settings: &Settings, keys: Option<TrustedKeys>) -> anyhow::Result<Connection> {
    is_copy(database.path(), settings)?;
    let proves = keys.is_some();
    let keys = match keys {
        None => TrustedKeys::new(),
        Some(given) if given.is_empty() => trusted_keys(settings.key_path()?)?,
        Some(given) => given,
    };
    let store = Store::open_copy(database.path()).await?;
    let reading = Reading::of(store, settings, keys.clone());
    if proves {
        reading.prove(&keys).await?;
    }
    let unsigned = match reading.unsigned().await? {
        0 => String::new(),
        1 => "; its last decision is under no signed checkpoint, and nothing proves it".to_owned(),
        count => format!("; its last {count} decisions are under no signed checkpoint, and nothing proves them"),
    };
    let says = format!("the copy `{database}`, in this process, which notes nothing in it{unsigned}");
    read(reading, says).await
}

async fn read(reading: Reading, says: String) -> anyhow::Result<Connection> {
    let Reading { service, store } = reading;
    // Nobody tells of a recorder that there is none of.
    let (_, recording) = watch::channel(Recording::Failing);
    run(service, recording, says, async move { store.close().await }).await
}

/// Serves on an in-memory connection, and closes what is behind it at the end.
async fn run(
    service: Arc<Service>,
    recording: watch::Receiver<Recording>,
    says: String,
    close: impl Future<Output = ()> + Send + 'static,
) -> anyhow::Result<Connection> {
    let (near, far) = tokio::io::duplex(PIPE_LEN);
    let (stop, stopped) = oneshot::channel();
    let task = tokio::spawn(async move {
        // Never ends: a server whose connections have run out would stop.
        let incoming = tokio_stream::once(Ok::<_, io::Error>(far)).chain(tokio_stream::pending());
        let stopped = async { drop(stopped.await) };
        if let Err(error) = server::run(&service, recording, Door::inside(), incoming, stopped).await {
            tracing::error!(%error, "the service in this process failed");
        }
        drop(service);
        close.await;
    });
    let channel = InterceptedService::new(over(near).await?, Bearer::default());
    Ok(Connection {
        channel,
        says,
        inside: Some(Inside { stop, task }),
    })
}

/// A channel over one connection that exists already.
async fn over(near: DuplexStream) -> anyhow::Result<Channel> {
    let near = Arc::new(Mutex::new(Some(near)));
    let connector = service_fn(move |_: Uri| {
        let near = Arc::clone(&near);
        async move {
            let near = near.lock().await.take();
            near.map(TokioIo::new)
                .ok_or_else(|| io::Error::other("the service in this process is gone"))
        }
    });
    Ok(Endpoint::from_static("http://in.process")
        .connect_with_connector(connector)
        .await?)
}
