//! `verify-bundle`

use std::{
    collections::{BTreeMap, BTreeSet},
    fs::File,
    io::BufReader,
    path::PathBuf,
};

use clap::{Args, ValueHint};
use serde_json::json;

use super::{Ending, Failure, Screen, client, count::counted, failure::chain, text::harmless, verify};
use crate::{
    audit::{
        VerifierKey,
        bundle::{Bundle, BundleError, BundledRecord, RecordsError, Report},
    },
    catalogue::Catalogue,
    service::{catalogue_of, evaluate_again},
    wire::pb::ReproduceResult,
};

/// Verify an evidence bundle, without database and network
///
/// Shows that every record in the bundle stood in the log, with these bytes and at these places, when the checkpoint was signed; and
/// evaluates every decision again by the rules of this program and the catalogue in the bundle. docs/evidence.md says what a
/// bundle is, well enough to verify one without this program.
#[derive(Args, Debug)]
#[command(after_long_help = "\
Examples:
  reimage-rights verify-bundle bundle.zip --key imaging.example.com/rights/decisions+21417477+AepKbGPinFIKvvVQexMuxfmVR3auvr57kkIe6mkURtIs

The verifier key must come from elsewhere than the bundle: `reimage-rights key show` prints it on the machine of the service.

Exit codes:
  0  every record is proven, and every decision comes out as recorded
  3  something was altered, or is not proven; the first is named
  4  every record is proven, but some decisions come out otherwise now, or cannot be evaluated: by this program, or because the bundle lacks
     the catalogue that they name
  1  failed
  2  the file cannot be read or is no bundle, or bad usage")]
pub(super) struct VerifyBundleArgs {
    /// The bundle
    #[arg(value_name = "FILE", value_hint = ValueHint::FilePath)]
    file: PathBuf,
    /// Believe a checkpoint that this verifier key signed
    #[arg(long, value_name = "VKEY", required = true)]
    key: Vec<VerifierKey>,
    /// Print the report as JSON
    #[arg(long)]
    json: bool,
}

/// What came out of the decisions, by their log index.
#[derive(Default)]
struct Again {
    differ: Vec<u64>,
    cannot: Vec<u64>,
    /// Those that name a catalogue which is not in the bundle, by its digest.
    lacking: BTreeMap<String, Vec<u64>>,
}

impl Again {
    fn is_same(&self) -> bool {
        self.differ.is_empty() && self.cannot.is_empty() && self.lacking.is_empty()
    }
}

impl VerifyBundleArgs {
    /// Verifies and prints what came out.
    pub(super) fn run(&self, screen: &mut Screen) -> Result<Ending, Failure> {
        let file = File::open(&self.file)
            .map_err(|error| Failure::BadInput(format!("`{}` cannot be read: {error}", self.file.display())))?;
        let keys = self.key.iter().cloned().collect();
        let mut again = Again::default();
        let verified = Bundle::open(BufReader::new(file), &keys).and_then(|mut bundle| {
            let report = records(&mut bundle, &mut again)?;
            let checkpoint = bundle.checkpoint();
            let place = format!("{} at {}", checkpoint.origin, checkpoint.size);
            Ok((report, place, bundle.manifest().selection.clone()))
        });
        match verified {
            Ok((report, place, selection)) => self.tell(&report, &place, &selection, &again, screen),
            Err(error @ BundleError::NoBundle(_)) => {
                let words = format!("`{}`: {}", self.file.display(), harmless(&chain(&error)));
                Err(Failure::BadInput(words))
            }
            Err(error) => {
                let words = harmless(&chain(&error));
                let text = if self.json {
                    client::json(&json!({ "intact": false, "fault": words }))?
                } else {
                    format!("NOT INTACT: {words}\n")
                };
                let _ = screen.print(&text)?;
                Ok(Ending::No)
            }
        }
    }

    fn tell(
        &self,
        report: &Report,
        place: &str,
        selection: &str,
        again: &Again,
        screen: &mut Screen,
    ) -> Result<Ending, Failure> {
        let text = if self.json {
            client::json(&json!({
                "intact": true,
                "records": report.records,
                "checkpoint": place,
                "gapless": report.is_gapless(),
                "selection": selection,
                "differ": again.differ,
                "cannotEvaluate": again.cannot,
                "catalogueMissing": again.lacking,
            }))?
        } else {
            text(report, place, again)
        };
        let _ = screen.print(&text)?;
        Ok(if again.is_same() { Ending::Good } else { Ending::Unsure })
    }
}

/// Checks every record, and evaluates it again.
fn records(bundle: &mut Bundle<BufReader<File>>, again: &mut Again) -> Result<Report, BundleError> {
    let catalogues: BTreeMap<String, Catalogue> = bundle
        .catalogues()
        .iter()
        .filter_map(|(digest, bytes)| Some((digest.clone(), Catalogue::from_bytes(bytes).ok()?)))
        .collect();
    let digests: BTreeSet<String> = bundle.catalogues().keys().cloned().collect();
    let each = |record: &BundledRecord<'_>| {
        match evaluate_again(record.record, record.log_index, &catalogues) {
            ReproduceResult::Same => {}
            ReproduceResult::Differs => again.differ.push(record.log_index),
            ReproduceResult::Cannot | ReproduceResult::Unspecified => {
                // Whoever made the bundle left it out, which is not for want of a program.
                let named = catalogue_of(record.record, record.log_index);
                match named.filter(|digest| !digests.contains(digest)) {
                    Some(digest) => again.lacking.entry(digest).or_default().push(record.log_index),
                    None => again.cannot.push(record.log_index),
                }
            }
        }
        Ok::<_, std::convert::Infallible>(())
    };
    bundle.records(each).map_err(|error| match error {
        RecordsError::Bundle(error) => error,
        RecordsError::Stopped { error, .. } => match error {},
    })
}

fn text(report: &Report, place: &str, again: &Again) -> String {
    let gaps = match report.range {
        None => String::new(),
        Some((only, last)) if only == last => format!(", log index {only}"),
        Some((first, last)) if report.is_gapless() => format!(", log index {first} to {last} without a gap"),
        Some((first, last)) => format!(", between log index {first} and {last}"),
    };
    let told = format!("intact\n{}{gaps}, in {place}\n", counted(report.records, "record"));
    let outcomes = [&again.differ, &again.cannot].map(|named| (named.as_slice(), named.len() as u64));
    told + &verify::outcomes(outcomes) + &lacking(again)
}

/// A line for each catalogue that the bundle lacks, with the first decisions that name it.
fn lacking(again: &Again) -> String {
    const NAMED_MAX: usize = 20;
    let line = |(digest, named): (&String, &Vec<u64>)| {
        let count = counted(named.len() as u64, "decision");
        let name = if named.len() == 1 { "names" } else { "name" };
        let more = if named.len() > NAMED_MAX { ", ..." } else { "" };
        let named: Vec<String> = named.iter().take(NAMED_MAX).map(u64::to_string).collect();
        format!(
            "{count} {name} the catalogue `{}`, which is not in the bundle: ask whoever made it for one that is whole; log index {}{more}\n",
            harmless(digest),
            named.join(", ")
        )
    };
    again.lacking.iter().map(line).collect()
}
