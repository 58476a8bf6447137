use ct_merkle::{ConsistencyProof, InclusionProof, RootHash, mem_backed_tree::MemoryBackedTree};
use proptest::prelude::*;
use sha2::Sha256;

use super::{
    super::{
        Kind, Tree,
        forest::{Nodes, Shelf, leaves},
        leaf::leaf_entry,
    },
    *,
};

type Theirs = MemoryBackedTree<Sha256, Vec<u8>>;

/// A tree of `ct_merkle` with the same leaves, by their entries.
fn theirs(size: u64) -> Theirs {
    let mut tree = Theirs::new();
    for index in 0..size {
        tree.push(leaf_entry(Kind::Decision, &index.to_be_bytes()).to_vec());
    }
    tree
}

fn their_root(root: Hash, size: u64) -> RootHash<Sha256> {
    RootHash::new(root.0.into(), size)
}

fn joined(proof: &Proof) -> Vec<u8> {
    proof.hashes.iter().flat_map(|hash| hash.0).collect()
}

/// Only the tiles asked for, so that a proof made with them shows that they suffice.
fn fetched(shelf: &Shelf, needed: &[TilePath]) -> Tiles {
    let mut tiles = Tiles::new();
    for mut tile in shelf.get(needed) {
        let path = needed.iter().find(|path| path.key == tile.key).unwrap();
        tile.bytes = std::sync::Arc::new(tile.bytes[..path.width * Hash::LEN].to_vec());
        tiles.insert(&tile);
    }
    tiles
}

fn inclusion(shelf: &Shelf, index: u64, size: u64) -> (Inclusion, Proof) {
    let claim = Inclusion::new(index, size).unwrap();
    let proof = claim.prove(&fetched(shelf, &claim.tiles())).unwrap();
    (claim, proof)
}

fn consistency(shelf: &Shelf, old: u64, new: u64) -> (Consistency, Proof) {
    let claim = Consistency::new(old, new).unwrap();
    let proof = claim.prove(&fetched(shelf, &claim.tiles())).unwrap();
    (claim, proof)
}

#[test]
fn every_leaf_is_proven_at_every_size_up_to_130_as_another_library_does() {
    let leaves = leaves(130);
    let (_, shelf) = Shelf::grown(&leaves, 130);
    for size in 1..=130 {
        let theirs = theirs(size);
        let root = Tree::new().appended(&leaves[..usize::try_from(size).unwrap()]).0.root();
        assert_eq!(theirs.root().as_bytes().as_slice(), root.0);
        for index in 0..size {
            let (claim, proof) = inclusion(&shelf, index, size);
            let place = usize::try_from(index).unwrap();
            assert_eq!(claim.verify(&proof, leaves[place], root), Ok(()));
            assert_eq!(joined(&proof), theirs.prove_inclusion(place).as_bytes());
        }
    }
}

#[test]
fn every_pair_of_sizes_up_to_130_is_proven_consistent_as_another_library_does() {
    let leaves = leaves(130);
    let (_, shelf) = Shelf::grown(&leaves, 130);
    let nodes = Nodes::over(&leaves);
    for new in 0..=130 {
        let theirs = theirs(new);
        for old in 0..=new {
            let (claim, proof) = consistency(&shelf, old, new);
            assert_eq!(
                claim.verify(&proof, nodes.root(old), nodes.root(new)),
                Ok(()),
                "{old} {new}"
            );
            if old > 0 {
                let added = usize::try_from(new - old).unwrap();
                assert_eq!(joined(&proof), theirs.prove_consistency(added).as_bytes());
            }
        }
    }
}

#[test]
fn proofs_hold_at_random_sizes_up_to_100_000_and_another_library_believes_them() {
    let leaves = leaves(100_000);
    let (_, shelf) = Shelf::grown(&leaves, 4096);
    let nodes = Nodes::over(&leaves);
    let claims = (1..=100_000_u64, any::<u64>());
    proptest!(ProptestConfig::with_cases(1000), |((size, below) in claims)| {
        let (old, root) = (below % size, nodes.root(size));
        let leaf = leaves[usize::try_from(old).unwrap()];
        let (claim, proof) = inclusion(&shelf, old, size);
        prop_assert_eq!(claim.verify(&proof, leaf, root), Ok(()));
        let entry = leaf_entry(Kind::Decision, &old.to_be_bytes()).to_vec();
        let believed = their_root(root, size)
            .verify_inclusion(&entry, old, &InclusionProof::from_bytes(joined(&proof)));
        prop_assert!(believed.is_ok());

        let (claim, proof) = consistency(&shelf, old, size);
        prop_assert_eq!(claim.verify(&proof, nodes.root(old), root), Ok(()));
        if old > 0 {
            let theirs = ConsistencyProof::try_from_bytes(joined(&proof)).unwrap();
            let old_root = their_root(nodes.root(old), old);
            prop_assert!(their_root(root, size).verify_consistency(&old_root, &theirs).is_ok());
        }
    });
}

/// Every proof that differs from this one by a bit of one byte, by a hash more or by one less.
fn spoiled(proof: &Proof) -> Vec<Proof> {
    let mut spoiled = Vec::new();
    for place in 0..proof.hashes.len() {
        for byte in 0..Hash::LEN {
            let mut other = proof.clone();
            other.hashes[place].0[byte] ^= 1;
            spoiled.push(other);
        }
        let mut other = proof.clone();
        other.hashes.remove(place);
        spoiled.push(other);
    }
    let mut longer = proof.clone();
    longer.hashes.push(Hash([0; 32]));
    spoiled.push(longer);
    spoiled
}

fn flipped(hash: Hash) -> impl Iterator<Item = Hash> {
    (0..Hash::LEN).map(move |byte| {
        let mut other = hash;
        other.0[byte] ^= 1;
        other
    })
}

#[test]
fn a_proof_of_inclusion_with_any_byte_flipped_proves_nothing() {
    let leaves = leaves(1000);
    let (tree, shelf) = Shelf::grown(&leaves, 1000);
    let (leaf, root) = (leaves[300], tree.root());
    let (claim, proof) = inclusion(&shelf, 300, 1000);
    assert_eq!(claim.verify(&proof, leaf, root), Ok(()));
    for other in spoiled(&proof) {
        assert_eq!(claim.verify(&other, leaf, root), Err(ProofError::Wrong));
    }
    for other in flipped(leaf) {
        assert_eq!(claim.verify(&proof, other, root), Err(ProofError::Wrong));
    }
    for other in flipped(root) {
        assert_eq!(claim.verify(&proof, leaf, other), Err(ProofError::Wrong));
    }
    let elsewhere = Inclusion::new(301, 1000).unwrap();
    assert_eq!(elsewhere.verify(&proof, leaf, root), Err(ProofError::Wrong));
}

#[test]
fn a_proof_of_consistency_with_any_byte_flipped_proves_nothing() {
    let leaves = leaves(1000);
    let (tree, shelf) = Shelf::grown(&leaves, 1000);
    let (old, new) = (Nodes::over(&leaves).root(300), tree.root());
    let (claim, proof) = consistency(&shelf, 300, 1000);
    assert_eq!(claim.verify(&proof, old, new), Ok(()));
    for other in spoiled(&proof) {
        assert_eq!(claim.verify(&other, old, new), Err(ProofError::Wrong));
    }
    for other in flipped(old) {
        assert_eq!(claim.verify(&proof, other, new), Err(ProofError::Wrong));
    }
    for other in flipped(new) {
        assert_eq!(claim.verify(&proof, old, other), Err(ProofError::Wrong));
    }
}

#[test]
fn any_tree_goes_on_from_an_empty_one_and_from_nothing_else_without_a_proof() {
    let root = Tree::new().appended(&leaves(3)).0.root();
    let claim = Consistency::new(0, 3).unwrap();
    assert_eq!(claim.tiles(), []);
    assert_eq!(claim.verify(&Proof::default(), Hash::EMPTY_ROOT, root), Ok(()));
    assert_eq!(claim.verify(&Proof::default(), root, root), Err(ProofError::Wrong));
    let padded = Proof { hashes: vec![root] };
    assert_eq!(claim.verify(&padded, Hash::EMPTY_ROOT, root), Err(ProofError::Wrong));
    let empty = Consistency::new(0, 0).unwrap();
    assert_eq!(
        empty.verify(&Proof::default(), Hash::EMPTY_ROOT, root),
        Err(ProofError::Wrong)
    );
}

#[test]
fn what_cannot_be_is_not_claimed() {
    assert_eq!(Inclusion::new(5, 5), Err(ProofError::Index { index: 5, size: 5 }));
    assert_eq!(Inclusion::new(0, u64::MAX), Err(ProofError::Size(u64::MAX)));
    assert_eq!(Consistency::new(6, 5), Err(ProofError::Order { old: 6, new: 5 }));
    assert_eq!(Consistency::new(5, u64::MAX), Err(ProofError::Size(u64::MAX)));
    let largest = Inclusion::new(SIZE_MAX - 1, SIZE_MAX).unwrap();
    assert_eq!(
        largest.verify(&Proof::default(), Hash::EMPTY_ROOT, Hash::EMPTY_ROOT),
        Err(ProofError::Wrong)
    );
}

#[test]
fn without_its_tiles_there_is_no_proof() {
    let (_, shelf) = Shelf::grown(&leaves(600), 600);
    let claim = Inclusion::new(3, 600).unwrap();
    let needed = claim.tiles();
    assert!(claim.prove(&fetched(&shelf, &needed)).is_ok());
    let all_but_one = fetched(&shelf, &needed[1..]);
    assert_eq!(claim.prove(&all_but_one), Err(ProofError::Tiles));
}
