//! Answers of many calls in few writes.
//!
//! HTTP/2 flushes each piece of an answer by itself, two for a small one, and each of them costs a call of the kernel here and wakes the client.
//! So what is flushed is held until the connection has its next turn, which comes at once: behind the calls that are ready by now, so
//! that the answers of one transaction go out together.

use std::{
    io::{self, IoSlice},
    pin::Pin,
    task::{Context, Poll, ready},
};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tonic::transport::server::Connected;

/// Most bytes that are held.
const HELD_MAX: usize = 64 * 1024;

/// A line to somebody that speaks HTTP/2, whose server reads in each turn before it flushes.
#[derive(Debug)]
pub(super) struct Gathered<S> {
    line: S,
    /// What was written, and how much of that the line took.
    held: Vec<u8>,
    sent: usize,
    flush: Flush,
}

/// What is to be done about what is held.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Flush {
    /// Nothing, nobody asked.
    Unasked,
    /// It was asked for in this turn; the next will come.
    Asked,
    /// The next turn has come.
    Due,
}

impl<S> Gathered<S> {
    pub(super) fn new(line: S) -> Self {
        Self {
            line,
            held: Vec::new(),
            sent: 0,
            // Whoever waits for the server's greeting gets it at once.
            flush: Flush::Due,
        }
    }
}

impl<S: AsyncWrite + Unpin> Gathered<S> {
    /// Sends what is held.
    fn poll_send(&mut self, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        while let Some(rest) = self.held.get(self.sent..).filter(|rest| !rest.is_empty()) {
            match ready!(Pin::new(&mut self.line).poll_write(context, rest))? {
                0 => return Poll::Ready(Err(io::ErrorKind::WriteZero.into())),
                taken => self.sent += taken,
            }
        }
        // An idle connection holds no memory for this.
        (self.held, self.sent, self.flush) = (Vec::new(), 0, Flush::Unasked);
        Poll::Ready(Ok(()))
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Gathered<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        if self.flush == Flush::Asked {
            self.flush = Flush::Due;
        }
        Pin::new(&mut self.line).poll_read(context, buffer)
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Gathered<S> {
    fn poll_write(self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        self.poll_write_vectored(context, &[IoSlice::new(bytes)])
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffers: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let len: usize = buffers.iter().map(|buffer| buffer.len()).sum();
        if self.held.len() + len > HELD_MAX {
            ready!(self.poll_send(context))?;
        }
        if len > HELD_MAX {
            return Pin::new(&mut self.line).poll_write_vectored(context, buffers);
        }
        if self.held.is_empty() {
            self.held.reserve_exact(HELD_MAX);
        }
        for buffer in buffers {
            self.held.extend_from_slice(buffer);
        }
        Poll::Ready(Ok(len))
    }

    fn is_write_vectored(&self) -> bool {
        true
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        match self.flush {
            Flush::Unasked if !self.held.is_empty() => {
                self.flush = Flush::Asked;
                context.waker().wake_by_ref();
                Poll::Ready(Ok(()))
            }
            Flush::Asked => Poll::Ready(Ok(())),
            Flush::Unasked | Flush::Due => {
                ready!(self.poll_send(context))?;
                Pin::new(&mut self.line).poll_flush(context)
            }
        }
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        ready!(self.poll_send(context))?;
        Pin::new(&mut self.line).poll_shutdown(context)
    }
}

impl<S: Connected> Connected for Gathered<S> {
    type ConnectInfo = S::ConnectInfo;

    fn connect_info(&self) -> S::ConnectInfo {
        self.line.connect_info()
    }
}

#[cfg(test)]
mod tests {
    use std::{
        sync::{
            Arc,
            atomic::{AtomicUsize, Ordering},
        },
        task::{Wake, Waker},
    };

    use proptest::prelude::*;

    use super::*;

    /// Takes so many bytes at a time, and nothing while it is blocked.
    #[derive(Debug, Default)]
    struct Line {
        writes: Vec<Vec<u8>>,
        len_max: Option<usize>,
        is_blocked: bool,
        is_shut: bool,
    }

    impl AsyncRead for Line {
        fn poll_read(self: Pin<&mut Self>, _: &mut Context<'_>, _: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
            Poll::Pending
        }
    }

    impl AsyncWrite for Line {
        fn poll_write(mut self: Pin<&mut Self>, _: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
            if self.is_blocked {
                return Poll::Pending;
            }
            let len = bytes.len().min(self.len_max.unwrap_or(usize::MAX));
            self.writes.push(bytes[..len].to_vec());
            Poll::Ready(Ok(len))
        }

        fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
            Poll::Ready(Ok(()))
        }

        fn poll_shutdown(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
            self.is_shut = true;
            Poll::Ready(Ok(()))
        }
    }

    /// Counts the turns that were asked for.
    #[derive(Debug, Default)]
    struct Turns(AtomicUsize);

    impl Wake for Turns {
        fn wake(self: Arc<Self>) {
            self.0.fetch_add(1, Ordering::Relaxed);
        }
    }

    /// A line as the transport uses it.
    struct Transport {
        line: Gathered<Line>,
        turns: Arc<Turns>,
    }

    impl Transport {
        /// One whose greeting is sent.
        fn new(line: Line) -> Self {
            let mut transport = Self {
                line: Gathered::new(line),
                turns: Arc::default(),
            };
            transport.flush();
            transport
        }

        fn poll<T>(&mut self, poll: impl FnOnce(Pin<&mut Gathered<Line>>, &mut Context<'_>) -> Poll<T>) -> Option<T> {
            let waker = Waker::from(Arc::clone(&self.turns));
            match poll(Pin::new(&mut self.line), &mut Context::from_waker(&waker)) {
                Poll::Ready(done) => Some(done),
                Poll::Pending => None,
            }
        }

        /// Begins a turn.
        fn read(&mut self) {
            self.poll(|line, context| line.poll_read(context, &mut ReadBuf::new(&mut [0; 16])).map(drop));
        }

        fn write(&mut self, bytes: &[u8]) -> Option<usize> {
            self.poll(|line, context| line.poll_write(context, bytes))
                .map(Result::unwrap)
        }

        fn flush(&mut self) -> bool {
            self.poll(AsyncWrite::poll_flush).map(Result::unwrap).is_some()
        }

        fn writes(&self) -> &[Vec<u8>] {
            &self.line.line.writes
        }

        fn turns(&self) -> usize {
            self.turns.0.load(Ordering::Relaxed)
        }
    }

    #[test]
    fn a_greeting_goes_at_once() {
        let mut transport = Transport {
            line: Gathered::new(Line::default()),
            turns: Arc::default(),
        };
        transport.write(b"settings");
        assert!(transport.flush());
        assert_eq!(
            (transport.writes(), transport.turns()),
            (&[b"settings".to_vec()][..], 0)
        );
    }

    #[test]
    fn pieces_flushed_in_one_turn_go_together_in_the_next_which_is_asked_for_once() {
        let mut transport = Transport::new(Line::default());
        for piece in ["one", "two", "three"] {
            transport.write(piece.as_bytes());
            assert!(transport.flush());
        }
        assert_eq!((transport.writes().len(), transport.turns()), (0, 1));
        transport.read();
        assert!(transport.flush());
        assert_eq!(
            (transport.writes(), transport.turns()),
            (&[b"onetwothree".to_vec()][..], 1)
        );
        // Nothing is held, and so nothing more is asked for.
        transport.read();
        assert!(transport.flush());
        assert_eq!(transport.turns(), 1);
    }

    #[test]
    fn no_more_is_held_than_there_is_room_for() {
        let mut transport = Transport::new(Line {
            is_blocked: true,
            ..Line::default()
        });
        assert_eq!(transport.write(&vec![1; HELD_MAX]), Some(HELD_MAX));
        assert_eq!(transport.write(&[2]), None);
        transport.line.line.is_blocked = false;
        assert_eq!(transport.write(&[2]), Some(1));
        assert_eq!(transport.writes(), [vec![1; HELD_MAX]]);
        // What has no room at all goes as it is, behind what is held.
        assert_eq!(transport.write(&vec![3; HELD_MAX + 1]), Some(HELD_MAX + 1));
        assert_eq!(transport.writes()[1..], [vec![2], vec![3; HELD_MAX + 1]]);
    }

    #[test]
    fn an_end_sends_what_is_held() {
        let mut transport = Transport::new(Line::default());
        transport.write(b"goodbye");
        assert!(transport.flush());
        transport.poll(AsyncWrite::poll_shutdown).unwrap().unwrap();
        assert_eq!(transport.writes(), [b"goodbye"]);
        assert!(transport.line.line.is_shut);
    }

    #[test]
    fn a_line_that_takes_nothing_any_more_is_an_error() {
        let mut transport = Transport::new(Line {
            len_max: Some(0),
            ..Line::default()
        });
        transport.write(b"lost");
        let ended = transport.poll(AsyncWrite::poll_shutdown).unwrap();
        assert_eq!(ended.unwrap_err().kind(), io::ErrorKind::WriteZero);
    }

    proptest! {
        #[test]
        fn all_that_was_written_arrives_in_order(
            steps in prop::collection::vec((0..3u8, 0..HELD_MAX / 2), 1..40),
            len_max in 1..HELD_MAX,
        ) {
            let mut transport = Transport::new(Line { len_max: Some(len_max), ..Line::default() });
            let mut written = Vec::new();
            for (number, (step, len)) in steps.into_iter().enumerate() {
                match step {
                    0 => transport.read(),
                    1 => assert!(transport.flush()),
                    _ => {
                        let bytes = vec![u8::try_from(number).unwrap(); len];
                        let taken = transport.write(&bytes).unwrap();
                        written.extend_from_slice(&bytes[..taken]);
                    }
                }
            }
            transport.flush();
            transport.read();
            transport.flush();
            prop_assert!(transport.writes().concat() == written);
        }
    }
}
