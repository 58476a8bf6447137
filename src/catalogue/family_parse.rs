//! From the data of a family to a family that can be asked, with every reference checked.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    sync::Arc,
};

use super::{
    CatalogueError, Known, Source,
    document::{EditionData, FamilyData, LineageData, NeverInVolumeMediaData, SuiteData, VersionData},
    family::{Edition, Family, Release, Version},
    keys::{self, Keys, without_edition_word},
    never_in_volume_media::{NeverInVolumeMedia, Versions},
    trade::Trades,
};
use crate::domain::Name;

impl Family {
    /// Reads a family.
    ///
    /// # Errors
    ///
    /// When a name is blank, a form names two things, or something mentioned is not defined.
    pub fn parse(data: &FamilyData, programs: &Keys<Name>) -> Result<Self, CatalogueError> {
        if data.sole_edition.is_some() != data.editions.is_empty() {
            return Err(CatalogueError::Editions(data.name.clone()));
        }
        let editions = parse_editions(data)?;
        let mut family = Self {
            name: keys::name(&data.name)?,
            aliases: keys::names(&data.aliases)?,
            class: data.class,
            sole_edition: editions.first().filter(|_| data.sole_edition.is_some()).cloned(),
            edition_keys: edition_keys(&editions)?,
            editions,
            versions: Vec::new(),
            version_keys: Keys::new(),
            never_in_volume_media: Vec::new(),
            trades: Trades::default(),
            vague_versions: HashMap::new(),
            vague_editions: HashMap::new(),
        };
        for version in &data.versions {
            family.add_version(version, programs)?;
        }
        for entry in &data.never_in_volume_media {
            let entry = family.listed(entry)?;
            family.never_in_volume_media.push(entry);
        }
        family.trades = family.parse_trades(&data.sold, &data.terms)?;
        family.add_vague(&data.vague_versions, &data.vague_editions)?;
        Ok(family)
    }

    fn add_version(&mut self, data: &VersionData, programs: &Keys<Name>) -> Result<(), CatalogueError> {
        let sole = self.sole_edition.as_ref().map(|edition| &edition.name);
        let version = Arc::new(Version {
            name: keys::name(&data.name)?,
            aliases: keys::names(&data.aliases)?,
            rank: self.versions.len(),
            source: data.source,
            stands_alone: data.stands_alone,
            plain: data
                .plain
                .as_ref()
                .map(|edition| self.mentioned_edition(edition))
                .transpose()?
                .or(sole.cloned()),
            irregular_names: self.irregular_names(&data.names)?,
            releases: self.releases(data, programs)?,
        });
        for form in version.forms() {
            keys::claim(&mut self.version_keys, form.key(), &version)?;
        }
        self.versions.push(version);
        Ok(())
    }

    fn irregular_names(&self, data: &BTreeMap<String, Vec<String>>) -> Result<Vec<(Name, Name)>, CatalogueError> {
        let mut names = Vec::new();
        for (edition, texts) in data {
            let edition = self.mentioned_edition(edition)?;
            for text in texts {
                names.push((edition.clone(), keys::name(text)?));
            }
        }
        Ok(names)
    }

    fn releases(&self, data: &VersionData, programs: &Keys<Name>) -> Result<HashMap<Name, Release>, CatalogueError> {
        let sole = self
            .sole_edition
            .iter()
            .map(|edition| (edition.name.text(), data.source));
        let seen = data
            .editions
            .seen
            .iter()
            .map(|edition| (edition.as_str(), Source::Seen));
        let recalled = data.editions.recalled.iter();
        let recalled = recalled.map(|edition| (edition.as_str(), Source::Recalled));
        let mut releases = HashMap::new();
        for (edition, source) in sole.chain(seen).chain(recalled) {
            let components = None;
            let edition = self.mentioned_edition(edition)?;
            if releases
                .insert(edition.clone(), Release { source, components })
                .is_some()
            {
                return Err(shared(edition.text(), &edition, &data.editions.recalled));
            }
        }
        for suite in &data.suites {
            let edition = self.mentioned_edition(&suite.edition)?;
            let undefined = || undefined(&suite.edition, &format!("{} {}", self.name, data.name));
            releases.get_mut(&edition).ok_or_else(undefined)?.components = Some(components(suite, programs)?);
        }
        Ok(releases)
    }

    fn listed(&self, data: &NeverInVolumeMediaData) -> Result<NeverInVolumeMedia, CatalogueError> {
        let versions = match (&data.since, data.versions.as_slice()) {
            (Some(since), []) => Versions::Since(self.mentioned_version(since)?.rank),
            (None, [_, ..]) => {
                let these = data.versions.iter().map(|version| self.mentioned_version(version));
                Versions::These(
                    these
                        .map(|version| version.map(|version| version.rank))
                        .collect::<Result<_, _>>()?,
                )
            }
            _ => return Err(CatalogueError::Alternatives(self.name.to_string())),
        };
        let editions = data.editions.iter().map(|edition| self.mentioned_edition(edition));
        Ok(NeverInVolumeMedia {
            versions,
            editions: editions.collect::<Result<_, _>>()?,
            source: data.source,
        })
    }

    fn add_vague(
        &mut self,
        versions: &BTreeMap<String, Vec<String>>,
        editions: &BTreeMap<String, Vec<String>>,
    ) -> Result<(), CatalogueError> {
        for (text, of) in versions {
            let form = keys::name(text)?;
            if let Some(version) = self.version(form.key()) {
                return Err(shared(text, &version.name, of));
            }
            let of = of
                .iter()
                .map(|version| self.mentioned_version(version).map(|version| version.name.clone()));
            let of = of.collect::<Result<_, _>>()?;
            self.vague_versions.insert(form.key().into(), of);
        }
        for (text, of) in editions {
            let form = keys::name(text)?;
            if let Some(edition) = self.edition(form.key()) {
                return Err(shared(text, &edition.name, of));
            }
            let of = of.iter().map(|edition| self.mentioned_edition(edition));
            let of = of.collect::<Result<_, _>>()?;
            self.vague_editions.insert(without_edition_word(form.key()).into(), of);
        }
        Ok(())
    }

    pub(super) fn mentioned_version(&self, text: &str) -> Result<&Arc<Version>, CatalogueError> {
        let form = keys::name(text)?;
        self.version(form.key())
            .ok_or_else(|| undefined(text, self.name.text()))
    }

    pub(super) fn mentioned_edition(&self, text: &str) -> Result<Name, CatalogueError> {
        let form = keys::name(text)?;
        let edition = self.edition(form.key());
        edition
            .map(|edition| edition.name.clone())
            .ok_or_else(|| undefined(text, self.name.text()))
    }
}

/// The editions of a family, each followed by its variants.
fn parse_editions(data: &FamilyData) -> Result<Vec<Arc<Edition>>, CatalogueError> {
    let sole = data.sole_edition.iter().map(|name| EditionData {
        name: name.clone(),
        aliases: Vec::new(),
        variants: Vec::new(),
        enterprise: None,
        home_class: None,
        lineage: None,
    });
    let mut editions = Vec::new();
    for edition in sole.chain(data.editions.iter().cloned()) {
        for variant in &edition.variants {
            editions.push(Arc::new(parse_edition(&variant_of(&edition, variant))?));
        }
        editions.push(Arc::new(parse_edition(&edition)?));
    }
    Ok(editions)
}

fn parse_edition(data: &EditionData) -> Result<Edition, CatalogueError> {
    let name = keys::name(&data.name)?;
    let lineage = data
        .lineage
        .as_ref()
        .map(|lineage| keys::name(&lineage.of))
        .transpose()?;
    Ok(Edition {
        aliases: keys::names(&data.aliases)?,
        enterprise: data.enterprise,
        home_class: data.home_class,
        lineage: lineage.unwrap_or_else(|| name.clone()),
        lineage_source: data.lineage.as_ref().map(|lineage| lineage.source),
        name,
    })
}

/// "Home" and "N" make "Home N". What is known of the edition is derived for its variant, so it counts as recalled.
fn variant_of(edition: &EditionData, variant: &str) -> EditionData {
    let suffixed = |text: &String| format!("{text} {variant}");
    EditionData {
        name: suffixed(&edition.name),
        aliases: edition.aliases.iter().map(suffixed).collect(),
        variants: Vec::new(),
        enterprise: edition.enterprise.map(|_| Source::Recalled),
        home_class: edition.home_class.map(|_| Source::Recalled),
        lineage: edition.lineage.as_ref().map(|lineage| LineageData {
            of: suffixed(&lineage.of),
            source: Source::Recalled,
        }),
    }
}

fn edition_keys(editions: &[Arc<Edition>]) -> Result<Keys<Edition>, CatalogueError> {
    let mut keys = Keys::new();
    for edition in editions {
        for form in edition.forms() {
            keys::claim(&mut keys, form.key(), edition)?;
            keys::claim(&mut keys, &without_edition_word(form.key()), edition)?;
        }
    }
    for edition in editions {
        if !keys.contains_key(edition.lineage.key()) {
            return Err(undefined(edition.lineage.text(), edition.name.text()));
        }
    }
    Ok(keys)
}

fn components(suite: &SuiteData, programs: &Keys<Name>) -> Result<Known<BTreeSet<Name>>, CatalogueError> {
    let mut value = BTreeSet::new();
    for program in &suite.components {
        let known = programs.get(keys::name(program)?.key());
        let known = known.ok_or_else(|| undefined(program, &suite.edition))?;
        value.insert(Name::clone(known));
    }
    let source = suite.source;
    Ok(Known { value, source })
}

fn undefined(name: &str, place: &str) -> CatalogueError {
    CatalogueError::Undefined {
        name: name.to_owned(),
        place: place.to_owned(),
    }
}

fn shared(text: &str, one: &Name, others: &[String]) -> CatalogueError {
    CatalogueError::Shared {
        text: text.to_owned(),
        one: one.to_string(),
        other: others.join(" or "),
    }
}
