//! Places in a licensing brief.

/// A section and paragraph of the brief; the edition is that of the rules which cite it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Citation {
    /// Section heading.
    pub section: &'static str,
    /// Paragraph, bullet, example or question within it.
    pub paragraph: &'static str,
}
