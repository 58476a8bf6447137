//! A product, field by field.

use super::{choose::Sourced, field::Ledger, korea};
use crate::{
    catalogue::Catalogue,
    domain::{Claim, Field, Name, Product},
    report::Value,
};

/// The product that was stated, with what facts say of it.
///
/// A version and an edition that the catalogue knows to exist, but not together, contradict each other.
pub(super) fn product(stated: &Product, facts: &[Sourced<'_>], ledger: &mut Ledger, catalogue: &Catalogue) -> Product {
    let settled = korea::settled(facts);
    let facts: Vec<Sourced<'_>> = facts
        .iter()
        .zip(&settled)
        .map(|(sourced, fact)| Sourced { fact, ..*sourced })
        .collect();
    let facts = facts.as_slice();
    let mut name = |field, stated: Option<&Name>, of: fn(Name) -> Value| match ledger.settle(
        field,
        stated.cloned().map(of),
        facts,
    ) {
        Some(Value::Family(name) | Value::Version(name) | Value::Edition(name)) => Some(name),
        _ => None,
    };
    let family = name(Field::Family, stated.family.as_ref(), Value::Family);
    let version = name(Field::Version, stated.version.as_ref(), Value::Version);
    let edition = name(Field::Edition, stated.edition.as_ref(), Value::Edition);
    let language = match ledger.settle(Field::Language, stated.language.clone().map(Value::Language), facts) {
        Some(Value::Language(language)) => Some(language),
        _ => None,
    };
    let architecture = stated.architecture.map(Value::Architecture);
    let architecture = match ledger.settle(Field::Architecture, architecture, facts) {
        Some(Value::Architecture(architecture)) => Some(architecture),
        _ => None,
    };
    let mut product = Product {
        family,
        version,
        edition,
        language,
        components: stated.components.clone(),
        architecture,
    };
    withhold_unnameable(&mut product, ledger, catalogue);
    product
}

/// Takes back what reports fill where the parts name no product together; what was stated was checked before.
fn withhold_unnameable(product: &mut Product, ledger: &mut Ledger, catalogue: &Catalogue) {
    for field in [Field::Edition, Field::Version, Field::Family] {
        let text = |name: &Option<Name>| name.as_ref().map(|name| name.text().to_owned());
        let (family, version, edition) = (text(&product.family), text(&product.version), text(&product.edition));
        let resolved = catalogue.resolve(family.as_deref(), version.as_deref(), edition.as_deref());
        let is_filled = |of: Field| ledger.filled.iter().any(|filled| filled.field == of);
        if resolved.is_ok() || !is_filled(field) {
            continue;
        }
        let parts = ledger.filled.iter().filter(|filled| filled.field <= Field::Edition);
        let claims: Vec<Claim> = parts.flat_map(|filled| filled.claims.clone()).collect();
        ledger.contradict(field, claims);
        match field {
            Field::Edition => product.edition = None,
            Field::Version => product.version = None,
            _ => product.family = None,
        }
    }
}
