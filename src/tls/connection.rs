//! One connection: bytes in and out, and how it ends.

use std::{
    io,
    net::SocketAddr,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
    time::Duration,
};

use rustls::ServerConfig;
use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    net::TcpStream,
    sync::{OwnedSemaphorePermit, watch},
    time::{Sleep, sleep, timeout},
};
use tokio_rustls::{TlsAcceptor, server::TlsStream};
use tokio_stream::wrappers::WatchStream;
use tonic::transport::server::Connected;

use super::{HangUp, Peer, Welcome, peer};

/// Bytes that HTTP/2 begins with, and of a request over HTTP/1.1 always some.
const GREETING_LEN: usize = 24;
/// How long somebody may stay of whom no call was let in.
const STRANGER_MAX: Duration = Duration::from_mins(1);
/// How long the other end may take nothing of what is written.
const BLOCKED_MAX: Duration = Duration::from_mins(1);

/// A connection.
#[derive(Debug)]
pub struct Connection {
    line: Line,
    peer: Peer,
    ended: WatchStream<bool>,
    /// Runs until the first bytes came, and then until somebody was let in: a connection of nobody is worth no place for long.
    patience: Option<Pin<Box<Sleep>>>,
    /// Bytes that came, as far as that matters.
    greeting_len: usize,
    /// Runs while the other end takes nothing.
    blocked: Option<Pin<Box<Sleep>>>,
    /// At its end when the server is to stop.
    leaving: WatchStream<()>,
    /// Its place among all connections, free again when it ends.
    _place: OwnedSemaphorePermit,
}

/// How long a connection may stay that begins nothing.
#[derive(Clone, Debug)]
pub struct Stay {
    /// So long at most ...
    pub welcome_max: Duration,
    /// ... and no longer than this, whose sender goes when the server is to stop.
    pub leaving: watch::Receiver<()>,
}

#[derive(Debug)]
enum Line {
    Plain(TcpStream),
    Encrypted(Box<TlsStream<TcpStream>>),
}

impl Connection {
    /// Takes a connection in: encrypted where there is a configuration for that, after a handshake that takes no longer than it may stay, as the bytes
    /// that HTTP begins with must not. Before those came, nothing keeps it when the server is to stop.
    ///
    /// # Errors
    ///
    /// When the handshake fails or takes too long.
    pub async fn welcome(
        stream: TcpStream,
        address: SocketAddr,
        config: Option<Arc<ServerConfig>>,
        place: OwnedSemaphorePermit,
        stay: Stay,
    ) -> io::Result<Self> {
        let Stay { welcome_max, leaving } = stay;
        let (line, certificate) = match config {
            None => (Line::Plain(stream), None),
            Some(config) => {
                let handshake = TlsAcceptor::from(config).accept(stream);
                let encrypted = timeout(welcome_max, handshake)
                    .await
                    .map_err(|_| io::ErrorKind::TimedOut)??;
                let shown = encrypted.get_ref().1.peer_certificates();
                let certificate = shown
                    .and_then(|chain| chain.first())
                    .and_then(|first| peer::read(first));
                (Line::Encrypted(Box::new(encrypted)), certificate)
            }
        };
        let (hang_up, ended) = HangUp::new();
        Ok(Self {
            line,
            peer: Peer {
                address,
                certificate: certificate.map(Arc::new),
                hang_up,
                welcome: Welcome::default(),
            },
            ended: WatchStream::from_changes(ended),
            patience: Some(Box::pin(sleep(welcome_max))),
            greeting_len: 0,
            blocked: None,
            leaving: WatchStream::from_changes(leaving),
            _place: place,
        })
    }

    /// Why the connection is at its end, if it is.
    fn end(&mut self, context: &mut Context<'_>) -> io::Result<()> {
        use tokio_stream::Stream as _;
        if let Poll::Ready(Some(true)) = Pin::new(&mut self.ended).poll_next(context) {
            return Err(io::ErrorKind::ConnectionAborted.into());
        }
        // What HTTP/2 begins with asks for nothing yet.
        let has_begun = self.greeting_len > GREETING_LEN;
        if !has_begun && matches!(Pin::new(&mut self.leaving).poll_next(context), Poll::Ready(None)) {
            return Err(io::ErrorKind::ConnectionAborted.into());
        }
        let is_over = |sleep: &mut Option<Pin<Box<Sleep>>>, context: &mut Context<'_>| {
            let sleep = sleep.as_mut();
            sleep.is_some_and(|sleep| sleep.as_mut().poll(context).is_ready())
        };
        if is_over(&mut self.blocked, context) {
            return Err(io::ErrorKind::TimedOut.into());
        }
        if is_over(&mut self.patience, context) {
            self.patience = None;
            if self.greeting_len < GREETING_LEN || !self.peer.welcome.was() {
                return Err(io::ErrorKind::TimedOut.into());
            }
        }
        Ok(())
    }

    /// Notes bytes that came.
    fn came(&mut self, len: usize) {
        let was_greeting = self.greeting_len < GREETING_LEN;
        self.greeting_len = self.greeting_len.saturating_add(len);
        if was_greeting && self.greeting_len >= GREETING_LEN {
            self.patience = Some(Box::pin(sleep(STRANGER_MAX)));
        }
    }

    /// Notes whether the other end took something.
    fn took<T>(&mut self, took: Poll<io::Result<T>>, context: &mut Context<'_>) -> Poll<io::Result<T>> {
        if took.is_ready() {
            self.blocked = None;
        } else if self.blocked.is_none() {
            let mut blocked = Box::pin(sleep(BLOCKED_MAX));
            // So that its end is told of.
            let _ = blocked.as_mut().poll(context);
            self.blocked = Some(blocked);
        }
        took
    }
}

impl Connected for Connection {
    type ConnectInfo = Peer;

    fn connect_info(&self) -> Peer {
        self.peer.clone()
    }
}

impl AsyncRead for Connection {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        self.end(context)?;
        let before = buffer.filled().len();
        let read = match &mut self.line {
            Line::Plain(stream) => Pin::new(stream).poll_read(context, buffer),
            Line::Encrypted(stream) => Pin::new(stream).poll_read(context, buffer),
        };
        let came = buffer.filled().len().saturating_sub(before);
        self.came(came);
        read
    }
}

impl AsyncWrite for Connection {
    fn poll_write(mut self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        self.end(context)?;
        let wrote = match &mut self.line {
            Line::Plain(stream) => Pin::new(stream).poll_write(context, bytes),
            Line::Encrypted(stream) => Pin::new(stream).poll_write(context, bytes),
        };
        self.took(wrote, context)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffers: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        self.end(context)?;
        let wrote = match &mut self.line {
            Line::Plain(stream) => Pin::new(stream).poll_write_vectored(context, buffers),
            Line::Encrypted(stream) => Pin::new(stream).poll_write_vectored(context, buffers),
        };
        self.took(wrote, context)
    }

    fn is_write_vectored(&self) -> bool {
        match &self.line {
            Line::Plain(stream) => stream.is_write_vectored(),
            Line::Encrypted(stream) => stream.is_write_vectored(),
        }
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.end(context)?;
        let flushed = match &mut self.line {
            Line::Plain(stream) => Pin::new(stream).poll_flush(context),
            Line::Encrypted(stream) => Pin::new(stream).poll_flush(context),
        };
        self.took(flushed, context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.end(context)?;
        let shut = match &mut self.line {
            Line::Plain(stream) => Pin::new(stream).poll_shutdown(context),
            Line::Encrypted(stream) => Pin::new(stream).poll_shutdown(context),
        };
        self.took(shut, context)
    }
}
