//! A page while it is filled, and where it ends.

use std::ops::ControlFlow;

use super::decision::Stored;
use crate::history::{Cursor, Page, PageSize};

/// Decisions that one page looks at before it ends early: far above what hash collisions ask for, low enough to answer in time.
const EXAMINED_MAX: usize = 10_000;
/// Bytes of records after which a page ends early: below them lies what any client takes, and records can be large.
const BYTES_MAX: usize = 3 * 1024 * 1024;

/// A page of what `accept` gives, and how far the log was looked at for it.
pub(super) struct Filling<T, F> {
    accept: F,
    size: PageSize,
    items: Vec<T>,
    /// Bytes of their records.
    bytes: usize,
    /// Behind the last of them.
    next: Option<Cursor>,
    examined: usize,
    examined_to: Option<Cursor>,
}

impl<T, F: FnMut(Stored) -> Option<T>> Filling<T, F> {
    pub(super) fn new(cursor: Option<Cursor>, size: PageSize, accept: F) -> Self {
        Self {
            accept,
            size,
            items: Vec::new(),
            bytes: 0,
            next: None,
            examined: 0,
            examined_to: cursor,
        }
    }

    /// Whether it may look at more decisions.
    pub(super) fn goes_on(&self) -> bool {
        self.examined < EXAMINED_MAX
    }

    /// How many decisions to look for: one more than there is room for tells whether another page follows.
    pub(super) fn wanted(&self) -> usize {
        (self.size.get() + 1).saturating_sub(self.items.len())
    }

    /// Behind the last decision it looked at.
    pub(super) fn examined_to(&self) -> Option<Cursor> {
        self.examined_to
    }

    /// Adds those that are accepted; breaks at the first that there is no room for.
    pub(super) fn add(&mut self, found: Vec<Stored>) -> ControlFlow<()> {
        self.examined += found.len();
        for stored in found {
            let here = Some(Cursor::behind(stored.log_index));
            let len = stored.record.len();
            if let Some(item) = (self.accept)(stored) {
                if self.items.len() == self.size.get() || self.bytes > BYTES_MAX {
                    return ControlFlow::Break(());
                }
                self.items.push(item);
                self.bytes += len;
                self.next = here;
            }
            self.examined_to = here;
        }
        ControlFlow::Continue(())
    }

    /// The page, full: more follows.
    pub(super) fn full(self) -> Page<T> {
        let (items, next) = (self.items, self.next);
        Page { items, next }
    }

    /// The page, where a search ended before it was full; it goes on from `next`, if anywhere.
    pub(super) fn ended_at(self, next: Option<Cursor>) -> Page<T> {
        let items = self.items;
        Page { items, next }
    }

    /// The page, where it looked at as many decisions as it may.
    pub(super) fn given_up(self) -> Page<T> {
        let (items, next) = (self.items, self.examined_to);
        Page { items, next }
    }
}
