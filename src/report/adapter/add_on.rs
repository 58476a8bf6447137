//! What is licensed beside Windows, as its extended updates are: a license of its own in the same class, by whose key no Windows runs.

/// What records tell of a license and of nothing else.
const OF_LICENSE: [&str; 5] = [
    "name",
    "description",
    "productkeychannel",
    "licensefamily",
    "applicationid",
];

/// Whether the license is of an add-on to Windows, by its name, "Windows(R) 7, Client-ESU-Year1 add-on for Enterprise,Professional", or by its
/// family, `Client-ESU-Year1`: no edition id has a hyphen.
pub(super) fn is_add_on(name: Option<&str>, family: Option<&str>) -> bool {
    let name = name.unwrap_or_default().trim().to_lowercase();
    let family = family.unwrap_or_default().trim().to_lowercase();
    let by_name = name.starts_with("windows") && name.contains("add-on");
    by_name || (family.contains('-') && !family.starts_with("office") && !name.starts_with("office"))
}

/// Whether a key, as it folds, is told of the license.
pub(super) fn is_of_license(key: &str) -> bool {
    OF_LICENSE.contains(&key)
}
