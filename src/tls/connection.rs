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
    sync::OwnedSemaphorePermit,
    time::{Sleep, sleep, timeout},
};
use tokio_rustls::{TlsAcceptor, server::TlsStream};
use tokio_stream::wrappers::WatchStream;
use tonic::transport::server::Connected;

use super::{HangUp, Peer, peer};

/// How long somebody who connected may take for the handshake, and again until the first byte of a call.
const WELCOME_MAX: Duration = Duration::from_secs(10);

/// A connection.
#[derive(Debug)]
pub struct Connection {
    line: Line,
    peer: Peer,
    ended: WatchStream<bool>,
    /// Runs until the first byte came: a connection that asks nothing from the beginning is worth no place.
    silence: Option<Pin<Box<Sleep>>>,
    /// Its place among all connections, free again when it ends.
    _place: OwnedSemaphorePermit,
}

#[derive(Debug)]
enum Line {
    Plain(TcpStream),
    Encrypted(Box<TlsStream<TcpStream>>),
}

impl Connection {
    /// Takes a connection in: encrypted where there is a configuration for that, after a handshake that has its time.
    ///
    /// # Errors
    ///
    /// When the handshake fails or takes too long.
    pub async fn welcome(
        stream: TcpStream,
        address: SocketAddr,
        config: Option<Arc<ServerConfig>>,
        place: OwnedSemaphorePermit,
    ) -> io::Result<Self> {
        let (line, certificate) = match config {
            None => (Line::Plain(stream), None),
            Some(config) => {
                let handshake = TlsAcceptor::from(config).accept(stream);
                let encrypted = timeout(WELCOME_MAX, handshake)
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
            },
            ended: WatchStream::from_changes(ended),
            silence: Some(Box::pin(sleep(WELCOME_MAX))),
            _place: place,
        })
    }

    /// Why the connection is at its end, if it is.
    fn end(&mut self, context: &mut Context<'_>) -> io::Result<()> {
        use tokio_stream::Stream as _;
        if let Poll::Ready(Some(true)) = Pin::new(&mut self.ended).poll_next(context) {
            return Err(io::ErrorKind::ConnectionAborted.into());
        }
        let silence = self.silence.as_mut();
        if silence.is_some_and(|silence| silence.as_mut().poll(context).is_ready()) {
            return Err(io::ErrorKind::TimedOut.into());
        }
        Ok(())
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
        if buffer.filled().len() > before {
            self.silence = None;
        }
        read
    }
}

impl AsyncWrite for Connection {
    fn poll_write(mut self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        match &mut self.line {
            Line::Plain(stream) => Pin::new(stream).poll_write(context, bytes),
            Line::Encrypted(stream) => Pin::new(stream).poll_write(context, bytes),
        }
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffers: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        match &mut self.line {
            Line::Plain(stream) => Pin::new(stream).poll_write_vectored(context, buffers),
            Line::Encrypted(stream) => Pin::new(stream).poll_write_vectored(context, buffers),
        }
    }

    fn is_write_vectored(&self) -> bool {
        match &self.line {
            Line::Plain(stream) => stream.is_write_vectored(),
            Line::Encrypted(stream) => stream.is_write_vectored(),
        }
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        match &mut self.line {
            Line::Plain(stream) => Pin::new(stream).poll_flush(context),
            Line::Encrypted(stream) => Pin::new(stream).poll_flush(context),
        }
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        match &mut self.line {
            Line::Plain(stream) => Pin::new(stream).poll_shutdown(context),
            Line::Encrypted(stream) => Pin::new(stream).poll_shutdown(context),
        }
    }
}
