//! Reproduce: evaluate a decision's recorded facts again, with the catalogue it had, and compare.

use super::{Service, ServiceError, opinion::LEN_INLINE_MAX};
use crate::{
    catalogue::Catalogue,
    rules::{Edition, evaluate},
    wire::{Context, differences, parse_facts, pb, unrecorded},
};

impl Service {
    /// Evaluates a decision again.
    ///
    /// # Errors
    ///
    /// When the id is none or names no decision, or the record cannot be read or was changed. A record that this program cannot evaluate is an
    /// answer, not an error.
    pub async fn reproduce(&self, id: &str) -> Result<pb::ReproduceResponse, ServiceError> {
        let _turn = self.single_reads.acquire().await;
        let stored = self.stored(id).await?;
        let is_long = stored.record.len() > LEN_INLINE_MAX;
        let (decoded, leaf) = self.decoded(stored).await?;
        let recorded = match decoded {
            Ok(recorded) => recorded,
            Err(error) => return Ok(cannot(error.to_string())),
        };
        let Some(edition) = Edition::parse(&recorded.edition) else {
            return Ok(cannot(format!(
                "edition `{}` is not known to this version",
                recorded.edition
            )));
        };
        let Some(catalogue) = self.catalogues.get(&recorded.catalogue_digest, &self.store).await? else {
            return Ok(cannot(format!(
                "the catalogue `{}` is not in the record",
                recorded.catalogue_digest
            )));
        };
        let evaluate = move || (again(&recorded, edition, &catalogue), recorded);
        let (answer, recorded) = self.beside(is_long, evaluate).await?;
        if answer.result() == pb::ReproduceResult::Same {
            // What somebody wrote there in its place agrees with itself as well.
            self.attest_id(id, &recorded, leaf).await?;
        }
        Ok(answer)
    }
}

/// Evaluates what was recorded once more.
pub(super) fn again(recorded: &pb::Decision, edition: Edition, catalogue: &Catalogue) -> pb::ReproduceResponse {
    let resolved = recorded.resolved.clone().unwrap_or_default();
    let facts = match parse_facts(&resolved, catalogue) {
        Ok(facts) => facts,
        Err(violations) => return cannot(format!("the recorded facts are not valid: {violations}")),
    };
    let judgement = evaluate(&facts, catalogue);
    // What is compared does not depend on how it was asked.
    let request = pb::CheckRequest::default();
    let now = unrecorded(request, edition, &facts, &judgement, catalogue, Context::default());
    compare(recorded, &now)
}

fn compare(recorded: &pb::Decision, now: &pb::Decision) -> pb::ReproduceResponse {
    let differences = differences(recorded, now);
    let result = if differences.is_empty() {
        pb::ReproduceResult::Same
    } else {
        pb::ReproduceResult::Differs
    };
    let reason = match (differences.is_empty(), recorded.rules_revision == now.rules_revision) {
        (true, _) => String::new(),
        (false, true) => format!("the same rules revision {} gives something else", now.rules_revision),
        (false, false) => {
            format!(
                "decided by rules revision {}, evaluated by {}",
                recorded.rules_revision, now.rules_revision
            )
        }
    };
    pb::ReproduceResponse {
        result: result as i32,
        differences,
        reason,
    }
}

fn cannot(reason: String) -> pb::ReproduceResponse {
    pb::ReproduceResponse {
        result: pb::ReproduceResult::Cannot as i32,
        differences: Vec::new(),
        reason,
    }
}
