//! Connections, as many as there is room for.

use std::{io, net::SocketAddr, sync::Arc, time::Duration};

use arc_swap::ArcSwap;
use prometheus_client::metrics::counter::Counter;
use tokio::{
    net::{TcpListener, TcpStream},
    sync::{Semaphore, mpsc},
};
use tokio_stream::{Stream, wrappers::ReceiverStream};

use crate::tls::{Connection, Identity, Speech, Stay};

/// How long nothing is accepted after that failed, as it does when there are no file descriptors left.
const PAUSE: Duration = Duration::from_millis(100);
/// Connections that wait to be served.
const BACKLOG: usize = 64;
/// Refusals, and failures, after which there is a line in the log.
const COUNT_PER_LINE: u64 = 1000;

/// The places for connections.
#[derive(Debug)]
pub(super) struct Places {
    free: Arc<Semaphore>,
    count_max: usize,
    /// Connections that found none.
    pub(super) refused: Counter,
    /// Those that the operating system did not give.
    pub(super) failed: Counter,
}

impl Places {
    pub(super) fn new(count_max: usize) -> Arc<Self> {
        Arc::new(Self {
            free: Arc::new(Semaphore::new(count_max)),
            count_max,
            refused: Counter::default(),
            failed: Counter::default(),
        })
    }

    /// How many are taken.
    pub(super) fn taken(&self) -> usize {
        self.count_max.saturating_sub(self.free.available_permits())
    }
}

/// What the connections to a listener begin with: a handshake as the identity is by then, or none.
pub(super) type Greeting = Option<(Arc<ArcSwap<Identity>>, Speech)>;

/// Connections to a listener, until nobody takes them any more. Each is taken in by itself, so that one which is slow keeps no other waiting.
pub(super) fn incoming(
    listener: TcpListener,
    greeting: Greeting,
    places: Arc<Places>,
    stay: Stay,
) -> impl Stream<Item = io::Result<Connection>> + use<> {
    let (welcomed, connections) = mpsc::channel(BACKLOG);
    tokio::spawn(async move {
        loop {
            let accepted = tokio::select! {
                accepted = listener.accept() => accepted,
                () = welcomed.closed() => return,
            };
            match accepted {
                Ok((stream, address)) => take_in(
                    stream,
                    address,
                    &greeting,
                    &places,
                    Entrance {
                        welcomed: welcomed.clone(),
                        stay: stay.clone(),
                    },
                ),
                Err(error) => {
                    // It fails again and again until others end.
                    if places.failed.inc().is_multiple_of(COUNT_PER_LINE) {
                        tracing::warn!(%error, "connections cannot be accepted; where files are too many, raise the limit on open files");
                    }
                    tokio::time::sleep(PAUSE).await;
                }
            }
        }
    });
    ReceiverStream::new(connections)
}

/// Where connections go, and how long they may stay on the way there.
struct Entrance {
    welcomed: mpsc::Sender<io::Result<Connection>>,
    stay: Stay,
}

fn take_in(stream: TcpStream, address: SocketAddr, greeting: &Greeting, places: &Places, entrance: Entrance) {
    let Ok(place) = Arc::clone(&places.free).try_acquire_owned() else {
        if places.refused.inc().is_multiple_of(COUNT_PER_LINE) {
            tracing::warn!(
                connection_count_max = places.count_max,
                "there are as many connections as there may be; more are closed at once"
            );
        }
        return;
    };
    let config = greeting.as_ref().map(|(tls, speech)| tls.load().config(*speech));
    tokio::spawn(async move {
        let connected = match stream.set_nodelay(true) {
            Ok(()) => Connection::welcome(stream, address, config, place, entrance.stay).await,
            Err(error) => Err(error),
        };
        match connected {
            // Nobody may take connections any more.
            Ok(connection) => drop(entrance.welcomed.send(Ok(connection)).await),
            Err(error) => tracing::debug!(%address, %error, "a connection was not taken in"),
        }
    });
}
