//! Pages of the history: at several depths, by every kind of filter, each call on other values or on the page behind.

mod question;
mod walk;

use std::time::Instant;

use self::{
    question::{QUESTIONS, Question},
    walk::Walk,
};
use crate::{
    arena::Arena,
    count::figure,
    filled::Known,
    latency::Samples,
    pool::Client,
    random::Random,
    report::{Row, Subject},
};

/// Decisions on a page.
const PAGE_LEN: u32 = 50;
/// Decisions on a page while walking to a depth.
const STRIDE: u32 = 1_000;

/// How one question is asked again and again.
enum Way {
    /// With other values each time.
    Fresh(Question),
    /// Page after page.
    Pages(Box<Walk>),
}

/// One question and what became of it.
struct Asked {
    name: String,
    way: Way,
    samples: Samples,
    decisions: usize,
}

/// Asks every question in turn, and that again and again, so that all see the same mood of the machine.
pub async fn history(arena: &Arena<'_>, known: &Known) -> anyhow::Result<Vec<Row>> {
    let mut client = arena.server.client().await?;
    let mut asked = Vec::new();
    for question in QUESTIONS {
        for page in question.pages {
            match Walk::to(&mut client, question.request(known, &mut known.random()), *page).await? {
                Some(walk) => asked.push(Asked::new(
                    format!("{}, page {page}", question.name),
                    Way::Pages(Box::new(walk)),
                )),
                None => eprintln!("  history: {} has no page {page}", question.name),
            }
        }
        if question.pages.is_empty() {
            asked.push(Asked::new(question.name.to_owned(), Way::Fresh(question)));
        }
    }
    let mut random = known.random();
    for _ in 0..arena.arguments.calls {
        for asked in &mut asked {
            asked.ask(&mut client, known, &mut random).await?;
        }
    }
    let calls = u64::try_from(arena.arguments.calls)?;
    Ok(asked.into_iter().map(|asked| asked.row(calls)).collect())
}

impl Asked {
    fn new(name: String, way: Way) -> Self {
        Self {
            name,
            way,
            samples: Samples::default(),
            decisions: 0,
        }
    }

    async fn ask(&mut self, client: &mut Client, known: &Known, random: &mut Random) -> anyhow::Result<()> {
        let request = match &self.way {
            Way::Fresh(question) => question.request(known, random),
            Way::Pages(walk) => walk.next_page(),
        };
        let begun = Instant::now();
        let page = client.history(request).await?.into_inner();
        self.samples.push(begun.elapsed());
        self.decisions += page.decisions.len();
        if let Way::Pages(walk) = &mut self.way {
            walk.went(page.next_page_token);
        }
        Ok(())
    }

    fn row(self, calls: u64) -> Row {
        let decisions = u64::try_from(self.decisions).unwrap_or(u64::MAX);
        let row = Row::of_calls("history", Subject::Page, &self.name, self.samples);
        row.with_per_call(figure(decisions) / figure(calls.max(1)))
    }
}
