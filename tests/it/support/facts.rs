//! Generated requests: complete and valid facts, and the same with some facts hidden.

use proptest::{prelude::*, test_runner::TestRunner};
use reimage_rights::{
    catalogue::Catalogue,
    completion::{add_terms, withhold_impossible},
    domain::{
        AgreementNumber, Architecture, Channel, Deployment, Facts, Holdings, ImageProduct, Language, License,
        LicenseKind, Media, MediaKind, MediaSource, Name, Performer, Product, Program, Purchase,
    },
    wire::{encode_facts, parse_facts},
};

/// Products that meet each other's families, versions, editions and prior versions often.
const PRODUCTS: [(&str, &str, &str); 14] = [
    ("Windows", "XP", "Professional"),
    ("Windows", "Vista", "Business"),
    ("Windows", "7", "Professional"),
    ("Windows", "7", "Professional"),
    ("Windows", "7", "Home Premium"),
    ("Windows", "7", "Enterprise"),
    ("Windows", "8", "Core"),
    ("Windows", "99", "Professional"),
    ("Windows Server", "2008", "Standard"),
    ("Windows Server", "2008 R2", "Standard"),
    ("Office", "2003", "Professional Enterprise"),
    ("Office", "2007", "Professional Plus"),
    ("Office", "2007", "Standard"),
    ("Contoso Draw", "3", "Studio"),
];

fn name(text: &str) -> Option<Name> {
    Name::parse(text)
}

fn number(text: &str) -> AgreementNumber {
    AgreementNumber::parse(text).unwrap()
}

fn identity() -> impl Strategy<Value = Product> {
    prop::sample::select(&PRODUCTS[..]).prop_map(|(family, version, edition)| Product {
        family: name(family),
        version: name(version),
        edition: name(edition),
        ..Product::default()
    })
}

/// A product whose programs are sometimes stated.
fn suite() -> impl Strategy<Value = Product> {
    let component = prop::option::weighted(0.2, prop::sample::select(&["Word", "Excel"][..]));
    (identity(), component).prop_map(|(identity, component)| Product {
        components: component.map(|component| name(component).into_iter().collect()),
        ..identity
    })
}

fn product() -> impl Strategy<Value = Product> {
    let language = prop::sample::select(
        &[
            "en-US", "en-US", "en-US", "en-US", "en-US", "en-US", "en-GB", "fr-FR", "mui",
        ][..],
    );
    let architecture = prop::option::of(prop::sample::select(
        &[Architecture::X86, Architecture::X64, Architecture::Arm64][..],
    ));
    let components = prop::option::weighted(0.04, prop::sample::select(&["Word", "Excel"][..]));
    (identity(), language, architecture, components).prop_map(|(identity, language, architecture, component)| Product {
        language: Language::parse(language).ok(),
        architecture,
        components: component.map(|component| name(component).into_iter().collect()),
        ..identity
    })
}

fn license() -> impl Strategy<Value = License> {
    let channel = prop::sample::select(
        &[
            Channel::Oem,
            Channel::Oem,
            Channel::Oem,
            Channel::Fpp,
            Channel::Volume,
            Channel::OtherAgreement,
        ][..],
    );
    let kind = prop::option::of(prop::sample::select(&[LicenseKind::Full, LicenseKind::Upgrade][..]));
    let label = prop::option::weighted(0.15, identity());
    let preinstalled = prop::option::weighted(0.2, identity());
    let prior_versions = prop::collection::vec(suite(), 0..3);
    (
        product(),
        channel,
        kind,
        label,
        preinstalled,
        prior_versions,
        any::<bool>(),
    )
        .prop_map(
            |(product, channel, kind, coa, preinstalled, prior_versions, assurance)| License {
                product,
                channel: Some(channel),
                kind,
                coa,
                preinstalled,
                prior_versions: Some(prior_versions),
                software_assurance: Some(assurance),
                id: None,
            },
        )
}

fn media() -> impl Strategy<Value = Media> {
    use MediaSource as S;
    let source = prop::sample::select(
        &[
            S::VlscDownload,
            S::VlscDownload,
            S::VlscDownload,
            S::VolumeDiscKit,
            S::OemMedia,
            S::OemRecoveryMedia,
            S::RetailMedia,
        ][..],
    );
    let kind = prop::option::of(prop::sample::select(&[MediaKind::Full, MediaKind::Upgrade][..]));
    let agreement = prop::option::weighted(0.3, prop::sample::select(&["1", "1", "2"][..]));
    (source, kind, agreement).prop_map(|(source, kind, agreement)| Media {
        source: Some(source),
        kind,
        agreement_number: agreement.map(number),
    })
}

fn purchase() -> impl Strategy<Value = Purchase> {
    (identity(), 0_u32..3).prop_map(|(product, quantity)| Purchase {
        product,
        quantity: Some(quantity),
    })
}

prop_compose! {
    /// Facts that leave nothing unknown.
    fn complete()(
        licenses in prop::collection::vec(license(), 0..4),
        unlicensed_if_none in any::<bool>(),
        media in media(),
        performed_by in prop::option::weighted(0.3, prop::sample::select(
            &[Performer::Organization, Performer::ServiceProvider, Performer::Oem][..])),
        deployment in prop::sample::select(
            &[Deployment::StandardImage, Deployment::IndividualRecovery, Deployment::FactoryPreload][..]),
        first in product(),
        other in prop::option::weighted(0.3, (product(), prop::option::weighted(0.3, self::media()))),
        follows_license in prop::bool::weighted(0.8),
        program in prop::sample::select(&[
            Program::SelectPlus, Program::SelectPlus, Program::EnterpriseAgreement, Program::CampusAgreement, Program::OpenLicense, Program::OpenValue,
            Program::OtherVolume, Program::None][..]),
        purchases in prop::collection::vec(purchase(), 0..3),
    ) -> Facts {
        let mut facts = Facts::default();
        // The image is often of the licensed product, or of one its terms allow: else nothing would ever be permitted.
        let mut first = first;
        if let (true, Some(license)) = (follows_license, licenses.first()) {
            let allowed = license.prior_versions.as_ref().and_then(|allowed| allowed.first());
            let followed = allowed.unwrap_or(&license.product);
            first = Product { language: license.product.language.clone(), architecture: first.architecture, ..followed.clone() };
        }
        facts.image.products.push(ImageProduct { product: first, media: None });
        facts.image.products.extend(other.into_iter().map(|(product, media)| ImageProduct { product, media }));
        facts.image.media = media;
        facts.image.performed_by = performed_by;
        facts.image.deployment = Some(deployment);
        facts.device.holdings = match (licenses.is_empty(), unlicensed_if_none) {
            (true, true) => Holdings::Unlicensed,
            (true, false) => Holdings::Unstated,
            (false, _) => Holdings::Licenses(licenses),
        };
        facts.agreement.program = Some(program);
        facts.agreement.number = Some(number("1"));
        facts.agreement.purchases = Some(purchases);
        facts
    }
}

/// Valid facts that leave nothing unknown.
///
/// What would be refused as input is mended rather than thrown away, so that generation stays quick.
pub fn valid_facts() -> impl Strategy<Value = Facts> {
    complete().prop_map(mend)
}

/// Valid facts in which up to three products of few kinds want up to three licenses, and the media and the program decide little.
pub fn rival_facts() -> impl Strategy<Value = Facts> {
    let licenses = prop::collection::vec(license(), 1..4);
    let follows = prop::collection::vec((0_usize..3, prop::option::of(0_usize..2), product()), 1..4);
    (complete(), licenses, follows, prop::bool::weighted(0.8)).prop_map(|(mut facts, licenses, follows, eases)| {
        let product = |(license, allowed, other): (usize, Option<usize>, Product)| match licenses.get(license) {
            Some(license) => followed(license, allowed, &other),
            None => other,
        };
        let products = follows.into_iter().map(product);
        facts.image.products = products.map(|product| ImageProduct { product, media: None }).collect();
        facts.device.holdings = Holdings::Licenses(licenses);
        if eases {
            facts.agreement.program = Some(Program::SelectPlus);
            facts.image.media = Media {
                source: Some(MediaSource::VlscDownload),
                ..Media::default()
            };
        }
        mend(facts)
    })
}

/// What a license is for, or one of the products that its terms allow, in its language.
fn followed(license: &License, allowed: Option<usize>, other: &Product) -> Product {
    let terms = license.prior_versions.as_deref().unwrap_or_default();
    let allowed = allowed.and_then(|allowed| terms.get(allowed));
    Product {
        language: license.product.language.clone(),
        architecture: other.architecture,
        ..allowed.unwrap_or(&license.product).clone()
    }
}

fn mend(mut facts: Facts) -> Facts {
    let catalogue = Catalogue::embedded();
    if let Holdings::Licenses(licenses) = &mut facts.device.holdings {
        for license in licenses {
            let licensed = license.product.clone();
            let same_family = |product: &Product| product.family == licensed.family;
            license.preinstalled = license.preinstalled.take().filter(same_family);
            license.coa = license.coa.take().filter(same_family);
            if let Some(allowed) = &mut license.prior_versions {
                allowed.retain(|product| same_family(product) && is_earlier(catalogue, product, &licensed));
            }
        }
    }
    let mut seen: Vec<Product> = Vec::new();
    facts.image.products.retain(|product| {
        let identity = Product {
            family: product.product.family.clone(),
            version: product.product.version.clone(),
            edition: product.product.edition.clone(),
            ..Product::default()
        };
        let fresh = !seen.contains(&identity);
        seen.push(identity);
        fresh
    });
    facts
}

fn is_earlier(catalogue: &Catalogue, product: &Product, licensed: &Product) -> bool {
    let (Some(family), Some(version), Some(of)) = (&product.family, &product.version, &licensed.version) else {
        return false;
    };
    version != of
        && catalogue
            .order(family, version, of)
            .is_none_or(|order| order == std::cmp::Ordering::Less)
}

/// Whether facts would be taken as input, and taken for what they are.
pub fn is_valid(facts: &Facts) -> bool {
    let catalogue = Catalogue::embedded();
    parse_facts(&encode_facts(facts, catalogue), catalogue).is_ok()
}

/// Hides some of the facts that are unknown when not stated; each bit of `choices` decides on one of them in turn.
pub fn hide(facts: &Facts, choices: &[bool]) -> Facts {
    let mut hidden = facts.clone();
    let mut choices = choices.iter().copied().cycle();
    let mut pick = || choices.next().unwrap_or(false);
    if let Holdings::Licenses(licenses) = &mut hidden.device.holdings {
        for license in licenses {
            hide_identity(&mut license.product, &mut pick);
            hide_field(&mut license.product.language, &mut pick);
            hide_field(&mut license.channel, &mut pick);
            hide_field(&mut license.software_assurance, &mut pick);
            for allowed in license.prior_versions.iter_mut().flatten() {
                hide_identity(allowed, &mut pick);
            }
            hide_field(&mut license.prior_versions, &mut pick);
            if let Some(preinstalled) = &mut license.preinstalled {
                hide_field(&mut preinstalled.version, &mut pick);
                hide_field(&mut preinstalled.edition, &mut pick);
            }
        }
    }
    // Hiding every license at once is rare, since it hides nearly everything.
    if pick() && pick() && pick() {
        hidden.device.holdings = Holdings::Unstated;
    }
    let organization = hidden.image.performed_by.unwrap_or(Performer::Organization) == Performer::Organization;
    hide_media(&mut hidden.image.media, organization, &mut pick);
    for product in &mut hidden.image.products {
        hide_identity(&mut product.product, &mut pick);
        hide_field(&mut product.product.language, &mut pick);
        if let Some(media) = &mut product.media {
            hide_media(media, organization, &mut pick);
        }
    }
    hide_field(&mut hidden.image.deployment, &mut pick);
    hide_field(&mut hidden.agreement.program, &mut pick);
    hide_field(&mut hidden.agreement.number, &mut pick);
    for purchase in hidden.agreement.purchases.iter_mut().flatten() {
        hide_identity(&mut purchase.product, &mut pick);
        hide_field(&mut purchase.quantity, &mut pick);
    }
    hide_field(&mut hidden.agreement.purchases, &mut pick);
    hidden
}

fn hide_field<T>(field: &mut Option<T>, pick: &mut impl FnMut() -> bool) {
    if pick() {
        *field = None;
    }
}

fn hide_identity(product: &mut Product, pick: &mut impl FnMut() -> bool) {
    hide_field(&mut product.family, pick);
    hide_field(&mut product.version, pick);
    hide_field(&mut product.edition, pick);
}

/// The number of media is unknown when not stated only where somebody else does the imaging.
fn hide_media(media: &mut Media, organization: bool, pick: &mut impl FnMut() -> bool) {
    hide_field(&mut media.source, pick);
    if !organization {
        hide_field(&mut media.agreement_number, pick);
    }
}

/// Facts with what the catalogue adds and withholds, as a request's are before they are judged.
pub fn completed(facts: &Facts) -> Facts {
    let mut facts = facts.clone();
    withhold_impossible(&mut facts, Catalogue::embedded());
    add_terms(&mut facts, Catalogue::embedded());
    facts
}

/// Runs a law over so many generated inputs.
pub fn runner(cases: u32) -> TestRunner {
    TestRunner::new(ProptestConfig {
        cases,
        failure_persistence: None,
        ..ProptestConfig::default()
    })
}
