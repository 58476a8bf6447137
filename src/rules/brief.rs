//! Places of the brief of February 2011 that more than one condition cites.

use crate::verdict::Citation;

/// Names a place of the brief.
pub const fn place(section: &'static str, paragraph: &'static str) -> Citation {
    Citation { section, paragraph }
}

/// Section heading of the introduction, which has none of its own.
pub const INTRODUCTION: &str = "Introduction";
/// Section heading.
pub const ELIGIBILITY: &str = "Reimaging Eligibility";
/// Section heading.
pub const OEM: &str = "OEM Specific Information";
/// Section heading.
pub const QUESTIONS: &str = "Frequently Asked Questions";
