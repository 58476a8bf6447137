//! Who asks: takes the next requests, sends them in one of the three ways, and holds the answers against what is right.

mod batch;
mod check;
mod result;
mod stream;

use std::sync::Arc;

pub use self::result::{DECIDED, REFUSED, is_refused};
use crate::{pool::Pool, workload::Workload};

/// Whether answers are what they must be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answers {
    /// Decided by the rules: a wrong verdict ends the run, since a fast server that answers wrongly is worth nothing.
    Decided,
    /// The same whatever was asked.
    Canned,
}

/// Asks one server.
#[derive(Clone, Debug)]
pub struct Asker {
    pool: Pool,
    workload: Arc<Workload>,
    answers: Answers,
}

impl Asker {
    /// Asks over these connections what the workload gives.
    pub fn new(pool: Pool, workload: &Arc<Workload>, answers: Answers) -> Self {
        Self {
            pool,
            workload: Arc::clone(workload),
            answers,
        }
    }
}
