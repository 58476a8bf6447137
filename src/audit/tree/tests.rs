use proptest::prelude::*;

use super::{
    super::forest::{Nodes, Shelf, leaves},
    *,
};

/// The definition of RFC 6962, section 2.1, word for word.
fn defined_root(leaves: &[Hash]) -> Hash {
    match leaves {
        [] => Hash::EMPTY_ROOT,
        [leaf] => *leaf,
        _ => {
            let mut k = 1;
            while k * 2 < leaves.len() {
                k *= 2;
            }
            Hash::node(defined_root(&leaves[..k]), defined_root(&leaves[k..]))
        }
    }
}

/// The tiles of a tree as `tlog_tiles` cuts them out of single nodes.
fn their_tiles(nodes: &Nodes, size: u64) -> Shelf {
    let mut shelf = Shelf::default();
    for theirs in tlog_tiles::Tile::new_tiles(8, 0, size) {
        let key = TileKey {
            level: theirs.level(),
            index: theirs.level_index(),
        };
        let bytes = Arc::new(theirs.read_data(nodes).unwrap());
        shelf.put(vec![Tile { key, bytes }]);
    }
    shelf
}

#[test]
fn roots_are_those_of_the_definition_at_every_size_up_to_600() {
    let leaves = leaves(600);
    let nodes = Nodes::over(&leaves);
    let mut tree = Tree::new();
    for size in 0..=600 {
        let so_far = usize::try_from(size).unwrap();
        assert_eq!(tree.size(), size);
        assert_eq!(tree.root(), defined_root(&leaves[..so_far]), "{size}");
        assert_eq!(tree.root(), nodes.root(size), "{size}");
        if size < 600 {
            tree = tree.appended(&leaves[so_far..=so_far]).0;
        }
    }
}

#[test]
fn tiles_and_root_do_not_depend_on_how_leaves_came_in_batches() {
    let leaves = leaves(70_000);
    let nodes = Nodes::over(&leaves);
    for batch_len in [1, 3, 255, 256, 257, 4096, 70_000] {
        let (tree, shelf) = Shelf::grown(&leaves, batch_len);
        assert_eq!(tree.root(), nodes.root(70_000), "{batch_len}");
        assert!(shelf == their_tiles(&nodes, 70_000), "{batch_len}");
    }
}

#[test]
fn an_append_changes_a_tile_a_level_and_one_for_every_256_leaves() {
    let leaves = leaves(66_000);
    let tree = Tree::new().appended(&leaves[..65_535]).0;
    let (_, tiles) = tree.appended(&leaves[65_535..65_537]);
    let keys: Vec<(u8, u64, usize)> = tiles
        .iter()
        .map(|tile| (tile.key.level, tile.key.index, tile.width()))
        .collect();
    assert_eq!(keys, [(0, 255, 256), (0, 256, 1), (1, 0, 256), (2, 0, 1)]);
    assert_eq!(tree.appended(&[]), (tree.clone(), vec![]));
}

#[test]
fn a_tree_from_before_an_append_can_go_on() {
    let leaves = leaves(700);
    let before = Tree::new().appended(&leaves[..500]).0;
    let root = before.root();
    let lost = before.appended(&leaves[..200]).0;
    assert_eq!((before.size(), before.root()), (500, root));
    let after = before.appended(&leaves[500..]).0;
    assert_ne!(lost.root(), after.root());
    assert_eq!(after, Tree::new().appended(&leaves).0);
}

#[test]
fn a_tree_is_restored_from_the_tiles_of_its_edge() {
    let leaves = leaves(66_000);
    let (_, shelf) = Shelf::grown(&leaves, 1000);
    let nodes = Nodes::over(&leaves);
    for size in [
        0, 1, 255, 256, 257, 511, 512, 65_535, 65_536, 65_537, 65_792, 65_999, 66_000,
    ] {
        let tiles = shelf.get(&Tree::edge(size));
        let tree = Tree::restore(size, &tiles).unwrap();
        assert_eq!(tree.root(), nodes.root(size), "{size}");
        let so_far = usize::try_from(size).unwrap();
        assert_eq!(tree, Tree::new().appended(&leaves[..so_far]).0, "{size}");
    }
}

#[test]
fn a_tree_is_not_restored_from_too_little() {
    let (tree, shelf) = Shelf::grown(&leaves(300), 300);
    let path = |level, index, width| TilePath {
        key: TileKey { level, index },
        width,
    };
    assert_eq!(Tree::edge(300), [path(0, 1, 44), path(1, 0, 1)]);
    let tiles = shelf.get(&Tree::edge(300));
    assert_eq!(Tree::restore(300, &tiles), Ok(tree));
    assert_eq!(
        Tree::restore(300, &tiles[..1]),
        Err(RestoreError::Missing {
            path: path(1, 0, 1),
            width: 0
        })
    );
    assert_eq!(
        Tree::restore(301, &tiles),
        Err(RestoreError::Missing {
            path: path(0, 1, 45),
            width: 44
        })
    );
    assert_eq!(Tree::restore(u64::MAX, &tiles), Err(RestoreError::Size(u64::MAX)));
}

#[test]
fn the_edge_of_the_largest_tree_is_small() {
    assert_eq!(Tree::edge(SIZE_MAX - 1).len(), 6);
    assert_eq!(Tree::edge(SIZE_MAX).len(), 1);
}

proptest! {
    #[test]
    fn any_batches_make_the_same_tree(cuts in proptest::collection::vec(0..3000_usize, 0..8)) {
        let leaves = leaves(3000);
        let mut cuts = cuts;
        cuts.sort_unstable();
        let mut tree = Tree::new();
        let mut from = 0;
        for to in cuts.into_iter().chain([3000]) {
            tree = tree.appended(&leaves[from..to]).0;
            from = to;
        }
        prop_assert_eq!(tree, Tree::new().appended(&leaves).0);
    }
}
