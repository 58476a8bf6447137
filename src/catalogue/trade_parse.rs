//! From the data on how products were sold to what can be asked, with every reference checked.

use super::{
    CatalogueError, Known,
    document::{AllowedData, ChannelData, SoldData, TermsData},
    family::{Edition, Family, Version},
    trade::{Terms, Trades},
};
use crate::domain::{Channel, Name, Product};

impl Family {
    /// Reads how the products of this family were sold.
    ///
    /// # Errors
    ///
    /// When something mentioned is not defined, or something is said twice.
    pub fn parse_trades(&self, sold: &[SoldData], terms: &[TermsData]) -> Result<Trades, CatalogueError> {
        let mut trades = Trades::default();
        for data in sold {
            self.add_sold(&mut trades, data)?;
        }
        for data in terms {
            self.add_terms(&mut trades, data)?;
        }
        Ok(trades)
    }

    fn add_sold(&self, trades: &mut Trades, data: &SoldData) -> Result<(), CatalogueError> {
        let sold = data.sold_in.iter().map(|channel| (Channel::from(*channel), true));
        let not_sold = data.not_in.iter().map(|channel| (Channel::from(*channel), false));
        let channels: Vec<(Channel, bool)> = sold.chain(not_sold).collect();
        for (version, edition) in self.mentioned_products(&data.versions, &data.editions)? {
            let trade = trades.entry(version.rank, &edition.name);
            for (channel, value) in &channels {
                if trade.sold.iter().any(|(known, _)| known == channel) {
                    return Err(self.said_twice(version, edition, *channel));
                }
                let source = data.source;
                trade.sold.push((*channel, Known { value: *value, source }));
            }
        }
        Ok(())
    }

    fn add_terms(&self, trades: &mut Trades, data: &TermsData) -> Result<(), CatalogueError> {
        let mut named = Vec::new();
        for AllowedData { version, editions } in &data.allow {
            let products = self.mentioned_products(std::slice::from_ref(version), editions)?;
            named.extend(
                products
                    .into_iter()
                    .map(|(version, edition)| self.product(version, edition)),
            );
        }
        for (version, edition) in self.mentioned_products(&data.versions, &data.editions)? {
            let mut products = named.clone();
            if data.same_lineage {
                products.extend(self.earlier_of_lineage(version, edition));
            }
            if data.perhaps_others {
                products.push(Product {
                    family: Some(self.name.clone()),
                    ..Product::default()
                });
            }
            let trade = trades.entry(version.rank, &edition.name);
            for channel in data.channels.iter().copied().map(Channel::from) {
                if trade.terms.iter().any(|(known, _)| *known == channel) {
                    return Err(self.said_twice(version, edition, channel));
                }
                let terms = Terms {
                    products: products.clone(),
                    source: data.source,
                };
                trade.terms.push((channel, terms));
            }
        }
        Ok(())
    }

    /// Every earlier version in an edition of the same lineage, latest first.
    fn earlier_of_lineage<'a>(&'a self, version: &'a Version, edition: &'a Edition) -> impl Iterator<Item = Product> {
        let earlier = self
            .versions
            .iter()
            .rev()
            .filter(move |other| other.rank < version.rank);
        earlier.flat_map(move |earlier| {
            let editions = self
                .editions_of(earlier)
                .filter(move |other| other.lineage == edition.lineage);
            editions.map(move |edition| self.product(earlier, edition))
        })
    }

    fn product(&self, version: &Version, edition: &Edition) -> Product {
        Product {
            family: Some(self.name.clone()),
            version: Some(version.name.clone()),
            edition: Some(edition.name.clone()),
            ..Product::default()
        }
    }

    /// Every one of these editions of every one of these versions, which are products of the family.
    fn mentioned_products(
        &self,
        versions: &[String],
        editions: &[String],
    ) -> Result<Vec<(&Version, &Edition)>, CatalogueError> {
        let mut products = Vec::new();
        for version in versions {
            let version = self.mentioned_version(version)?;
            for text in editions {
                let name: Name = self.mentioned_edition(text)?;
                let edition = self.editions_of(version).find(|edition| edition.name == name);
                let edition = edition.ok_or_else(|| CatalogueError::Undefined {
                    name: text.clone(),
                    place: format!("{self} {version}"),
                })?;
                products.push((version.as_ref(), edition.as_ref()));
            }
        }
        Ok(products)
    }

    fn said_twice(&self, version: &Version, edition: &Edition, channel: Channel) -> CatalogueError {
        CatalogueError::Repeated(format!("{self} {version} {edition}, {channel:?}"))
    }
}

impl From<ChannelData> for Channel {
    fn from(data: ChannelData) -> Self {
        match data {
            ChannelData::Oem => Self::Oem,
            ChannelData::Fpp => Self::Fpp,
            ChannelData::Volume => Self::Volume,
        }
    }
}
