//! The names under which tiles are read over HTTP (C2SP tlog-tiles).

use std::{fmt, str::FromStr};

use super::{TileKey, tile::TILE_WIDTH, tree};

/// A tile and how much of it is meant. Its text is the path of C2SP tlog-tiles: `tile/0/x001/067` for a full tile,
/// `tile/1/003.p/17` for the first 17 hashes of one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct TilePath {
    /// Which tile.
    pub key: TileKey,
    /// How many of its hashes, from 1 to 256.
    pub width: usize,
}

/// A text that is no path of a tile.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no path of a tile; paths look like `tile/0/x001/067` or `tile/0/x001/067.p/8`")]
pub struct TilePathError(String);

/// The highest level the format has.
const LEVEL_MAX: u8 = 63;
/// A part of a path holds three digits of the tile's index.
const PART: u64 = 1000;

impl TilePath {
    /// Whether a tree of so many leaves has so much of this tile.
    #[must_use]
    pub fn is_in(&self, size: u64) -> bool {
        self.width <= tree::tile_width(size, self.key)
    }

    /// The tile that has a leaf as its last hash.
    #[must_use]
    pub fn of_leaf(log_index: u64) -> Self {
        let (index, place) = (log_index / TILE_WIDTH as u64, log_index % TILE_WIDTH as u64);
        Self {
            key: TileKey { level: 0, index },
            width: usize::try_from(place).map_or(TILE_WIDTH, |place| place + 1),
        }
    }
}

impl fmt::Display for TilePath {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "tile/{}/", self.key.level)?;
        let mut place = 1_u64;
        while self.key.index / place >= PART {
            place *= PART;
        }
        while place > 1 {
            write!(out, "x{:03}/", self.key.index / place % PART)?;
            place /= PART;
        }
        write!(out, "{:03}", self.key.index % PART)?;
        if self.width < TILE_WIDTH {
            write!(out, ".p/{}", self.width)?;
        }
        Ok(())
    }
}

impl FromStr for TilePath {
    type Err = TilePathError;

    fn from_str(text: &str) -> Result<Self, TilePathError> {
        // One tile has one path: whatever would be printed otherwise is refused.
        read(text)
            .filter(|path| path.to_string() == text)
            .ok_or_else(|| TilePathError(text.to_owned()))
    }
}

fn read(text: &str) -> Option<TilePath> {
    let (level, rest) = text.strip_prefix("tile/")?.split_once('/')?;
    let (index, width) = match rest.split_once(".p/") {
        Some((index, width)) => (
            index,
            width.parse().ok().filter(|width| (1..TILE_WIDTH).contains(width))?,
        ),
        None => (rest, TILE_WIDTH),
    };
    let level = level.parse().ok().filter(|level| *level <= LEVEL_MAX)?;
    let index = index.split('/').try_fold(0_u64, |index, part| {
        let digits: u64 = part.strip_prefix('x').unwrap_or(part).parse().ok()?;
        index.checked_mul(PART)?.checked_add(digits)
    })?;
    Some(TilePath {
        key: TileKey { level, index },
        width,
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn path(level: u8, index: u64, width: usize) -> TilePath {
        TilePath {
            key: TileKey { level, index },
            width,
        }
    }

    #[test]
    fn paths_are_those_of_the_specification() {
        assert_eq!(path(0, 1_234_067, 256).to_string(), "tile/0/x001/x234/067");
        assert_eq!(path(0, 67, 256).to_string(), "tile/0/067");
        assert_eq!(path(1, 1067, 8).to_string(), "tile/1/x001/067.p/8");
        assert_eq!(path(63, 0, 1).to_string(), "tile/63/000.p/1");
    }

    #[test]
    fn every_other_spelling_is_refused() {
        for text in [
            "",
            "tile/0",
            "tile/0/",
            "tile/0/67",
            "tile/00/067",
            "tile/64/067",
            "tile/-1/067",
            "tile/+1/067",
            "tile/data/067",
            "tile/entries/067",
            "/tile/0/067",
            "tile/0/067/",
            "tile/0/1067",
            "tile/0/001/067",
            "tile/0/x000/067",
            "tile/0/x001/x067",
            "tile/0/067.p/0",
            "tile/0/067.p/256",
            "tile/0/067.p/08",
            "tile/0/067.p",
            "tile/0/067.p/",
            "tile/0/x018/x446/x744/x073/x709/x551/616",
        ] {
            assert_eq!(text.parse::<TilePath>(), Err(TilePathError(text.to_owned())), "{text}");
        }
    }

    proptest! {
        #[test]
        fn a_path_is_read_from_its_text_and_another_library_prints_the_same(
            level in 0..=LEVEL_MAX, index: u64, shift in 0..64_u32, width in 1..=TILE_WIDTH
        ) {
            let path = path(level, index >> shift, width);
            prop_assert_eq!(path.to_string().parse(), Ok(path));

            let theirs = tlog_tiles::Tile::new(8, level, index >> shift, u32::try_from(width).unwrap(), false);
            prop_assert_eq!(theirs.path().replacen("tile/8/", "tile/", 1), path.to_string());
        }

        #[test]
        fn any_text_is_read_or_refused(text in "(tile/)?[0-9x/.p]{0,40}") {
            if let Ok(path) = text.parse::<TilePath>() {
                prop_assert_eq!(path.to_string(), text);
            }
        }
    }
}
