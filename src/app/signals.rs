//! The signals that ask a process to end, and one that must not end it.

use std::{fs, io};

use tokio::signal::unix::{Signal as Heard, SignalKind, signal};

/// A signal that asks the process to end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Signal {
    /// The terminal was closed.
    HangUp,
    /// Ctrl-C.
    Interrupt,
    /// `kill`, and whoever runs services.
    Terminate,
}

/// Hears those signals, which from then on end nothing by themselves.
#[derive(Debug)]
pub struct Signals {
    hang_up: Option<Heard>,
    interrupt: Heard,
    terminate: Heard,
}

impl Signals {
    /// Hears them from now on.
    ///
    /// # Errors
    ///
    /// Those of the operating system.
    pub fn hear() -> io::Result<Self> {
        // What was started to outlive its terminal, by `nohup`, is not to hear of the end of that.
        let outlives = is_ignored(SignalKind::hangup()).unwrap_or(true);
        Ok(Self {
            hang_up: (!outlives).then(|| signal(SignalKind::hangup())).transpose()?,
            interrupt: signal(SignalKind::interrupt())?,
            terminate: signal(SignalKind::terminate())?,
        })
    }

    /// Waits for the next.
    pub async fn next(&mut self) -> Signal {
        let hung_up = async {
            match &mut self.hang_up {
                Some(hang_up) => hang_up.recv().await,
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            _ = hung_up => Signal::HangUp,
            _ = self.interrupt.recv() => Signal::Interrupt,
            _ = self.terminate.recv() => Signal::Terminate,
        }
    }
}

/// Lets a file that would grow beyond what the process may write be a write that fails, which is handled, and not the end of the process, which is
/// what the signal beside it means where nobody hears it.
///
/// # Errors
///
/// Those of the operating system.
pub fn outlive_file_limit() -> io::Result<()> {
    /// The number of SIGXFSZ, which Linux has on all but a few architectures, and macOS and the BSDs have too.
    const FILE_TOO_LARGE: i32 = 25;
    // It stays heard when nobody listens any more.
    signal(SignalKind::from_raw(FILE_TOO_LARGE)).map(drop)
}

/// Whether the process was started so that a signal does not reach it; `None` where the operating system does not tell.
fn is_ignored(kind: SignalKind) -> Option<bool> {
    is_in_mask(&fs::read_to_string("/proc/self/status").ok()?, kind.as_raw_value())
}

fn is_in_mask(status: &str, number: i32) -> Option<bool> {
    let mask = status.lines().find_map(|line| line.strip_prefix("SigIgn:"))?;
    let mask = u64::from_str_radix(mask.trim(), 16).ok()?;
    let bit = number.checked_sub(1)?.try_into().ok()?;
    Some(mask.checked_shr(bit)? & 1 == 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_signal_is_ignored_as_the_mask_says() {
        let status = "Name:\tx\nSigIgn:\t0000000000001001\nSigCgt:\tffffffffffffffff\n";
        assert_eq!(is_in_mask(status, 1), Some(true));
        assert_eq!(is_in_mask(status, 2), Some(false));
        assert_eq!(is_in_mask(status, 13), Some(true));
        assert_eq!(is_in_mask("Name:\tx\n", 1), None);
    }
}
