//! A family of products, its versions and editions, ready to be asked.

use std::{
    collections::{BTreeSet, HashMap},
    fmt, iter,
    sync::Arc,
};

use super::{
    FamilyClass, Known, Source,
    keys::{Keys, without_edition_word},
    never_in_volume_media::NeverInVolumeMedia,
    trade::Trades,
};
use crate::domain::Name;

/// A family.
#[derive(Debug)]
pub(super) struct Family {
    pub name: Name,
    pub aliases: Vec<Name>,
    pub class: FamilyClass,
    /// The edition of everything in a family that does not come in editions.
    pub sole_edition: Option<Arc<Edition>>,
    /// Oldest first.
    pub versions: Vec<Arc<Version>>,
    pub editions: Vec<Arc<Edition>>,
    pub never_in_volume_media: Vec<NeverInVolumeMedia>,
    pub trades: Trades,
    /// Version texts that fit several versions, with those.
    pub vague_versions: HashMap<Box<str>, Vec<Name>>,
    /// Edition texts that fit several editions, with those.
    pub vague_editions: HashMap<Box<str>, Vec<Name>>,
    pub version_keys: Keys<Version>,
    pub edition_keys: Keys<Edition>,
}

/// A version of a family.
#[derive(Debug)]
pub(super) struct Version {
    pub name: Name,
    pub aliases: Vec<Name>,
    /// Place in the order of the family, from 0, oldest first.
    pub rank: usize,
    pub source: Source,
    /// Whether the version's name tells the family.
    pub stands_alone: bool,
    /// The edition meant by family and version alone.
    pub plain: Option<Name>,
    /// Whole product names that do not follow the pattern: edition and name.
    pub irregular_names: Vec<(Name, Name)>,
    /// The editions of this version.
    pub releases: HashMap<Name, Release>,
}

/// What is known of one edition of one version.
#[derive(Debug)]
pub(super) struct Release {
    pub source: Source,
    pub components: Option<Known<BTreeSet<Name>>>,
}

/// An edition, in whichever versions it occurs.
#[derive(Debug)]
pub(super) struct Edition {
    pub name: Name,
    pub aliases: Vec<Name>,
    pub enterprise: Option<Source>,
    pub home_class: Option<Source>,
    /// The name by which all editions of one lineage go.
    pub lineage: Name,
    /// How well a lineage under another name than the edition's own is known.
    pub lineage_source: Option<Source>,
}

impl Family {
    /// The version of that name or alias.
    pub fn version(&self, key: &str) -> Option<&Arc<Version>> {
        self.version_keys.get(key)
    }

    /// The edition of that name or alias, in whichever versions it occurs.
    pub fn edition(&self, key: &str) -> Option<&Arc<Edition>> {
        self.edition_keys
            .get(key)
            .or_else(|| self.edition_keys.get(&*without_edition_word(key)))
    }

    /// The editions of a version.
    pub fn editions_of<'a>(&'a self, version: &'a Version) -> impl Iterator<Item = &'a Arc<Edition>> {
        self.editions
            .iter()
            .filter(|edition| version.releases.contains_key(&edition.name))
    }

    /// The name and every alias.
    pub fn forms(&self) -> impl Iterator<Item = &Name> {
        iter::once(&self.name).chain(&self.aliases)
    }

    /// What is left of a key that begins with the family's name; all of it where it does not, or where nothing is left.
    pub fn strip<'a>(&self, key: &'a str) -> &'a str {
        self.forms()
            .filter_map(|form| key.strip_prefix(form.key()))
            .filter(|rest| !rest.is_empty())
            .min_by_key(|rest| rest.len())
            .unwrap_or(key)
    }
}

impl Version {
    /// The name and every alias.
    pub fn forms(&self) -> impl Iterator<Item = &Name> {
        iter::once(&self.name).chain(&self.aliases)
    }
}

impl Edition {
    /// The name and every alias.
    pub fn forms(&self) -> impl Iterator<Item = &Name> {
        iter::once(&self.name).chain(&self.aliases)
    }
}

impl fmt::Display for Family {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.name.fmt(out)
    }
}

impl fmt::Display for Version {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.name.fmt(out)
    }
}

impl fmt::Display for Edition {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.name.fmt(out)
    }
}
