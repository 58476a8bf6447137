//! License records of Snipe-IT: each is a thing of its own. They hold no channel.

use super::asset_intelligence::each_record;
use crate::report::{Report, item::Item, record::Record};

/// What the makers, suppliers and categories of licenses are called is no license.
pub(super) fn items(report: &Report) -> Vec<Item> {
    each_record(report, |record: &Record| {
        matches!(record.section.as_str(), "" | "rows" | "license")
    })
}
