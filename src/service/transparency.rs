//! Transparency: checkpoints and proofs, for whoever keeps watch over the logs.

use uuid::Uuid;

use super::{Service, ServiceError, check::unreadable};
use crate::{
    audit::{Checkpoint, Consistency, Hash, Inclusion, Log, ProofError, TileKey, TilePath, Tiles, Tree, signers},
    wire::{Violations, pb},
};

impl Service {
    /// The last signed checkpoint of a log.
    ///
    /// # Errors
    ///
    /// When nothing was signed yet, or the record cannot be read.
    pub async fn checkpoint(
        &self,
        request: pb::GetCheckpointRequest,
    ) -> Result<pb::GetCheckpointResponse, ServiceError> {
        let log = parse_log(request.log)?;
        let checkpoint = self.last_note(log).await?;
        let names = signers(checkpoint.as_bytes());
        let key = self.keys.iter().find(|key| names.contains(&key.name()));
        Ok(pb::GetCheckpointResponse {
            verifier_key: key.map(ToString::to_string).unwrap_or_default(),
            checkpoint,
        })
    }

    /// Proves that a record is in a log.
    ///
    /// # Errors
    ///
    /// When there is no such record or no such tree, or the record cannot be read.
    pub async fn prove_inclusion(
        &self,
        request: pb::ProveInclusionRequest,
    ) -> Result<pb::ProveInclusionResponse, ServiceError> {
        let (log, log_index, path) = if request.decision_id.is_empty() {
            (parse_log(request.log)?, request.log_index, "log_index")
        } else {
            let _turn = self.single_reads.acquire().await;
            let (decision, leaf) = self.by_id(&request.decision_id).await?;
            self.attest_id(&request.decision_id, &decision, leaf).await?;
            (Log::Decisions, decision.log_index, "tree_size")
        };
        let size = match request.tree_size {
            0 => self.signed_size(log, log_index).await?,
            asked => self.tree_size(log, asked, "tree_size").await?,
        };
        let claim = Inclusion::new(log_index, size).map_err(|error| wrong(path, &error))?;
        let tiles = self.tiles_of(log, &claim.tiles()).await?;
        let proof = claim.prove(&tiles).map_err(|error| unproven(log, error))?;
        let tree = self.tree(log, size).await?;
        let leaf = self.leaf(log, log_index).await?;
        claim
            .verify(&proof, leaf, tree.root())
            .map_err(|error| unproven(log, error))?;
        Ok(pb::ProveInclusionResponse {
            log: log_number(log).into(),
            log_index,
            tree_size: size,
            leaf_hash: leaf.0.into(),
            hashes: bytes(&proof.hashes),
            root_hash: tree.root().0.into(),
        })
    }

    /// Proves that a log only grew between two sizes.
    ///
    /// # Errors
    ///
    /// When there is no such tree, or the record cannot be read.
    pub async fn prove_consistency(
        &self,
        request: pb::ProveConsistencyRequest,
    ) -> Result<pb::ProveConsistencyResponse, ServiceError> {
        let log = parse_log(request.log)?;
        let new = self.tree_size(log, request.new_size, "new_size").await?;
        let claim = Consistency::new(request.old_size, new).map_err(|error| wrong("old_size", &error))?;
        let tiles = self.tiles_of(log, &claim.tiles()).await?;
        let proof = claim.prove(&tiles).map_err(|error| unproven(log, error))?;
        let (old_root, new_root) = (
            self.tree(log, request.old_size).await?.root(),
            self.tree(log, new).await?.root(),
        );
        claim
            .verify(&proof, old_root, new_root)
            .map_err(|error| unproven(log, error))?;
        Ok(pb::ProveConsistencyResponse {
            log: log_number(log).into(),
            old_size: request.old_size,
            new_size: new,
            hashes: bytes(&proof.hashes),
        })
    }

    /// The exact text of the last signed checkpoint of a log.
    ///
    /// # Errors
    ///
    /// When nothing was signed yet, or the record cannot be read.
    pub async fn last_note(&self, log: Log) -> Result<String, ServiceError> {
        let last = self
            .store
            .last_checkpoint(log)
            .await
            .map_err(|error| unreadable(&error))?;
        last.ok_or(ServiceError::Unsigned(log))
    }

    /// The last signed checkpoint of a log, its exact text and what it says.
    pub(super) async fn last_checkpoint(&self, log: Log) -> Result<(String, Checkpoint), ServiceError> {
        let note = self.last_note(log).await?;
        match self.keys.open(note.as_bytes()) {
            Ok(checkpoint) => Ok((note, checkpoint)),
            Err(error) => {
                tracing::error!(%log, %error, "the last checkpoint does not open");
                Err(ServiceError::Unreadable)
            }
        }
    }

    /// The hashes of a tile; `None` where the log has no such tile, or not with this width.
    ///
    /// # Errors
    ///
    /// When the record cannot be read.
    pub async fn tile(&self, log: Log, path: TilePath) -> Result<Option<Vec<u8>>, ServiceError> {
        let size = self.store.size(log).await.map_err(|error| unreadable(&error))?;
        if !path.is_in(size) {
            return Ok(None);
        }
        let tile = self.store.tile(log, path.key).await;
        let tile = tile.map_err(|error| unreadable(&error))?;
        let bytes = tile.and_then(|tile| tile.bytes.get(..path.width * Hash::LEN).map(<[u8]>::to_vec));
        Ok(bytes)
    }

    pub(super) async fn tiles_of(&self, log: Log, paths: &[TilePath]) -> Result<Tiles, ServiceError> {
        let keys: Vec<TileKey> = paths.iter().map(|path| path.key).collect();
        let stored = self.store.tiles(log, keys).await;
        let mut tiles = Tiles::new();
        for tile in stored.map_err(|error| unreadable(&error))? {
            tiles.insert(&tile);
        }
        Ok(tiles)
    }

    /// The size of the last checkpoint. A record that is in the log and under none yet is signed first: whoever was just told of a decision has it
    /// proven at once.
    async fn signed_size(&self, log: Log, log_index: u64) -> Result<u64, ServiceError> {
        let signed = self.last_checkpoint(log).await?.1.size;
        if log_index < signed || log_index >= self.store.size(log).await.map_err(|error| unreadable(&error))? {
            return Ok(signed);
        }
        if !self.committer.operations().sign().await {
            return Err(ServiceError::Unsignable);
        }
        Ok(self.last_checkpoint(log).await?.1.size)
    }

    /// A size that was asked for, or that of the last checkpoint; never more than there is.
    async fn tree_size(&self, log: Log, asked: u64, path: &str) -> Result<u64, ServiceError> {
        if asked == 0 {
            return Ok(self.last_checkpoint(log).await?.1.size);
        }
        let there_is = self.store.size(log).await.map_err(|error| unreadable(&error))?;
        if asked > there_is {
            return Err(Violations::of(path, format!("{asked} is more than the {there_is} records of the log")).into());
        }
        Ok(asked)
    }

    async fn tree(&self, log: Log, size: u64) -> Result<Tree, ServiceError> {
        let tree = self.store.tree(log, size).await.map_err(|error| unreadable(&error))?;
        tree.map_err(|error| {
            tracing::error!(%log, %error, "the tree of a log is not whole");
            ServiceError::Unreadable
        })
    }

    /// Lets the record of a decision pass that has this leaf, where the log's tree has the same. What the tree itself comes to only
    /// `verify` can say.
    pub(super) async fn attest(&self, log_index: u64, leaf: Hash) -> Result<(), ServiceError> {
        if self.leaf(Log::Decisions, log_index).await? == leaf {
            return Ok(());
        }
        tracing::error!(
            log_index,
            "a record is not the one that the log has the leaf of; `reimage-rights verify` says more"
        );
        Err(ServiceError::Altered(Log::Decisions))
    }

    /// The same of one that was found by its id, which the record must have too: the column that it is found by is not signed.
    pub(super) async fn attest_id(&self, id: &str, decision: &pb::Decision, leaf: Hash) -> Result<(), ServiceError> {
        let log_index = decision.log_index;
        if Uuid::try_parse(id).ok() != Uuid::try_parse(&decision.decision_id).ok() {
            tracing::error!(
                log_index,
                id,
                "a record is found by an id that is not its own; `reimage-rights verify` says more"
            );
            return Err(ServiceError::Altered(Log::Decisions));
        }
        self.attest(log_index, leaf).await
    }

    async fn leaf(&self, log: Log, log_index: u64) -> Result<Hash, ServiceError> {
        let path = TilePath::of_leaf(log_index);
        let tile = self.store.tile(log, path.key).await;
        let tile = tile.map_err(|error| unreadable(&error))?;
        let leaf = tile.and_then(|tile| tile.hash(path.width - 1));
        leaf.ok_or(ServiceError::Altered(log))
    }
}

/// The log that a request names.
fn parse_log(number: i32) -> Result<Log, ServiceError> {
    match pb::Log::try_from(number) {
        Ok(pb::Log::Unspecified | pb::Log::Decisions) => Ok(Log::Decisions),
        Ok(pb::Log::Operations) => Ok(Log::Operations),
        Err(_) => Err(Violations::of("log", "is none; give `LOG_DECISIONS` or `LOG_OPERATIONS`").into()),
    }
}

fn log_number(log: Log) -> pb::Log {
    match log {
        Log::Decisions => pb::Log::Decisions,
        Log::Operations => pb::Log::Operations,
    }
}

fn bytes(hashes: &[Hash]) -> Vec<Vec<u8>> {
    hashes.iter().map(|hash| hash.0.into()).collect()
}

fn wrong(path: &str, error: &ProofError) -> ServiceError {
    Violations::of(path, error.to_string()).into()
}

/// The stored tree does not prove what it holds.
pub(super) fn unproven(log: Log, error: ProofError) -> ServiceError {
    tracing::error!(%log, %error, "the tree of a log does not prove its records; `reimage-rights verify` says more");
    ServiceError::Altered(log)
}
