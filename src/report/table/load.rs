//! The tables, read once.

use std::{collections::HashMap, sync::LazyLock};

use serde::Deserialize;

use super::{
    key::{self, KeyFile, Keys},
    office::{Msi, OldMsi, Tokens},
    windows::{EditionRow, FirmwareRow, RoleRow, SkuRow, VersionRow},
    word::{
        ApplicationRow, ArchitectureRow, BesideWordRow, ChannelRow, EditionWordRow, Iso, LabelRow, LicenseTypeRow,
        MediaRow, ProductIdRow, ProductNameRow, Rows, TrapRow,
    },
};
use crate::report::Tool;

/// The tables of this program.
#[expect(clippy::expect_used, reason = "the data is part of the program, and a test loads it")]
pub(in crate::report) static TABLES: LazyLock<Tables> = LazyLock::new(|| load().expect("the embedded tables load"));

/// Every table.
#[derive(Debug)]
pub(in crate::report) struct Tables {
    pub keys: Keys,
    /// The first command of each tool.
    pub commands: HashMap<Tool, String>,
    pub versions: Vec<VersionRow>,
    pub editions: Vec<EditionRow>,
    pub skus: Vec<SkuRow>,
    pub roles: Vec<RoleRow>,
    pub firmware: Vec<FirmwareRow>,
    pub architectures: Vec<ArchitectureRow>,
    pub channels: Vec<ChannelRow>,
    pub product_ids: Vec<ProductIdRow>,
    pub media: Vec<MediaRow>,
    pub applications: Vec<ApplicationRow>,
    pub license_types: Vec<LicenseTypeRow>,
    pub edition_words: Vec<EditionWordRow>,
    pub product_names: Vec<ProductNameRow>,
    pub traps: Vec<TrapRow>,
    pub dism_labels: Vec<LabelRow>,
    pub slmgr_labels: Vec<LabelRow>,
    pub msi: Msi,
    pub msi_2003: Msi,
    pub msi_old: OldMsi,
    pub beside_words: Vec<BesideWordRow>,
    pub tokens: Tokens,
    pub iso: Iso,
}

macro_rules! files {
    ($($file:literal),+ $(,)?) => { [$(($file, include_str!(concat!("../data/", $file, ".toml")))),+] };
}

/// The keys of each tool, in the order of the page.
pub(super) const KEY_FILES: [(&str, &str); 18] = files![
    "keys/wmi",
    "keys/registry",
    "keys/slmgr",
    "keys/mgadiag",
    "keys/dism",
    "keys/wim-xml",
    "keys/ei-cfg",
    "keys/setupp-ini",
    "keys/iso-name",
    "keys/office-c2r",
    "keys/office-msi",
    "keys/ospp",
    "keys/glpi",
    "keys/ocs",
    "keys/snipe-it",
    "keys/asset-intelligence",
    "keys/configmgr",
    "keys/mdt",
];

/// The tables that translate values, in the order of the page.
pub(super) const FILES: [(&str, &str); 22] = files![
    "windows-version",
    "windows-edition",
    "windows-sku",
    "windows-role",
    "firmware-key",
    "channel",
    "product-id",
    "architecture",
    "media",
    "iso-token",
    "office-msi",
    "office-2003-msi",
    "office-old-msi",
    "office-token",
    "application-id",
    "license-type",
    "edition-word",
    "beside-word",
    "product-name",
    "name-trap",
    "dism-label",
    "slmgr-label",
];

fn load() -> Result<Tables, toml::de::Error> {
    let mut keys = Keys::new();
    let mut commands = HashMap::new();
    for (_, text) in KEY_FILES {
        let file = toml::from_str::<KeyFile>(text)?;
        if let (Some(tool), Some(command)) = (Tool::parse(&file.tool), file.printed_by.first()) {
            commands.insert(tool, command.clone());
        }
        key::add(&mut keys, file);
    }
    Ok(Tables {
        keys,
        commands,
        versions: rows("windows-version")?,
        editions: rows("windows-edition")?,
        skus: rows("windows-sku")?,
        roles: rows("windows-role")?,
        firmware: rows("firmware-key")?,
        architectures: rows("architecture")?,
        channels: rows("channel")?,
        product_ids: rows("product-id")?,
        media: rows("media")?,
        applications: rows("application-id")?,
        license_types: rows("license-type")?,
        edition_words: rows("edition-word")?,
        product_names: rows("product-name")?,
        traps: rows("name-trap")?,
        dism_labels: rows("dism-label")?,
        slmgr_labels: rows("slmgr-label")?,
        msi: toml::from_str(text("office-msi"))?,
        msi_2003: toml::from_str(text("office-2003-msi"))?,
        msi_old: toml::from_str(text("office-old-msi"))?,
        beside_words: rows("beside-word")?,
        tokens: toml::from_str(text("office-token"))?,
        iso: toml::from_str(text("iso-token"))?,
    })
}

fn rows<T: for<'de> Deserialize<'de>>(file: &str) -> Result<Vec<T>, toml::de::Error> {
    toml::from_str::<Rows<T>>(text(file)).map(|file| file.rows)
}

fn text(file: &str) -> &'static str {
    let found = FILES.iter().find(|(name, _)| *name == file);
    found.map_or("", |(_, text)| text)
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;
    use crate::{
        catalogue::Catalogue,
        domain::{Language, Name},
    };

    #[test]
    fn the_tables_load_and_every_tool_has_its_keys() {
        let tables = load().expect("loads");
        for tool in Tool::ALL {
            assert!(tables.keys.keys().any(|(of, _)| *of == tool), "{}", tool.as_str());
        }
        let files: usize = KEY_FILES
            .iter()
            .map(|(_, text)| toml::from_str::<KeyFile>(text).expect("loads").keys.len())
            .sum();
        assert_eq!(tables.keys.len(), files, "a key stands twice in one file");
    }

    #[test]
    fn every_product_of_the_tables_is_one_that_the_catalogue_takes_as_it_is() {
        let mut products: HashSet<(&str, Option<&str>, Option<&str>)> = HashSet::new();
        products.extend(
            TABLES
                .versions
                .iter()
                .map(|row| (&*row.family, Some(&*row.version), row.edition.as_deref())),
        );
        for row in &TABLES.editions {
            products.insert((&row.family, None, row.edition.as_deref()));
            products.extend(
                row.versions
                    .iter()
                    .map(|version| (&*row.family, Some(&**version), row.edition.as_deref())),
            );
        }
        for row in &TABLES.product_names {
            products.insert((&row.family, Some(&row.version), None));
        }
        for row in &TABLES.tokens.rows {
            products.insert((&row.family, None, row.edition.as_deref()));
        }
        for msi in [&TABLES.msi, &TABLES.msi_2003] {
            products.extend(msi.rows.iter().map(|row| (&*row.family, None, row.edition.as_deref())));
        }
        let catalogue = Catalogue::embedded();
        for (family, version, edition) in products {
            let parts = catalogue.resolve(Some(family), version, edition);
            let parts = parts.unwrap_or_else(|errors| panic!("{family} {version:?} {edition:?}: {errors:?}"));
            assert_eq!(parts.family.as_ref().map(Name::text), Some(family));
            assert_eq!(parts.version.as_ref().map(Name::text), version);
            if edition.is_some() {
                assert_eq!(parts.edition.as_ref().map(Name::text), edition);
            }
        }
    }

    #[test]
    fn what_translates_leads_somewhere() {
        for row in &TABLES.skus {
            assert!(TABLES.editions.iter().any(|edition| edition.id == row.id), "{}", row.id);
        }
        for row in &TABLES.iso.languages {
            assert!(Language::parse(&row.language).is_ok(), "{}", row.language);
        }
        for row in &TABLES.dism_labels {
            assert!(super::super::key(Tool::Dism, &row.key).is_some(), "{}", row.key);
        }
        for row in &TABLES.slmgr_labels {
            assert!(super::super::key(Tool::Slmgr, &row.key).is_some(), "{}", row.key);
        }
        for row in TABLES.editions.iter().filter(|row| row.edition.is_none()) {
            assert!(row.note.is_some(), "{} says not why it has no edition", row.id);
        }
    }
}
