//! The data built into the program, put into one document.

use std::sync::LazyLock;

use serde::Deserialize;

use super::{
    Catalogue, CatalogueError,
    document::{Document, FORMAT, ProgramData},
};

/// The catalogue of this program.
#[expect(clippy::expect_used, reason = "the data is part of the program, and a test loads it")]
pub(super) static CATALOGUE: LazyLock<Catalogue> = LazyLock::new(|| load().expect("the embedded catalogue loads"));

/// One file for each family, in the order in which products are listed.
const FAMILIES: [(&str, &str); 16] = [
    ("windows.toml", include_str!("data/windows.toml")),
    ("windows-server.toml", include_str!("data/windows-server.toml")),
    (
        "windows-small-business-server.toml",
        include_str!("data/windows-small-business-server.toml"),
    ),
    ("office.toml", include_str!("data/office.toml")),
    ("word.toml", include_str!("data/word.toml")),
    ("excel.toml", include_str!("data/excel.toml")),
    ("powerpoint.toml", include_str!("data/powerpoint.toml")),
    ("outlook.toml", include_str!("data/outlook.toml")),
    ("access.toml", include_str!("data/access.toml")),
    ("publisher.toml", include_str!("data/publisher.toml")),
    ("onenote.toml", include_str!("data/onenote.toml")),
    ("infopath.toml", include_str!("data/infopath.toml")),
    ("visio.toml", include_str!("data/visio.toml")),
    ("project.toml", include_str!("data/project.toml")),
    ("lync.toml", include_str!("data/lync.toml")),
    ("sql-server.toml", include_str!("data/sql-server.toml")),
];

const PROGRAMS: (&str, &str) = ("programs.toml", include_str!("data/programs.toml"));

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Programs {
    programs: Vec<ProgramData>,
}

fn load() -> Result<Catalogue, CatalogueError> {
    Catalogue::from_bytes(&serde_json::to_vec(&document()?)?)
}

/// The data of all files.
fn document() -> Result<Document, CatalogueError> {
    let mut families = Vec::with_capacity(FAMILIES.len());
    for file in FAMILIES {
        families.push(read(file)?);
    }
    let Programs { programs } = read(PROGRAMS)?;
    Ok(Document {
        format: FORMAT,
        families,
        programs,
    })
}

fn read<T: for<'de> Deserialize<'de>>((file, text): (&'static str, &str)) -> Result<T, CatalogueError> {
    toml::from_str(text).map_err(|source| CatalogueError::File { file, source })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::Name;

    #[test]
    fn the_embedded_data_loads() {
        let catalogue = load().map_err(|error| error.to_string());
        assert!(catalogue.is_ok(), "{catalogue:?}");
        assert!(Catalogue::embedded().products().count() > 300);
    }

    #[test]
    fn every_written_form_of_every_product_resolves_to_it() {
        let catalogue = Catalogue::embedded();
        let mut forms = 0;
        for family in catalogue.families() {
            for version in &family.versions {
                for edition in family.editions_of(version) {
                    let product = format!("{} {} {}", family.name, version.name, edition.name);
                    for text in texts(family.forms(), || version.forms(), || edition.forms()) {
                        let resolved = catalogue.resolve_name(&text).map(ToString::to_string);
                        assert_eq!(resolved.as_ref(), Ok(&product), "{text}");
                        forms += 1;
                    }
                }
            }
        }
        assert!(forms > 5_000, "{forms}");
    }

    /// Version and edition in both orders, with the word "edition" and without.
    fn texts<'a, V, E>(
        families: impl Iterator<Item = &'a Name>,
        versions: impl Fn() -> V,
        editions: impl Fn() -> E,
    ) -> Vec<String>
    where
        V: Iterator<Item = &'a Name>,
        E: Iterator<Item = &'a Name>,
    {
        let mut texts = Vec::new();
        for family in families {
            for version in versions() {
                for edition in editions() {
                    texts.push(format!("Microsoft {family} {version} {edition}"));
                    texts.push(format!("{family}\u{ae} {version}, {edition} Edition"));
                    texts.push(format!("{family} {edition} {version}").to_uppercase());
                }
            }
        }
        texts
    }

    #[test]
    fn no_two_products_have_the_same_name() {
        let mut names: Vec<_> = Catalogue::embedded()
            .products()
            .map(|product| Name::parse(&product.to_string()))
            .collect();
        let count = names.len();
        names.sort();
        names.dedup();
        assert_eq!(names.len(), count);
    }

    #[test]
    fn an_abbreviation_of_one_name_is_no_other_name_of_its_family() {
        for family in Catalogue::embedded().families() {
            for edition in &family.editions {
                for form in edition.forms() {
                    assert_eq!(
                        family.edition(form.key()).map(|known| &known.name),
                        Some(&edition.name),
                        "{form}"
                    );
                }
            }
        }
    }
}
