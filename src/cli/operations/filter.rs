//! Which operations are listed.

use clap::Args;
use jiff::Timestamp;
use serde_json::Value;

use crate::cli::moment;

/// Which operations.
#[derive(Args, Debug)]
#[command(next_help_heading = "Filters")]
pub(super) struct FilterArgs {
    /// Reads by this caller
    #[arg(long)]
    caller: Option<String>,
    /// Of this kind
    #[arg(long, value_name = "KIND", value_parser = KINDS)]
    operation: Option<String>,
    /// Recorded at this time or later: a date (its midnight in UTC), or RFC 3339
    #[arg(long, value_name = "TIME", value_parser = moment::read)]
    after: Option<Timestamp>,
    /// Recorded before this time
    #[arg(long, value_name = "TIME", value_parser = moment::read)]
    before: Option<Timestamp>,
}

/// The kinds, as they are typed; a record has `_` in the place of `-`.
const KINDS: [&str; 7] = [
    "start",
    "read",
    "key-change",
    "checkpoint-file-gone",
    "unsigned",
    "changed-beside",
    "gap",
];

impl FilterArgs {
    /// Whether an operation is wanted. One that cannot be read could be any: it is never left out.
    pub(super) fn holds(&self, record: &[u8]) -> bool {
        let Ok(record) = serde_json::from_slice::<Value>(record) else {
            return true;
        };
        let text = |name: &str| record.get(name).and_then(Value::as_str);
        let is = |wanted: Option<&str>, found: Option<&str>| wanted.is_none_or(|wanted| found == Some(wanted));
        let at: Option<Timestamp> = text("at").and_then(|at| at.parse().ok());
        let kind = self.operation.as_ref().map(|kind| kind.replace('-', "_"));
        is(self.caller.as_deref(), text("caller"))
            && is(kind.as_deref(), text("operation"))
            && at.is_none_or(|at| self.after.is_none_or(|after| at >= after) && self.before.is_none_or(|end| at < end))
    }
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;

    #[derive(Parser)]
    struct Typed {
        #[command(flatten)]
        filter: FilterArgs,
    }

    const READ: &str = r#"{"at":"2026-01-02T00:00:00Z","operation":"read","caller":"alice","rpc":"History"}"#;
    const CHANGE: &str = r#"{"at":"2026-01-03T00:00:00.5Z","operation":"key_change","log":"decisions"}"#;

    fn found(line: &str) -> Vec<&'static str> {
        let typed = Typed::try_parse_from(line.split(' ')).unwrap();
        let records = [READ, CHANGE, "no json"].into_iter();
        records.filter(|record| typed.filter.holds(record.as_bytes())).collect()
    }

    #[test]
    fn filters_combine_and_what_cannot_be_read_is_never_left_out() {
        assert_eq!(found("operations"), [READ, CHANGE, "no json"]);
        assert_eq!(found("operations --caller alice"), [READ, "no json"]);
        assert_eq!(found("operations --caller bob"), ["no json"]);
        assert_eq!(found("operations --operation key-change"), [CHANGE, "no json"]);
        assert_eq!(found("operations --operation key-change --caller alice"), ["no json"]);
    }

    #[test]
    fn a_range_of_time_has_its_beginning_and_not_its_end() {
        assert_eq!(found("operations --after 2026-01-02"), [READ, CHANGE, "no json"]);
        assert_eq!(found("operations --before 2026-01-02"), ["no json"]);
        assert_eq!(found("operations --after 2026-01-03"), [CHANGE, "no json"]);
        assert_eq!(
            found("operations --after 2026-01-02 --before 2026-01-03T00:00:00.5Z"),
            [READ, "no json"]
        );
    }

    #[test]
    fn every_kind_that_is_recorded_can_be_typed() {
        use crate::service::Operation;
        let text = String::new;
        let all = [
            Operation::Start {
                engine: text(),
                edition: text(),
                rules_revision: text(),
                catalogue_digest: text(),
                configuration_digest: text(),
                keys: Vec::new(),
            },
            Operation::Read {
                caller: text(),
                rpc: "History",
                request: Value::Null,
            },
            Operation::KeyChange {
                log: "decisions",
                from: text(),
                to: text(),
            },
            Operation::CheckpointFileGone {
                log: "decisions",
                size: 1,
            },
            Operation::Unsigned {
                log: "decisions",
                from: 1,
                to: 2,
            },
            Operation::ChangedBeside {
                log: "decisions",
                expected: 1,
                found: 2,
            },
            Operation::Gap { operations: 1 },
        ];
        let kinds = all.map(|operation| serde_json::to_value(operation).unwrap()["operation"].clone());
        assert_eq!(kinds, KINDS.map(|kind| Value::from(kind.replace('-', "_"))));
    }
}
