//! What a database holds: how many decisions, over which time, and a few of them drawn from everywhere in the log.

use anyhow::Context as _;
use reimage_rights::wire::{Timestamp, pb};

use crate::{pool::Client, random::Random};

/// Places in the log that are looked at, and decisions taken at each.
const PLACE_COUNT: usize = 40;
const TAKEN: u32 = 10;

/// Some decisions of a database, and the time it spans.
#[derive(Debug)]
pub struct Known {
    seed: u64,
    began_us: i64,
    ended_us: i64,
    newest: Seen,
    seen: Vec<Seen>,
}

/// A decision that is in the database.
#[derive(Clone, Debug)]
pub struct Seen {
    /// Its id.
    pub decision_id: String,
    /// Its place in the log.
    pub log_index: u64,
    /// What was asked.
    pub request: pb::CheckRequest,
    decided_at_us: i64,
}

impl Known {
    /// Looks at random places of the log.
    pub async fn look(client: &mut Client, seed: u64) -> anyhow::Result<Self> {
        let newest = end(client, pb::DecisionOrder::NewestFirst).await?;
        let mut known = Self {
            seed,
            began_us: end(client, pb::DecisionOrder::OldestFirst).await?.decided_at_us,
            ended_us: newest.decided_at_us,
            newest,
            seen: Vec::new(),
        };
        let mut random = known.random();
        for _ in 0..PLACE_COUNT {
            let request = pb::HistoryRequest {
                decided_after: Some(Timestamp::from_microseconds(known.moment_us(&mut random, 0))),
                page_size: TAKEN,
                order: pb::DecisionOrder::OldestFirst.into(),
                ..pb::HistoryRequest::default()
            };
            for decision in client.history(request).await?.into_inner().decisions {
                known.seen.push(Seen::parse(decision)?);
            }
        }
        Ok(known)
    }

    /// Numbers to draw by.
    pub fn random(&self) -> Random {
        Random::new(self.seed)
    }

    /// One of the decisions.
    pub fn draw(&self, random: &mut Random) -> &Seen {
        let count = u64::try_from(self.seen.len()).unwrap_or_default();
        let place = usize::try_from(random.below(count)).unwrap_or_default();
        self.seen.get(place).unwrap_or(&self.newest)
    }

    /// The two ends of a random hundredth of the time that the log spans.
    pub fn hundredth(&self, random: &mut Random) -> (Timestamp, Timestamp) {
        let length = self.ended_us.saturating_sub(self.began_us) / 100;
        let after = self.moment_us(random, length);
        let before = after.saturating_add(length);
        (
            Timestamp::from_microseconds(after),
            Timestamp::from_microseconds(before),
        )
    }

    /// A random moment, at least so long before the end.
    fn moment_us(&self, random: &mut Random, before_end_us: i64) -> i64 {
        let span = self
            .ended_us
            .saturating_sub(self.began_us)
            .saturating_sub(before_end_us);
        let offset = random.below(span.max(1).unsigned_abs());
        self.began_us.saturating_add_unsigned(offset)
    }
}

impl Seen {
    fn parse(decision: pb::Decision) -> anyhow::Result<Self> {
        let moment = decision.decided_at.and_then(|at| at.moment());
        Ok(Self {
            decision_id: decision.decision_id,
            log_index: decision.log_index,
            request: decision.request.context("a decision without its request")?,
            decided_at_us: moment.context("a decision without a time")?.as_microsecond(),
        })
    }
}

/// How many decisions a database holds: the log has no gaps.
pub async fn decision_count(client: &mut Client) -> anyhow::Result<u64> {
    let newest = first(client, pb::DecisionOrder::NewestFirst).await?;
    Ok(newest.map_or(0, |decision| decision.log_index + 1))
}

async fn end(client: &mut Client, order: pb::DecisionOrder) -> anyhow::Result<Seen> {
    Seen::parse(first(client, order).await?.context("the database holds no decisions")?)
}

async fn first(client: &mut Client, order: pb::DecisionOrder) -> anyhow::Result<Option<pb::Decision>> {
    let request = pb::HistoryRequest {
        page_size: 1,
        order: order.into(),
        ..pb::HistoryRequest::default()
    };
    Ok(client.history(request).await?.into_inner().decisions.pop())
}
