//! Every method there is: what a caller needs for it, and how it answers.

use crate::access::Right;

/// Who may call a method.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Needs {
    /// Anyone: whether the service is well is no secret.
    Nothing,
    /// Whoever is known.
    Name,
    /// Whoever has this right.
    Right(Right),
}

/// How a method answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Answer {
    /// Once, and little.
    Small,
    /// Once, and perhaps much, so that a client who does not read it holds memory.
    Large,
    /// Piece by piece, as long as it takes.
    Stream,
}

/// A method.
#[derive(Debug, PartialEq, Eq)]
pub struct Method {
    /// Where gRPC has it.
    pub path: &'static str,
    /// Its name, as counts have it.
    pub name: &'static str,
    pub(super) needs: Needs,
    pub(super) answer: Answer,
    /// Whether a call counts as one request: else the service counts those that are in it.
    pub(super) is_one_request: bool,
}

impl Method {
    /// One decision.
    pub const CHECK: Self = Self::new(
        "/reimagerights.v1.EligibilityService/Check",
        "Check",
        Right::Check,
        Answer::Small,
    );
    /// Many decisions in one call.
    pub const BATCH_CHECK: Self = Self::new(
        "/reimagerights.v1.EligibilityService/BatchCheck",
        "BatchCheck",
        Right::Check,
        Answer::Large,
    )
    .of_many();
    /// Finds recorded decisions.
    pub const HISTORY: Self = Self::new(
        "/reimagerights.v1.EligibilityService/History",
        "History",
        Right::Read,
        Answer::Large,
    );
    /// Gives one recorded decision.
    pub const GET_DECISION: Self = Self::new(
        "/reimagerights.v1.EligibilityService/GetDecision",
        "GetDecision",
        Right::ReadOwn,
        Answer::Small,
    );
    /// Whatever has no row of its own: it takes a name at least, and may answer much.
    pub const OTHER: Self = Self {
        path: "",
        name: "other",
        needs: Needs::Name,
        answer: Answer::Stream,
        is_one_request: true,
    };

    const fn new(path: &'static str, name: &'static str, right: Right, answer: Answer) -> Self {
        let needs = Needs::Right(right);
        Self {
            path,
            name,
            needs,
            answer,
            is_one_request: true,
        }
    }

    /// The same of a method whose calls have many requests in them.
    const fn of_many(self) -> Self {
        Self {
            is_one_request: false,
            ..self
        }
    }

    /// The method at a path of gRPC.
    #[must_use]
    pub fn at(path: &str) -> &'static Self {
        match METHODS.iter().find(|method| method.path == path) {
            Some(method) => method,
            None if path == HEALTH_CHECK.path => &HEALTH_CHECK,
            None if path == HEALTH_WATCH.path => &HEALTH_WATCH,
            None => &OTHER,
        }
    }
}

/// The methods of this project's own services.
pub(super) static METHODS: [Method; 10] = [
    Method::CHECK,
    Method::BATCH_CHECK,
    Method::new(
        "/reimagerights.v1.EligibilityService/StreamCheck",
        "StreamCheck",
        Right::Check,
        Answer::Stream,
    ),
    Method::HISTORY,
    Method::GET_DECISION,
    Method::new(
        "/reimagerights.v1.EligibilityService/Reproduce",
        "Reproduce",
        Right::Read,
        Answer::Small,
    ),
    Method::new(
        "/reimagerights.v1.TransparencyService/GetCheckpoint",
        "GetCheckpoint",
        Right::Read,
        Answer::Small,
    ),
    Method::new(
        "/reimagerights.v1.TransparencyService/ProveInclusion",
        "ProveInclusion",
        Right::Read,
        Answer::Small,
    ),
    Method::new(
        "/reimagerights.v1.TransparencyService/ProveConsistency",
        "ProveConsistency",
        Right::Read,
        Answer::Small,
    ),
    Method::new(
        "/reimagerights.v1.TransparencyService/Export",
        "Export",
        Right::Read,
        Answer::Stream,
    ),
];

/// Health, which orchestrators ask without credentials.
static HEALTH_CHECK: Method = Method {
    path: "/grpc.health.v1.Health/Check",
    name: "Health",
    needs: Needs::Nothing,
    answer: Answer::Small,
    is_one_request: true,
};
/// The same as it changes: it may go on for ever, and hardly ever says anything.
static HEALTH_WATCH: Method = Method {
    path: "/grpc.health.v1.Health/Watch",
    name: "HealthWatch",
    needs: Needs::Nothing,
    answer: Answer::Stream,
    is_one_request: true,
};
/// Reflection, and whatever does not exist.
static OTHER: Method = Method::OTHER;

#[cfg(test)]
mod tests {
    use prost::Message as _;
    use prost_types::FileDescriptorSet;

    use super::*;
    use crate::wire::pb;

    #[test]
    fn every_method_of_the_schema_says_what_it_needs_and_there_are_no_others() {
        let set = FileDescriptorSet::decode(pb::DESCRIPTORS).unwrap();
        let mut paths: Vec<String> = Vec::new();
        for file in set.file.iter().filter(|file| file.package() == "reimagerights.v1") {
            for service in &file.service {
                let of = |method: &prost_types::MethodDescriptorProto| {
                    format!("/{}.{}/{}", file.package(), service.name(), method.name())
                };
                paths.extend(service.method.iter().map(of));
            }
        }
        paths.sort_unstable();
        let mut known: Vec<&str> = METHODS.iter().map(|method| method.path).collect();
        known.sort_unstable();
        assert_eq!(paths, known);
        assert!(
            METHODS
                .iter()
                .all(|method| method.path.ends_with(&format!("/{}", method.name)))
        );
    }

    #[test]
    fn what_is_not_in_the_table_needs_at_least_a_name() {
        for path in [
            "/reimagerights.v1.EligibilityService/Forget",
            "/",
            "",
            "/reimagerights.v1.EligibilityService/check",
        ] {
            assert_eq!(Method::at(path).needs, Needs::Name, "{path}");
        }
        assert_eq!(Method::at("/grpc.health.v1.Health/Check").needs, Needs::Nothing);
        assert_eq!(Method::at("/grpc.health.v1.Health/Watch").needs, Needs::Nothing);
    }
}
