//! One page of a history.

use thiserror::Error;

use super::Cursor;

/// One page of what was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page<T> {
    /// What was found, in the order asked for. It can be less than a page although more follows.
    pub items: Vec<T>,
    /// Where the next page begins; `None` on the last one.
    pub next: Option<Cursor>,
}

/// How many decisions a page holds at most.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PageSize(u16);

/// A page size out of bounds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("`{0}` is no page size; give 1 to {max}, or 0 for {default}", max = PageSize::MAX.0, default = PageSize::DEFAULT.0)]
pub struct PageSizeError(u32);

impl PageSize {
    /// What a page holds when nobody says.
    pub const DEFAULT: Self = Self(50);
    /// The most a page can hold.
    pub const MAX: Self = Self(1000);

    /// Reads a page size; 0 is the default.
    ///
    /// # Errors
    /// More than [`PageSize::MAX`].
    pub fn parse(size: u32) -> Result<Self, PageSizeError> {
        match u16::try_from(size) {
            Ok(0) => Ok(Self::DEFAULT),
            Ok(size) if size <= Self::MAX.0 => Ok(Self(size)),
            _ => Err(PageSizeError(size)),
        }
    }

    /// The size as a count.
    #[must_use]
    pub fn get(self) -> usize {
        self.0.into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn page_sizes_have_bounds_and_a_default() {
        assert_eq!(PageSize::parse(0), Ok(PageSize::DEFAULT));
        assert_eq!(PageSize::parse(1).map(PageSize::get), Ok(1));
        assert_eq!(PageSize::parse(1000), Ok(PageSize::MAX));
        assert_eq!(PageSize::parse(1001), Err(PageSizeError(1001)));
        assert_eq!(
            PageSizeError(70_000).to_string(),
            "`70000` is no page size; give 1 to 1000, or 0 for 50"
        );
    }
}
