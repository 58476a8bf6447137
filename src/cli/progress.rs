//! How far a long command is: a bar on standard error, drawn only on a terminal.

use indicatif::{ProgressBar, ProgressStyle};

const TEMPLATE: &str = "{msg} {wide_bar} {pos} of {len}, {eta} left";

/// A bar, or nothing where nobody would see it. Clones are one bar.
#[derive(Clone)]
pub(super) struct Progress(ProgressBar);

impl Progress {
    /// Nothing done of `total`; `doing` says what is done.
    pub(super) fn new(doing: &'static str, total: u64) -> Self {
        let bar = ProgressBar::new(total).with_message(doing);
        if let Ok(style) = ProgressStyle::with_template(TEMPLATE) {
            bar.set_style(style);
        }
        Self(bar)
    }

    /// So many more are done.
    pub(super) fn advance(&self, count: u64) {
        self.0.inc(count);
    }

    /// There are so many to do.
    pub(super) fn expect(&self, total: u64) {
        self.0.set_length(total);
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
