//! The way of every history: a part of the log, the postings that meet in it, and the records of those.

use std::{
    collections::{BTreeMap, VecDeque},
    sync::Arc,
};

use sqlx::{SqliteConnection, sqlite::SqliteRow};

use super::{
    decision::{self, Stored},
    earlier::{Under, Unread},
    error::Failure,
    moment,
    posting::{Found, Index, meet, meet_each},
};
use crate::history::{Cursor, Filter, Order, Term, TimeRange};

/// More terms than any filter has. Terms beyond are left to the reader's check of the record.
const TERMS_MAX: usize = 16;

/// Bytes of records that are in memory at once beside those of the page, give or take one.
const LEN_AT_ONCE: usize = 1024 * 1024;

/// Bytes of records that are read for many keys at once, give or take what is under one: four of the largest, or thousands of the usual.
const LEN_A_LOOK: usize = 16 * 1024 * 1024;
/// Places whose records are read with one message.
const PLACES_AT_ONCE: usize = 256;

/// The records of a part of the log, from one end, of at most ?4 bytes each ...
pub(super) const UP_SQL: &str = "SELECT log_index, iif(octet_length(record) <= ?4, record, NULL) FROM decision \
    WHERE log_index >= ?1 AND log_index < ?2 ORDER BY log_index LIMIT ?3";
/// ... or the other.
pub(super) const DOWN_SQL: &str = "SELECT log_index, iif(octet_length(record) <= ?4, record, NULL) FROM decision \
    WHERE log_index >= ?1 AND log_index < ?2 ORDER BY log_index DESC LIMIT ?3";
/// The records at the places listed in ?1, a JSON array, in its order, of at most ?2 bytes each.
pub(super) const LISTED_SQL: &str = "SELECT d.log_index, iif(octet_length(d.record) <= ?2, d.record, NULL) FROM json_each(?1) AS listed \
    CROSS JOIN decision AS d ON d.log_index = listed.value ORDER BY listed.key";

/// Decisions that a search found, in order, whose records are still to be read.
pub(super) struct Searched {
    places: Places,
    /// Where to go on, when the search ended before it was through.
    pub(super) examined_to: Option<Cursor>,
}

enum Places {
    /// The first of a part of the log, at most so many.
    Part {
        from: i64,
        end: i64,
        order: Order,
        left: usize,
    },
    Listed(VecDeque<i64>),
}

/// Looks for decisions that have all terms of the filter (or share their numbers) and lie within its time range, at most
/// `count_max`. The connection is in a transaction, so that everything is seen at one moment.
pub(super) async fn run(
    connection: &mut SqliteConnection,
    filter: &Filter,
    order: Order,
    cursor: Option<Cursor>,
    count_max: usize,
) -> Result<Searched, Failure> {
    let (from, end) = part(connection, filter.within(), order, cursor).await?;
    let terms: Vec<i64> = filter
        .terms()
        .iter()
        .take(TERMS_MAX)
        .map(|term| term.stored())
        .collect();
    if terms.is_empty() {
        let left = count_max;
        return Ok(Searched {
            places: Places::Part { from, end, order, left },
            examined_to: None,
        });
    }
    let index = Index::load(connection).await?;
    let Found { indices, examined_to } = meet(connection, &index, &terms, (from, end), order, count_max).await?;
    Ok(Searched {
        places: Places::Listed(indices.into()),
        examined_to: examined_to.map(|index| Cursor::behind(index.cast_unsigned())),
    })
}

impl Searched {
    /// The next records, at most `rows_max`, and fewer where they are large; none when all were read.
    pub(super) async fn read(
        &mut self,
        connection: &mut SqliteConnection,
        rows_max: usize,
    ) -> Result<Vec<Stored>, Failure> {
        let asked = rows_max.min(self.places.left());
        let rows = self.places.rows(connection, asked).await?;
        let mut read = Vec::with_capacity(rows.len());
        let mut len: usize = 0;
        for row in &rows {
            let stored = decision::whole(connection, row).await?;
            len = len.saturating_add(stored.record.len());
            read.push(stored);
            if len > LEN_AT_ONCE {
                break;
            }
        }
        if let Some(last) = read.last() {
            let is_end = read.len() == rows.len() && rows.len() < asked;
            self.places.go_behind(last.log_index.cast_signed(), read.len(), is_end);
        }
        Ok(read)
    }
}

impl Places {
    fn left(&self) -> usize {
        match self {
            Self::Part { left, .. } => *left,
            Self::Listed(indices) => indices.len(),
        }
    }

    /// The next rows, large records left out.
    async fn rows(&self, connection: &mut SqliteConnection, count: usize) -> Result<Vec<SqliteRow>, sqlx::Error> {
        match self {
            _ if count == 0 => Ok(Vec::new()),
            Self::Listed(indices) => listed(connection, indices.iter().take(count)).await,
            Self::Part { from, end, order, .. } => {
                let sql = match order {
                    Order::NewestFirst => DOWN_SQL,
                    Order::OldestFirst => UP_SQL,
                };
                let rows = sqlx::query(sql).bind(*from).bind(*end);
                let rows = rows.bind(i64::try_from(count).unwrap_or(i64::MAX));
                rows.bind(decision::LIGHT_LEN_MAX).fetch_all(connection).await
            }
        }
    }

    /// Leaves out what was read: `count` decisions up to `last`. `is_end` where fewer came than were asked for.
    fn go_behind(&mut self, last: i64, count: usize, is_end: bool) {
        match self {
            Self::Listed(indices) => while indices.pop_front().is_some_and(|index| index != last) {},
            Self::Part { from, end, order, left } => {
                *left = if is_end { 0 } else { left.saturating_sub(count) };
                match order {
                    Order::NewestFirst => *end = last,
                    Order::OldestFirst => *from = last.saturating_add(1),
                }
            }
        }
    }
}

/// Every decision that has all terms of one of the sets, each looked for from a log index on, by set and in the order of the log. Sets that
/// find no room beside those before them are not read.
pub(super) async fn all<const N: usize>(
    connection: &mut SqliteConnection,
    sets: BTreeMap<[Term; N], u64>,
) -> Result<BTreeMap<[Term; N], Under>, Failure> {
    let index = Index::load(connection).await?;
    let from = |from: u64| i64::try_from(from).unwrap_or(i64::MAX);
    let asked: Vec<_> = sets
        .iter()
        .map(|(set, &first)| (set.map(Term::stored), from(first)))
        .collect();
    let mut places = meet_each(connection, &index, &asked).await?;
    places.sort_unstable();
    let mut all: Vec<Result<Vec<Stored>, Unread>> = vec![Ok(Vec::new()); sets.len()];
    let mut len: usize = 0;
    for part in places.chunks(PLACES_AT_ONCE) {
        if len > LEN_A_LOOK {
            for &(set, _) in part {
                if let Some(under) = all.get_mut(set) {
                    *under = Err(Unread::TooMuch);
                }
            }
            continue;
        }
        let rows = listed(connection, part.iter().map(|(_, index)| index)).await?;
        // The records come in the order of the places.
        let mut part = part.iter();
        for row in &rows {
            let index = decision::index(row)?.cast_signed();
            let set = part.find(|(_, place)| *place == index).map(|&(set, _)| set);
            let Some(under) = set.and_then(|set| all.get_mut(set)) else {
                continue;
            };
            let Ok(read) = under else { continue };
            if read.is_empty() && len > LEN_A_LOOK {
                *under = Err(Unread::TooMuch);
                continue;
            }
            match decision::whole(connection, row).await {
                Ok(stored) => {
                    len = len.saturating_add(stored.record.len());
                    read.push(stored);
                }
                Err(Failure::Malformed(row)) => *under = Err(row.into()),
                Err(failure) => return Err(failure),
            }
        }
    }
    let all = all.into_iter().map(|under| under.map(Arc::from));
    Ok(sets.into_keys().zip(all).collect())
}

/// The records of decisions, in the order given, large ones left out.
async fn listed(
    connection: &mut SqliteConnection,
    indices: impl Iterator<Item = &i64>,
) -> Result<Vec<SqliteRow>, sqlx::Error> {
    let list: Vec<String> = indices.map(i64::to_string).collect();
    if list.is_empty() {
        return Ok(Vec::new());
    }
    let rows = sqlx::query(LISTED_SQL).bind(format!("[{}]", list.join(",")));
    let rows = rows.bind(decision::LIGHT_LEN_MAX);
    rows.fetch_all(connection).await
}

/// The part of the log that is left behind the cursor and within the time range.
async fn part(
    connection: &mut SqliteConnection,
    within: TimeRange,
    order: Order,
    cursor: Option<Cursor>,
) -> Result<(i64, i64), sqlx::Error> {
    let cursor = cursor.map(|cursor| i64::try_from(cursor.log_index()).unwrap_or(i64::MAX));
    let (mut from, mut end) = match (order, cursor) {
        (_, None) => (0, i64::MAX),
        (Order::OldestFirst, Some(last)) => (last.saturating_add(1), i64::MAX),
        (Order::NewestFirst, Some(last)) => (0, last),
    };
    if let Some(after_us) = within.after_us {
        from = from.max(moment::first_at(connection, after_us).await?);
    }
    if let Some(before_us) = within.before_us {
        end = end.min(moment::first_at(connection, before_us).await?);
    }
    Ok((from, end))
}
