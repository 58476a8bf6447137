//! How far a long command is: a bar on standard error, drawn only on a terminal.

use indicatif::{ProgressBar, ProgressStyle};

const TEMPLATE: &str = "reproducing {wide_bar} {pos} of {len}, {eta} left";

/// A bar, or nothing where nobody would see it.
pub(super) struct Progress(ProgressBar);

impl Progress {
    /// Nothing done of `total`.
    pub(super) fn new(total: u64) -> Self {
        let bar = ProgressBar::new(total);
        if let Ok(style) = ProgressStyle::with_template(TEMPLATE) {
            bar.set_style(style);
        }
        Self(bar)
    }

    /// One more is done.
    pub(super) fn step(&self) {
        self.0.inc(1);
    }

    /// Writes something else without mixing it into the bar.
    pub(super) fn beside<T>(&self, write: impl FnOnce() -> T) -> T {
        self.0.suspend(write)
    }

    /// Takes the bar away.
    pub(super) fn end(&self) {
        self.0.finish_and_clear();
    }
}
