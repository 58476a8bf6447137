//! Agreements, purchases and activation on the wire.

use std::fmt::Display;

use super::{
    Violations, Wire as _, pb,
    product::{encode_product, parse_product},
    text,
};
use crate::{
    catalogue::Catalogue,
    domain::{Activation, ActivationMethod, Agreement, AgreementNumber, Program, Purchase},
};

const PURCHASE_COUNT_MAX: usize = 256;

/// Parses an agreement; one left out states nothing.
pub fn parse_agreement(
    message: Option<&pb::Agreement>,
    catalogue: &Catalogue,
    violations: &mut Violations,
) -> Agreement {
    let Some(message) = message else {
        return Agreement::default();
    };
    let purchases = message.purchases.as_ref();
    Agreement {
        program: Program::parse(message.program, "agreement.program", violations),
        number: parse_number(&message.number, "agreement.number", violations),
        purchases: purchases.map(|purchases| parse_purchases(purchases, catalogue, violations)),
    }
}

fn parse_purchases(message: &pb::Purchases, catalogue: &Catalogue, violations: &mut Violations) -> Vec<Purchase> {
    let path = "agreement.purchases.items";
    text::count(message.items.len(), PURCHASE_COUNT_MAX, path, violations);
    let items = message.items.iter().enumerate().take(PURCHASE_COUNT_MAX);
    items
        .map(|(index, item)| Purchase {
            product: parse_product(
                item.product.as_ref(),
                format_args!("{path}[{index}].product"),
                catalogue,
                violations,
            ),
            quantity: item.quantity,
        })
        .collect()
}

/// Parses an agreement number.
pub fn parse_number(message: &str, path: impl Display + Copy, violations: &mut Violations) -> Option<AgreementNumber> {
    let number = text::text(message, path, violations)?;
    text::meaningful(AgreementNumber::parse(number), number, path, violations)
}

/// An agreement's facts as a message.
pub fn encode_agreement(agreement: &Agreement, catalogue: &Catalogue) -> pb::Agreement {
    let item = |purchase: &Purchase| pb::Purchase {
        product: Some(encode_product(&purchase.product, catalogue)),
        quantity: purchase.quantity,
    };
    let purchases = agreement.purchases.as_ref();
    pb::Agreement {
        program: agreement.program.map_or(0, Program::number),
        number: agreement
            .number
            .as_ref()
            .map_or_else(String::new, |number| number.text().to_owned()),
        purchases: purchases.map(|purchases| pb::Purchases {
            items: purchases.iter().map(item).collect(),
        }),
    }
}

/// Parses activation; left out it states nothing.
pub fn parse_activation(message: Option<&pb::Activation>, violations: &mut Violations) -> Activation {
    let Some(message) = message else {
        return Activation::default();
    };
    Activation {
        method: ActivationMethod::parse(message.method, "activation.method", violations),
        remaining: message.remaining,
        needed: message.needed,
    }
}

/// Activation as a message; `None` when nothing is stated.
pub fn encode_activation(activation: &Activation) -> Option<pb::Activation> {
    (*activation != Activation::default()).then(|| pb::Activation {
        method: activation.method.map_or(0, ActivationMethod::number),
        remaining: activation.remaining,
        needed: activation.needed,
    })
}
