//! Figures that other programs found and left in files: a peer under the same load, and the rules core alone.

use std::{fs, path::Path};

use serde::Serialize;
use serde_json::Value;

/// Where criterion leaves what one evaluation of the typical request takes.
const EVALUATION: &str = "target/criterion/evaluate/typical/1x1/new/estimates.json";

/// What other programs found; `None` where they did not run.
#[derive(Debug, Serialize)]
pub struct Outside {
    /// Everything about the peer.
    pub peer: Option<Value>,
    /// Checks of this program for each of the peer, under the same load.
    pub peer_ratio: Option<f64>,
    /// Microseconds of one evaluation, the rules core alone.
    pub evaluation_us: Option<f64>,
}

impl Outside {
    /// Reads what is there.
    pub fn read(peer: &Path) -> Self {
        let peer = json(peer);
        let ratio = peer.as_ref().and_then(|peer| peer.pointer("/ratio")?.as_f64());
        let evaluation = json(Path::new(EVALUATION));
        let nanoseconds = evaluation.and_then(|estimates| estimates.pointer("/median/point_estimate")?.as_f64());
        Self {
            peer_ratio: ratio,
            peer,
            evaluation_us: nanoseconds.map(|nanoseconds| nanoseconds / 1000.0),
        }
    }
}

fn json(path: &Path) -> Option<Value> {
    serde_json::from_slice(&fs::read(path).ok()?).ok()
}
