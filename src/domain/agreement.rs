//! Volume licensing agreements, what was bought under them, and activation by their keys.

use std::fmt;

use super::Product;

/// The customer's agreement whose media is used.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Agreement {
    /// Its program.
    pub program: Option<Program>,
    /// Its number.
    pub number: Option<AgreementNumber>,
    /// What was bought under that number; empty when nothing was.
    pub purchases: Option<Vec<Purchase>>,
}

/// One product bought.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Purchase {
    /// The product.
    pub product: Product,
    /// Number of licenses; 0 means none was bought.
    pub quantity: Option<u32>,
}

/// Number of an authorization, enrollment or agreement. Letter case, spaces and hyphens do not count.
#[derive(Clone, Debug)]
pub struct AgreementNumber {
    text: String,
    key: String,
}

impl AgreementNumber {
    /// Reads a number; `None` when nothing of it counts.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let key: String = text
            .chars()
            .filter(|sign| !(sign.is_whitespace() || is_hyphen(*sign)))
            .flat_map(char::to_lowercase)
            .collect();
        (!key.is_empty()).then(|| Self {
            text: text.trim().to_owned(),
            key,
        })
    }

    /// The number as it was written.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Whether there is a number in it, and more than zeros: every agreement has one.
    #[must_use]
    pub fn has_number(&self) -> bool {
        let mut signs = self.key.chars().filter(|sign| sign.is_alphanumeric());
        self.key.contains(char::is_numeric) && signs.any(|sign| sign != '0')
    }
}

fn is_hyphen(sign: char) -> bool {
    matches!(sign, '-' | '\u{ad}' | '\u{2010}'..='\u{2015}' | '\u{2212}')
}

impl PartialEq for AgreementNumber {
    fn eq(&self, other: &Self) -> bool {
        self.key == other.key
    }
}

impl Eq for AgreementNumber {}

impl fmt::Display for AgreementNumber {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.text)
    }
}

/// Volume licensing program.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Program {
    /// Select Plus.
    SelectPlus,
    /// Select License.
    SelectLicense,
    /// Enterprise Agreement.
    EnterpriseAgreement,
    /// Enterprise Agreement Subscription.
    EnterpriseAgreementSubscription,
    /// Campus Agreement.
    CampusAgreement,
    /// School Agreement.
    SchoolAgreement,
    /// Open License.
    OpenLicense,
    /// Open Value.
    OpenValue,
    /// Open Value Subscription.
    OpenValueSubscription,
    /// A volume program the brief does not name.
    OtherVolume,
    /// No volume licensing customer.
    None,
}

/// Volume activation; advice only.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Activation {
    /// Key kind.
    pub method: Option<ActivationMethod>,
    /// Activations the key has left.
    pub remaining: Option<u32>,
    /// Activations the deployment will use.
    pub needed: Option<u32>,
}

/// Volume activation method.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ActivationMethod {
    /// Multiple Activation Key.
    Mak,
    /// Key Management Service.
    Kms,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn agreement_numbers_compare_without_case_spaces_and_hyphens() {
        assert_eq!(AgreementNumber::parse("S12-34 ab"), AgreementNumber::parse("s1234AB"));
        assert_ne!(AgreementNumber::parse("1"), AgreementNumber::parse("2"));
        assert!(AgreementNumber::parse(" - ").is_none());
    }
}
