//! Commands that leave half of a file where they are ended on their way: told to end, they take it away first.

use super::{Ending, Failure};
use crate::app::{Signal, Signals};

/// Does what a command does, unless a signal ends it before.
pub(super) async fn unless_told(command: impl Future<Output = Result<Ending, Failure>>) -> Result<Ending, Failure> {
    let mut signals = Signals::hear()?;
    tokio::select! {
        ended = command => ended,
        signal = signals.next() => Ok(Ending::Told(signal)),
    }
}

/// The exit code of a process that such a signal ended, as shells tell it.
pub(super) const fn code(signal: Signal) -> u8 {
    match signal {
        Signal::HangUp => 129,
        Signal::Interrupt => 130,
        Signal::Terminate => 143,
    }
}
