//! One license carries one image product: products are matched to distinct licenses.

use crate::verdict::Truth;

/// Which products can be carried at once.
#[derive(Debug, PartialEq, Eq)]
pub struct Matching {
    /// Per product, the license that carries it for sure.
    pub sure: Vec<Option<usize>>,
    /// Per product, whether some license carries it when the unknown ones turn out well.
    pub possible: Vec<bool>,
}

/// Matches products to licenses; `truths` holds per product what each license is for it.
///
/// First as many as possible by pairs that hold, in the order of products and licenses; then, keeping those matched, as many
/// more as unknown pairs allow.
#[must_use]
pub fn matching(truths: &[Vec<Truth>]) -> Matching {
    let mut carried = vec![None; truths.iter().map(Vec::len).max().unwrap_or(0)];
    let mut extend = |least: Truth| {
        for product in 0..truths.len() {
            if !carried.contains(&Some(product)) {
                let mut tried = vec![false; carried.len()];
                augment(truths, least, product, &mut carried, &mut tried);
            }
        }
        let license_of = |product| carried.iter().position(|carries| *carries == Some(product));
        (0..truths.len()).map(license_of).collect::<Vec<_>>()
    };
    let sure = extend(Truth::Holds);
    let possible = extend(Truth::Unknown).iter().map(Option::is_some).collect();
    Matching { sure, possible }
}

impl Matching {
    /// Whether each product bears on what becomes of a product that no license carries for sure: it is that product, or it is carried by a
    /// license that such a product may want, and could move.
    ///
    /// Whatever the unknown pairs of all other products turn out to be, these stay carried as they are.
    #[must_use]
    pub fn contested(&self, truths: &[Vec<Truth>]) -> Vec<bool> {
        let mut contested: Vec<bool> = self.sure.iter().map(Option::is_none).collect();
        loop {
            let wanted = |license: usize| {
                let pairs = truths.iter().zip(&contested).filter(|(_, contested)| **contested);
                pairs
                    .filter_map(|(pairs, _)| pairs.get(license))
                    .any(|truth| *truth != Truth::Broken)
            };
            let reached: Vec<bool> = self
                .sure
                .iter()
                .map(|carrier| carrier.is_none_or(wanted))
                .zip(&contested)
                .map(|(wanted, contested)| wanted || *contested)
                .collect();
            if reached == contested {
                return contested;
            }
            contested = reached;
        }
    }
}

/// Finds the product a license, moving products already matched to others where that makes room.
fn augment(
    truths: &[Vec<Truth>],
    least: Truth,
    product: usize,
    carried: &mut [Option<usize>],
    tried: &mut [bool],
) -> bool {
    for (license, truth) in truths.get(product).into_iter().flatten().enumerate() {
        if *truth < least {
            continue;
        }
        let fresh = tried
            .get_mut(license)
            .is_some_and(|tried| !std::mem::replace(tried, true));
        if !fresh {
            continue;
        }
        let occupant = carried.get(license).copied().flatten();
        if occupant.is_none_or(|occupant| augment(truths, least, occupant, carried, tried)) {
            if let Some(place) = carried.get_mut(license) {
                *place = Some(product);
            }
            return true;
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;
    use Truth::{Broken, Holds, Unknown};

    #[test]
    fn one_license_carries_one_product() {
        let matched = matching(&[vec![Holds], vec![Holds]]);
        assert_eq!(matched.sure, [Some(0), None]);
        assert_eq!(matched.possible, [true, false]);
    }

    #[test]
    fn products_move_to_make_room() {
        let matched = matching(&[vec![Holds, Holds], vec![Holds, Broken]]);
        assert_eq!(matched.sure, [Some(1), Some(0)]);
    }

    #[test]
    fn a_license_that_does_not_fit_one_product_is_left_to_the_one_it_moves() {
        let matched = matching(&[vec![Holds, Holds], vec![Broken, Holds], vec![Holds, Broken, Holds]]);
        assert_eq!(matched.sure, [Some(0), Some(1), Some(2)]);
        let matched = matching(&[vec![Holds, Broken], vec![Broken, Holds]]);
        assert_eq!(matched.sure, [Some(0), Some(1)]);
        let moved = matching(&[vec![Broken, Holds, Holds], vec![Broken, Holds, Broken]]);
        assert_eq!(moved.sure, [Some(2), Some(1)]);
    }

    #[test]
    fn a_product_that_could_make_room_is_contested_and_one_that_nobody_crowds_is_not() {
        let truths = [
            vec![Unknown, Broken, Broken, Broken],
            vec![Holds, Unknown, Broken, Broken],
            vec![Broken, Holds, Broken, Broken],
            vec![Broken, Unknown, Holds, Unknown],
        ];
        let matched = matching(&truths);
        assert_eq!(matched.sure, [None, Some(0), Some(1), Some(2)]);
        assert_eq!(matched.contested(&truths), [true, true, true, false]);
        let alone = [vec![Unknown, Broken], vec![Broken, Holds]];
        assert_eq!(matching(&alone).contested(&alone), [true, false]);
    }

    #[test]
    fn an_unknown_pair_keeps_the_answer_open() {
        let matched = matching(&[vec![Holds, Unknown], vec![Holds, Broken]]);
        assert_eq!(matched.sure, [Some(0), None]);
        assert_eq!(matched.possible, [true, true]);
    }
}
