//! What a verification came to, for people, for programs, and as an exit code.

use std::fmt::Write as _;

use serde_json::json;

use crate::{
    audit::Log,
    cli::{Ending, count::counted, text::harmless},
    service::{Report, Unchecked},
    wire::Timestamp,
};

/// What a verification came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Finding {
    Intact,
    /// What a copy has is right, and the log has gone on since.
    EarlierCopy,
    /// A key is lacking.
    CannotTell,
    NotIntact,
}

impl Finding {
    fn of(report: &Report) -> Self {
        if report.fault.is_some() {
            Self::NotIntact
        } else if !report.unchecked.is_empty() {
            Self::CannotTell
        } else if !report.later.is_empty() {
            Self::EarlierCopy
        } else {
            Self::Intact
        }
    }

    /// For people.
    fn headline(self) -> &'static str {
        match self {
            Self::Intact => "intact",
            Self::EarlierCopy => "EARLIER COPY",
            Self::CannotTell => "CANNOT TELL",
            Self::NotIntact => "NOT INTACT",
        }
    }

    /// For programs.
    fn code(self) -> &'static str {
        match self {
            Self::Intact => "INTACT",
            Self::EarlierCopy => "EARLIER_COPY",
            Self::CannotTell => "CANNOT_TELL",
            Self::NotIntact => "NOT_INTACT",
        }
    }
}

/// How the command ends.
pub(super) fn ending(report: &Report) -> Ending {
    match Finding::of(report) {
        Finding::NotIntact => Ending::No,
        Finding::EarlierCopy | Finding::CannotTell => Ending::Unsure,
        Finding::Intact if report.differ.1 + report.cannot.1 > 0 || !loose(report).is_empty() => Ending::Unsure,
        Finding::Intact => Ending::Good,
    }
}

/// What nothing vouches for, or only the database does. Beside a server that runs it is the last seconds; where none does, whoever could write the
/// database could have made it up.
fn loose(report: &Report) -> Vec<String> {
    let mut loose = Vec::new();
    for (records, signed, log) in [
        (report.decisions, report.signed, Log::Decisions),
        (report.operations, report.operations_signed, Log::Operations),
    ] {
        if records > signed {
            let count = records - signed;
            let why = if report.unchecked.iter().any(|unchecked| unchecked.log == log) {
                "under no checkpoint that a key given is for"
            } else if report.later.contains_key(&log) {
                "not under a signed checkpoint: the copy was made before they were signed"
            } else {
                "not under a signed checkpoint: a server signs them within seconds, or when it starts"
            };
            let those = if count == 1 {
                format!("the last {} is", noun(log))
            } else {
                format!("the last {} are", of_log(count, log))
            };
            loose.push(format!("{those} {why}"));
        }
        loose.extend(ends_early(report, log, signed));
    }
    if report.is_alone {
        loose.push(
            "no checkpoint outside the database was there to hold it against: whether records and checkpoints were removed from its end does not \
             show. Give the checkpoint file, or a copy of it that was kept elsewhere, with `--checkpoint-file`"
                .to_owned(),
        );
    }
    loose
}

/// That the checkpoint file ends before the database does, or has nothing of a log: from there on nothing outside shows what was removed.
fn ends_early(report: &Report, log: Log, signed: u64) -> Option<String> {
    let outside = *report.outside.get(&log)?;
    let ends = match outside {
        0 => format!("has no checkpoint of the {log}"),
        _ => format!("ends at {}", of_log(outside, log)),
    };
    (outside < signed).then(|| format!("the checkpoint file {ends}, and the database was signed at {signed}"))
}

/// Checkpoints for which a key is lacking, and how to give it.
fn keyless(report: &Report) -> Vec<String> {
    let mut lines: Vec<String> = report
        .unchecked
        .iter()
        .map(|unchecked| harmless(&unchecked.to_string()))
        .collect();
    if lines.is_empty() {
        return lines;
    }
    lines.push(
        "give the verifier keys of these signers too, each with `--key` beside the others: after `key rotate` a log has an old and a new one. \
         Keys that nobody handed to you are no proof: whoever made a database up would sign it with their own"
            .to_owned(),
    );
    lines
}

/// So many records of a log.
fn of_log(count: u64, log: Log) -> String {
    counted(count, noun(log))
}

const fn noun(log: Log) -> &'static str {
    match log {
        Log::Decisions => "decision",
        Log::Operations => "operation",
    }
}

/// What the checkpoint file has beyond the end of a copy.
fn later(report: &Report) -> Vec<String> {
    if report.fault.is_some() {
        return Vec::new();
    }
    let more = report.later.iter().map(|(log, signed)| {
        let count = match log {
            Log::Decisions => report.decisions,
            Log::Operations => report.operations,
        };
        let more = signed.saturating_sub(count);
        let signed = of_log(*signed, *log);
        format!("the checkpoint file tells of {signed}, {more} more than this copy has")
    });
    let mut lines: Vec<String> = more.collect();
    if Finding::of(report) == Finding::EarlierCopy {
        let made = report.last_us.map(Timestamp::from_microseconds);
        let (those, made_at, agree) = match report.decisions {
            1 => ("the one decision".to_owned(), ", made at", "agrees"),
            count => (
                format!("all {}", of_log(count, Log::Decisions)),
                ", the last of them made at",
                "agree",
            ),
        };
        let made = made.map_or_else(String::new, |at| format!("{made_at} {at},"));
        lines.push(format!(
            "{those} of this copy{made} {agree} with what was signed. A copy that was made before the others came looks so; a database \
             whose end was removed does, too"
        ));
    }
    lines
}

/// For people. Writing to a string does not fail.
pub(super) fn as_text(report: &Report) -> String {
    let headline = Finding::of(report).headline();
    let mut text = match &report.fault {
        None => format!("{headline}\n"),
        Some(fault) => format!("{headline}: {}\n", harmless(&fault.to_string())),
    };
    let _ = writeln!(
        text,
        "{}, {} of them under a signed checkpoint; {}; {}",
        of_log(report.decisions, Log::Decisions),
        report.signed,
        of_log(report.operations, Log::Operations),
        counted(report.checkpoints, "checkpoint")
    );
    if report.trusted > 0 {
        let _ = writeln!(
            text,
            "what the checkpoint given has was not read: the first {}",
            of_log(report.trusted, Log::Decisions)
        );
    }
    for line in keyless(report).into_iter().chain(later(report)).chain(loose(report)) {
        let _ = writeln!(text, "{line}");
    }
    text + &outcomes([&report.differ, &report.cannot].map(|(named, count)| (named.as_slice(), *count)))
}

/// A line for the decisions that come out otherwise now, and one for those that cannot be evaluated: the first log indices, and how many.
pub(in crate::cli) fn outcomes([differ, cannot]: [(&[u64], u64); 2]) -> String {
    let mut text = String::new();
    for ((named, count), [one, many]) in [
        (
            differ,
            [
                "comes out otherwise by the rules of this program",
                "come out otherwise by the rules of this program",
            ],
        ),
        (cannot, ["cannot be evaluated by this program"; 2]),
    ] {
        if count > 0 {
            let more = if (named.len() as u64) < count { ", ..." } else { "" };
            let named: Vec<String> = named.iter().map(u64::to_string).collect();
            let what = if count == 1 { one } else { many };
            let count = of_log(count, Log::Decisions);
            let _ = writeln!(text, "{count} {what}: log index {}{more}", named.join(", "));
        }
    }
    text
}

/// For programs.
pub(super) fn as_json(report: &Report) -> serde_json::Value {
    json!({
        "verdict": Finding::of(report).code(),
        "intact": Finding::of(report) == Finding::Intact,
        "fault": report.fault.as_ref().map(ToString::to_string),
        "decisions": report.decisions,
        "signed": report.signed,
        "operations": report.operations,
        "checkpoints": report.checkpoints,
        "operationsSigned": report.operations_signed,
        "checkpointFile": outside(report, Log::Decisions),
        "checkpointFileOperations": outside(report, Log::Operations),
        "trusted": report.trusted,
        "unchecked": report.unchecked.iter().map(unchecked_json).collect::<Vec<_>>(),
        "later": report.later.iter().map(|(log, size)| (log.name().to_owned(), json!(size))).collect::<serde_json::Map<_, _>>(),
        "lastDecidedAt": report.last_us.map(|at| Timestamp::from_microseconds(at).to_string()),
        "open": loose(report),
        "differ": { "count": report.differ.1, "logIndices": report.differ.0 },
        "cannotEvaluate": { "count": report.cannot.1, "logIndices": report.cannot.0 },
    })
}

/// Records under the last checkpoint of a log in the file; none where the file has no such checkpoint.
fn outside(report: &Report, log: Log) -> Option<u64> {
    report.outside.get(&log).copied().filter(|size| *size > 0)
}

fn unchecked_json(unchecked: &Unchecked) -> serde_json::Value {
    let (first, last) = unchecked.sizes;
    json!({
        "log": unchecked.log.name(),
        "signers": unchecked.signers,
        "checkpoints": unchecked.count,
        "firstSize": first,
        "lastSize": last,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::service::Fault;

    fn report() -> Report {
        Report {
            decisions: 12,
            operations: 3,
            checkpoints: 4,
            signed: 12,
            operations_signed: 3,
            ..Report::default()
        }
    }

    #[test]
    fn what_is_intact_says_how_much_of_it_is_signed() {
        assert_eq!(
            as_text(&report()),
            "intact\n12 decisions, 12 of them under a signed checkpoint; 3 operations; 4 checkpoints\n"
        );
        assert_eq!(ending(&report()), Ending::Good);
        let late = Report {
            signed: 10,
            outside: [(Log::Decisions, 7), (Log::Operations, 3)].into(),
            ..report()
        };
        assert!(
            as_text(&late).contains("the last 2 decisions are not under"),
            "{}",
            as_text(&late)
        );
        assert!(
            as_text(&late).contains("the checkpoint file ends at 7"),
            "{}",
            as_text(&late)
        );
        assert_eq!(ending(&late), Ending::Unsure);
    }

    #[test]
    fn a_checkpoint_file_without_one_of_the_logs_says_nothing_of_its_end() {
        for (log, ends, signed) in [
            (Log::Decisions, 0, 12),
            (Log::Operations, 0, 3),
            (Log::Operations, 2, 3),
        ] {
            let mut outside = [(Log::Decisions, 12), (Log::Operations, 3)].into();
            let whole = Report { outside, ..report() };
            assert_eq!(ending(&whole), Ending::Good);
            outside = whole.outside.clone();
            outside.insert(log, ends);
            let half = Report { outside, ..whole };
            let words = match ends {
                0 => format!(
                    "the checkpoint file has no checkpoint of the {log}, and the database was signed at {signed}\n"
                ),
                _ => format!("the checkpoint file ends at {ends} {log}, and the database was signed at {signed}\n"),
            };
            assert!(as_text(&half).contains(&words), "{}", as_text(&half));
            assert_eq!(ending(&half), Ending::Unsure);
        }
    }

    #[test]
    fn one_of_anything_is_told_in_the_singular() {
        let one = Report {
            decisions: 1,
            operations: 1,
            checkpoints: 1,
            differ: (vec![0], 1),
            ..Report::default()
        };
        assert_eq!(
            as_text(&one),
            "intact\n1 decision, 0 of them under a signed checkpoint; 1 operation; 1 checkpoint\n\
             the last decision is not under a signed checkpoint: a server signs them within seconds, or when it starts\n\
             the last operation is not under a signed checkpoint: a server signs them within seconds, or when it starts\n\
             1 decision comes out otherwise by the rules of this program: log index 0\n"
        );
        let copy = Report {
            signed: 1,
            operations_signed: 1,
            later: [(Log::Decisions, 2)].into(),
            last_us: Some(0),
            ..one
        };
        let text = as_text(&copy);
        assert!(
            text.contains("the one decision of this copy, made at 1970-01-01T00:00:00Z, agrees with"),
            "{text}"
        );
    }

    #[test]
    fn what_was_held_against_nothing_outside_is_not_all_proven() {
        let alone = Report {
            is_alone: true,
            ..report()
        };
        let text = as_text(&alone);
        assert!(text.starts_with("intact\n"), "{text}");
        assert!(text.contains("no checkpoint outside the database"), "{text}");
        assert_eq!(ending(&alone), Ending::Unsure);
        assert_eq!(as_json(&alone)["open"].as_array().unwrap().len(), 1);
    }

    #[test]
    fn a_fault_comes_first_and_an_outcome_that_changed_is_told_apart() {
        let changed = Report {
            differ: (vec![3, 7], 9),
            ..report()
        };
        assert!(as_text(&changed).starts_with("intact\n"));
        assert!(
            as_text(&changed)
                .ends_with("9 decisions come out otherwise by the rules of this program: log index 3, 7, ...\n")
        );
        assert_eq!(ending(&changed), Ending::Unsure);
        let faulty = Report {
            fault: Some(Fault::Record {
                log: Log::Decisions,
                log_index: 5,
            }),
            ..changed
        };
        assert!(as_text(&faulty).starts_with("NOT INTACT: decisions 5 was altered"));
        assert_eq!(ending(&faulty), Ending::No);
        assert_eq!(as_json(&faulty)["intact"], false);
    }
    fn behind() -> Report {
        Report {
            later: [(Log::Decisions, 15)].into(),
            last_us: Some(0),
            ..report()
        }
    }

    #[test]
    fn an_earlier_copy_is_neither_intact_nor_a_fault() {
        let text = as_text(&behind());
        assert!(text.starts_with("EARLIER COPY\n12 decisions"), "{text}");
        assert!(text.contains("tells of 15 decisions, 3 more than"), "{text}");
        assert!(
            text.contains("all 12 decisions of this copy, the last of them made at 1970-01-01T00:00:00Z, agree"),
            "{text}"
        );
        assert_eq!(ending(&behind()), Ending::Unsure);
        assert_eq!(as_json(&behind())["intact"], false);
    }

    #[test]
    fn a_key_that_is_lacking_says_less_than_a_copy_and_more_than_nothing() {
        let keyless = Report {
            signed: 10,
            unchecked: vec![Unchecked {
                log: Log::Decisions,
                signers: "`a/decisions+1\u{1b}`".to_owned(),
                count: 1,
                sizes: (12, 12),
            }],
            ..behind()
        };
        let text = as_text(&keyless);
        assert!(text.starts_with("CANNOT TELL\n"), "{text}");
        assert!(!text.contains('\u{1b}') && !text.contains("agree"), "{text}");
        assert!(
            text.contains("the last 2 decisions are under no checkpoint that a key given is for"),
            "{text}"
        );
        assert_eq!(ending(&keyless), Ending::Unsure);
        assert_eq!(as_json(&keyless)["verdict"], "CANNOT_TELL");
        let faulty = Report {
            fault: Some(Fault::Time { log_index: 5 }),
            ..keyless
        };
        assert!(
            as_text(&faulty).starts_with("NOT INTACT: decision 5"),
            "{}",
            as_text(&faulty)
        );
        assert_eq!(ending(&faulty), Ending::No);
    }
}
