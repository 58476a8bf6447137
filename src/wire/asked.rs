//! What is asked of a request and not of recorded facts, which stay readable for ever.

use super::{Violations, pb};

/// Refuses a label, and a preinstalled product, that says nothing: it is there and would count as read, while what is left out has a
/// default.
pub fn refuse_empty_products(request: &pb::CheckRequest, violations: &mut Violations) {
    let licenses = request.device.iter().flat_map(|device| &device.licenses);
    for (index, license) in licenses.enumerate() {
        let path = format_args!("device.licenses[{index}]");
        if license.coa.as_ref().is_some_and(says_nothing) {
            violations.add(
                format_args!("{path}.coa"),
                "says nothing; state the product that is printed on the label, or leave `coa` out where nobody read it",
            );
        }
        if license.preinstalled.as_ref().is_some_and(says_nothing) {
            violations.add(
                format_args!("{path}.preinstalled"),
                "says nothing; state the product that the OEM preinstalled, or leave `preinstalled` out where it is the licensed one",
            );
        }
    }
}

/// Whether a product states none of what it is; language, programs and architecture say nothing of that.
fn says_nothing(product: &pb::Product) -> bool {
    let parts = [&product.name, &product.family, &product.version, &product.edition];
    parts.into_iter().all(|part| part.trim().is_empty())
}
