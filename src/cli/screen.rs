//! Where a command writes.

use std::{
    io::{self, IsTerminal as _, Write},
    ops::ControlFlow,
};

use terminal_size::{Width, terminal_size_of};

/// Standard output for results, standard error for the rest. Colors are written always and taken out again where the stream
/// does not show them, so that the words are the same either way.
pub struct Screen {
    out: Box<dyn Write + Send>,
    err: Box<dyn Write + Send>,
    width: Option<usize>,
}

impl Screen {
    /// The streams of this process.
    #[must_use]
    pub fn of_process() -> Self {
        let terminal = io::stdout().is_terminal();
        let size = || terminal_size_of(io::stdout()).map_or(80, |(Width(columns), _)| usize::from(columns));
        Self::new(anstream::stdout(), anstream::stderr(), terminal.then(size))
    }

    /// Two streams, the first of which shows `width` columns when it is a terminal.
    #[must_use]
    pub fn new(out: impl Write + Send + 'static, err: impl Write + Send + 'static, width: Option<usize>) -> Self {
        Self {
            out: Box::new(out),
            err: Box::new(err),
            width,
        }
    }

    /// Columns of the terminal that shows the results; `None` when they go to a file or another program.
    #[must_use]
    pub const fn width(&self) -> Option<usize> {
        self.width
    }

    /// Writes a result. Breaks when nobody reads any more, as under `head`: a reason to stop, not a failure.
    ///
    /// # Errors
    ///
    /// When the result cannot be written for another reason.
    pub fn print(&mut self, text: &str) -> io::Result<ControlFlow<()>> {
        let written = self.out.write_all(text.as_bytes()).and_then(|()| self.out.flush());
        match written {
            Ok(()) => Ok(ControlFlow::Continue(())),
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(ControlFlow::Break(())),
            Err(error) => Err(error),
        }
    }

    /// Writes a line to standard error; there is nowhere to tell when that fails.
    pub fn note(&mut self, line: &str) {
        let _ = writeln!(self.err, "{line}");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Failing(io::ErrorKind);

    impl Write for Failing {
        fn write(&mut self, _: &[u8]) -> io::Result<usize> {
            Err(self.0.into())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn a_broken_pipe_ends_the_output_and_is_no_failure() {
        let mut screen = Screen::new(Failing(io::ErrorKind::BrokenPipe), io::sink(), None);
        assert_eq!(screen.print("x").unwrap(), ControlFlow::Break(()));
    }

    #[test]
    fn a_full_disk_is_a_failure() {
        let mut screen = Screen::new(Failing(io::ErrorKind::StorageFull), io::sink(), None);
        assert!(screen.print("x").is_err());
    }
}
