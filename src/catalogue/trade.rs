//! How products were sold: in which channels, and with which rights to earlier versions.

use std::collections::HashMap;

use super::{Catalogue, Known, Source, family::Family};
use crate::domain::{Channel, Name, Product};

/// What is known of selling one edition of one version.
#[derive(Debug, Default)]
pub(super) struct Trade {
    /// Whether it was sold in a channel.
    pub sold: Vec<(Channel, Known<bool>)>,
    /// The earlier products that its terms allow, by channel.
    pub terms: Vec<(Channel, Terms)>,
}

/// The earlier products that the terms of a license allow in its place.
#[derive(Debug)]
pub(super) struct Terms {
    pub products: Vec<Product>,
    pub source: Source,
}

/// What is known of selling the products of a family, by the rank of the version and the edition.
#[derive(Debug, Default)]
pub(super) struct Trades(HashMap<usize, HashMap<Name, Trade>>);

impl Trades {
    /// What is known of one product, to be added to.
    pub fn entry(&mut self, rank: usize, edition: &Name) -> &mut Trade {
        self.0.entry(rank).or_default().entry(edition.clone()).or_default()
    }

    fn get(&self, rank: usize, edition: &Name) -> Option<&Trade> {
        self.0.get(&rank)?.get(edition)
    }
}

impl Catalogue {
    /// Whether the product was ever sold in a channel; `None` where that is not known.
    #[must_use]
    pub fn sold_in(&self, family: &Name, version: &Name, edition: &Name, channel: Channel) -> Option<Known<bool>> {
        let trade = self.family(family)?.trade(version, edition)?;
        let (_, known) = trade.sold.iter().find(|(of, _)| *of == channel)?;
        Some(*known)
    }

    /// How well it is known that an edition was sold in a channel in none of the versions that have it; `None` where it may have been.
    #[must_use]
    pub fn never_sold_in(&self, family: &Name, edition: &Name, channel: Channel) -> Option<Source> {
        let family = self.family(family)?;
        let edition = &family.edition(edition.key())?.name;
        let versions = family
            .versions
            .iter()
            .filter(|version| version.releases.contains_key(edition));
        let sources = versions.map(|version| {
            let known = self.sold_in(&family.name, &version.name, edition, channel)?;
            (!known.value).then_some(known.source)
        });
        let sources: Option<Vec<Source>> = sources.collect();
        sources?.into_iter().max()
    }

    /// The earlier products that the terms of a license allow in its place, where it was acquired in that channel; `None` where that
    /// is not known. An entry without version and edition stands for others that the terms may allow.
    #[must_use]
    pub fn prior_versions(
        &self,
        family: &Name,
        version: &Name,
        edition: &Name,
        channel: Channel,
    ) -> Option<Known<&[Product]>> {
        let trade = self.family(family)?.trade(version, edition)?;
        let (_, terms) = trade.terms.iter().find(|(of, _)| *of == channel)?;
        Some(Known {
            value: &terms.products,
            source: terms.source,
        })
    }
}

impl Family {
    fn trade(&self, version: &Name, edition: &Name) -> Option<&Trade> {
        let rank = self.version(version.key())?.rank;
        self.trades.get(rank, &self.edition(edition.key())?.name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(text: &str) -> Name {
        Name::parse(text).expect("a name")
    }

    fn sold(product: &str, channel: Channel) -> Option<bool> {
        let catalogue = Catalogue::embedded();
        let product = catalogue.resolve_name(product).expect("a product");
        let known = catalogue.sold_in(&product.family, &product.version, &product.edition, channel);
        known.map(|known| known.value)
    }

    fn terms(product: &str, channel: Channel) -> Option<(Vec<String>, Source)> {
        let catalogue = Catalogue::embedded();
        let product = catalogue.resolve_name(product).expect("a product");
        let known = catalogue.prior_versions(&product.family, &product.version, &product.edition, channel)?;
        let words = known.value.iter().map(|product| product.describe().to_string());
        Some((words.collect(), known.source))
    }

    #[test]
    fn editions_for_volume_customers_were_never_sold_otherwise() {
        for product in [
            "Windows 7 Enterprise",
            "Windows Vista Enterprise",
            "Office Professional Plus 2010",
        ] {
            assert_eq!(sold(product, Channel::Oem), Some(false), "{product}");
            assert_eq!(sold(product, Channel::Fpp), Some(false), "{product}");
            assert_eq!(sold(product, Channel::Volume), Some(true), "{product}");
        }
        for product in ["Windows 7 Home Premium", "Office Professional 2010"] {
            assert_eq!(sold(product, Channel::Volume), Some(false), "{product}");
            assert_eq!(sold(product, Channel::Oem), Some(true), "{product}");
        }
    }

    #[test]
    fn an_edition_that_no_version_was_sold_in_was_never_sold() {
        let never = |family, edition, channel| {
            Catalogue::embedded()
                .never_sold_in(&name(family), &name(edition), channel)
                .is_some()
        };
        for edition in ["Enterprise", "Enterprise N", "Enterprise LTSC 2021"] {
            assert!(never("Windows", edition, Channel::Oem), "{edition}");
            assert!(never("Windows", edition, Channel::Fpp), "{edition}");
            assert!(!never("Windows", edition, Channel::Volume), "{edition}");
        }
        assert!(never("Windows", "Home Premium", Channel::Volume));
        assert!(!never("Windows", "Professional", Channel::Oem));
        assert!(!never("Office", "Standard", Channel::Fpp), "2007 was");
        assert!(!never("AutoCAD", "LT", Channel::Oem));
    }

    #[test]
    fn what_the_catalogue_does_not_say_is_not_known() {
        assert_eq!(sold("Windows XP Media Center", Channel::Volume), None);
        assert_eq!(sold("Windows 7 Professional", Channel::OtherAgreement), None);
        assert_eq!(terms("Windows 7 Professional", Channel::OtherAgreement), None);
        let automobile = Catalogue::embedded().sold_in(&name("AutoCAD"), &name("2010"), &name("LT"), Channel::Oem);
        assert_eq!(automobile, None);
    }

    #[test]
    fn terms_of_an_oem_license_name_earlier_products() {
        let (products, source) = terms("Windows 7 Professional", Channel::Oem).expect("known");
        assert_eq!(source, Source::Recalled, "for how long, is told in two ways");
        for product in [
            "Windows Vista Business",
            "Windows Vista Ultimate",
            "Windows XP Professional",
        ] {
            assert!(products.contains(&product.to_owned()), "{products:?}");
        }
        assert!(!products.iter().any(|product| product.contains("2000")), "{products:?}");
        assert_eq!(
            terms("Windows 7 Home Premium", Channel::Oem),
            Some((vec![], Source::Seen))
        );
    }

    #[test]
    fn terms_of_a_volume_license_name_the_same_edition_under_its_earlier_names() {
        let (products, _) = terms("Office Professional Plus 2007", Channel::Volume).expect("known");
        assert_eq!(products, ["Office 2003 Professional Enterprise"]);
        let (products, _) = terms("Windows 8 Professional", Channel::Volume).expect("known");
        for product in [
            "Windows 7 Professional",
            "Windows Vista Business",
            "Windows XP Professional",
        ] {
            assert!(products.contains(&product.to_owned()), "{products:?}");
        }
    }

    #[test]
    fn terms_that_may_allow_more_say_so() {
        let (products, _) = terms("Windows 7 Enterprise", Channel::Volume).expect("known");
        assert_eq!(
            products,
            [
                "Windows Vista Enterprise",
                "Windows (unstated version) (unstated edition)"
            ]
        );
    }

    #[test]
    fn terms_name_earlier_products_of_the_family_and_no_more_than_a_request_may() {
        let catalogue = Catalogue::embedded();
        let mut count = 0;
        for product in catalogue.products() {
            for channel in [Channel::Oem, Channel::Fpp, Channel::Volume] {
                let known = catalogue.prior_versions(&product.family, &product.version, &product.edition, channel);
                let allowed = known.map_or(&[][..], |known| known.value);
                assert!(allowed.len() <= 16, "{product} allows {}", allowed.len());
                for entry in allowed {
                    assert_eq!(entry.family.as_ref(), Some(&product.family));
                    let order = entry
                        .version
                        .as_ref()
                        .map(|version| catalogue.order(&product.family, version, &product.version));
                    assert!(
                        order.is_none_or(|order| order == Some(std::cmp::Ordering::Less)),
                        "{product}: {entry:?}"
                    );
                    count += 1;
                }
            }
        }
        assert!(count > 100, "{count}");
    }
}
