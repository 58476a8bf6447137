//! Every condition over the whole of its own fact space: the outcomes and reasons it declares are the ones it can have, and no
//! definite outcome changes when an unknown fact becomes known.

use std::{cmp::Ordering, collections::BTreeSet};

use reimage_rights::{
    catalogue::Catalogue,
    domain::Facts,
    rules::{Case, Reading, condition, conditions_of, find, uses},
    verdict::{Basis, ConditionCode, Finding, Standing, Truth},
};

use crate::support::space::{Axis, facts_at, space};

#[derive(Default)]
struct Seen {
    reasons: BTreeSet<&'static str>,
    points: usize,
}

fn walk(code: ConditionCode, basis: Basis, seen: &mut Seen) {
    let axes = space(code);
    for point in points(&axes) {
        let Some(facts) = facts_at(&axes, &point).filter(is_valid) else {
            continue;
        };
        seen.points += 1;
        let finding = find(code, &case(&facts, basis));
        seen.reasons.insert(finding.reason);
        for completed in completions(&axes, &point, &facts) {
            // A license that drops out as a candidate takes its findings with it.
            if case(&facts, basis).license == case(&completed, basis).license {
                check_completion(&facts, &completed, basis, &finding);
            }
        }
    }
}

fn check_completion(facts: &Facts, completed: &Facts, basis: Basis, finding: &Finding) {
    let now = find(finding.condition, &case(completed, basis));
    match finding.outcome.truth() {
        Truth::Unknown => assert!(
            now.outcome.truth() == Truth::Unknown || names_missing(facts, basis, finding),
            "{basis:?}: {finding:?} names no missing fact, yet one settles it as {now:?}\n{facts:#?}"
        ),
        // What a product that is not fully stated is made of is a default, and same-product is unknown until it is stated.
        Truth::Holds if finding.reason == "no-components" => {}
        definite => assert_eq!(
            definite,
            now.outcome.truth(),
            "{basis:?}: {finding:?} became {now:?}\nfrom {facts:#?}\nto {completed:#?}"
        ),
    }
}

fn names_missing(facts: &Facts, basis: Basis, finding: &Finding) -> bool {
    let uses = uses(finding.condition, finding.reason, &case(facts, basis));
    uses.iter().any(|used| used.standing == Standing::Missing)
}

/// Points of the space, one after the other.
fn points(axes: &[Axis]) -> impl Iterator<Item = Vec<usize>> {
    let sizes: Vec<usize> = axes.iter().map(Axis::len).collect();
    (0..sizes.iter().product::<usize>()).map(move |mut rest| {
        let digit = |size: &usize| {
            let digit = rest % size;
            rest /= size;
            digit
        };
        sizes.iter().map(digit).collect()
    })
}

/// The same facts with one unknown fact stated.
fn completions(axes: &[Axis], point: &[usize], facts: &Facts) -> Vec<Facts> {
    let open = axes
        .iter()
        .enumerate()
        .filter(|(index, axis)| (axis.is_unknown)(facts) && point[*index] == 0);
    let stated = open.flat_map(|(index, axis)| {
        (1..axis.len()).filter_map(move |value| {
            let mut point = point.to_vec();
            point[index] = value;
            facts_at(axes, &point)
        })
    });
    stated.filter(is_valid).collect()
}

/// What input parsing would refuse of these facts: terms that name a product of the license's version or a later one.
fn is_valid(facts: &Facts) -> bool {
    let licenses = facts.device.holdings.licenses().iter();
    let mut terms = licenses.flat_map(|license| {
        license
            .prior_versions
            .iter()
            .flatten()
            .map(|entry| (entry, &license.product))
    });
    terms.all(|(entry, licensed)| {
        let family = Truth::equal(entry.family.as_ref(), licensed.family.as_ref());
        let family_name = licensed.family.as_ref().or(entry.family.as_ref());
        let order = match (family_name, &entry.version, &licensed.version) {
            (Some(family), Some(allowed), Some(of)) => Catalogue::embedded().order(family, allowed, of),
            _ => None,
        };
        family != Truth::Broken && order.is_none_or(|order| order == Ordering::Less)
    })
}

/// The case as evaluation tries it: without a license where the first is no candidate.
fn case(facts: &Facts, basis: Basis) -> Case<'_> {
    let family = facts.image.products[0].product.family.as_ref();
    let first = facts.device.holdings.licenses().first();
    let is_candidate =
        first.is_some_and(|license| Truth::equal(license.product.family.as_ref(), family) != Truth::Broken);
    Case {
        facts,
        catalogue: Catalogue::embedded(),
        basis,
        item: 0,
        license: is_candidate.then_some(0),
        reading: Reading::Product,
    }
}

fn bases_of(code: ConditionCode) -> Vec<Basis> {
    Basis::ALL
        .into_iter()
        .filter(|basis| conditions_of(*basis).contains(&code))
        .collect()
}

macro_rules! walks {
    ($($test:ident: $code:ident),+ $(,)?) => {
        $(#[test]
        fn $test() {
            let code = ConditionCode::$code;
            let mut seen = Seen::default();
            for basis in bases_of(code) {
                walk(code, basis, &mut seen);
            }
            let declared: BTreeSet<&str> = condition(code).reasons.iter().map(|reason| reason.code).collect();
            assert_eq!(seen.reasons, declared, "reasons seen over {} points against those declared", seen.points);
        })+

        #[test]
        fn every_condition_that_one_product_decides_is_walked() {
            let walked = [$(ConditionCode::$code),+];
            let of_a_basis = |code: &ConditionCode| Basis::ALL.iter().any(|basis| conditions_of(*basis).contains(code));
            assert!(ConditionCode::ALL.into_iter().filter(of_a_basis).all(|code| walked.contains(&code)));
        }
    };
}

walks! {
    volume_customer_has_the_reasons_it_declares: VolumeCustomer,
    volume_media_has_the_reasons_it_declares: VolumeMedia,
    oem_media_has_the_reasons_it_declares: OemMedia,
    volume_offering_has_the_reasons_it_declares: VolumeOffering,
    one_license_has_the_reasons_it_declares: OneLicense,
    device_license_has_the_reasons_it_declares: DeviceLicense,
    own_volume_license_has_the_reasons_it_declares: OwnVolumeLicense,
    same_product_has_the_reasons_it_declares: SameProduct,
    same_version_has_the_reasons_it_declares: SameVersion,
    prior_version_has_the_reasons_it_declares: PriorVersion,
    same_components_has_the_reasons_it_declares: SameComponents,
    same_language_has_the_reasons_it_declares: SameLanguage,
    platform_has_the_reasons_it_declares: Platform,
    windows_base_license_has_the_reasons_it_declares: WindowsBaseLicense,
    certificate_of_authenticity_has_the_reasons_it_declares: CertificateOfAuthenticity,
    enterprise_edition_has_the_reasons_it_declares: EnterpriseEdition,
    windows_enterprise_image_has_the_reasons_it_declares: WindowsEnterpriseImage,
    software_assurance_has_the_reasons_it_declares: SoftwareAssurance,
    recovery_media_has_the_reasons_it_declares: RecoveryMedia,
    individual_recovery_has_the_reasons_it_declares: IndividualRecovery,
    oem_license_has_the_reasons_it_declares: OemLicense,
    preinstalled_product_has_the_reasons_it_declares: PreinstalledProduct,
    oem_image_has_the_reasons_it_declares: OemImage,
    factory_preload_has_the_reasons_it_declares: FactoryPreload,
}
