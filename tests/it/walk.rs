//! Every condition over the whole of its own fact space: the outcomes and reasons it declares are the ones it can have, and no
//! definite outcome changes when an unknown fact becomes known.

use std::{cmp::Ordering, collections::BTreeSet};

use reimage_rights::{
    catalogue::Catalogue,
    domain::{
        AgreementNumber, Architecture, Channel, Deployment, Facts, Holdings, Language, License, LicenseKind, Media,
        MediaSource, Name, Performer, Product, Program, Purchase,
    },
    rules::{Case, Reading, condition, conditions_of, find, uses},
    verdict::{Basis, ConditionCode, Finding, Standing, Truth},
};

/// One fact with the values it takes; the first leaves it unstated.
struct Axis {
    values: Vec<Box<dyn Fn(&mut Facts)>>,
    /// Whether leaving it unstated means that it is unknown, rather than that a default counts.
    unknown: bool,
}

fn axis<T: Clone + 'static>(unknown: bool, values: &[T], set: impl Fn(&mut Facts, Option<T>) + Copy + 'static) -> Axis {
    let stated = values.iter().cloned().map(Some);
    let values = std::iter::once(None)
        .chain(stated)
        .map(|value| -> Box<dyn Fn(&mut Facts)> { Box::new(move |facts| set(facts, value.clone())) });
    Axis {
        values: values.collect(),
        unknown,
    }
}

fn name(text: &str) -> Option<Name> {
    Name::parse(text)
}

fn product(parts: &str) -> Product {
    let mut parts = parts.split('/').map(|part| if part == "?" { None } else { name(part) });
    Product {
        family: parts.next().flatten(),
        version: parts.next().flatten(),
        edition: parts.next().flatten(),
        ..Product::default()
    }
}

fn license(facts: &mut Facts, index: usize) -> Option<&mut License> {
    match &mut facts.device.holdings {
        Holdings::Licenses(licenses) => licenses.get_mut(index),
        Holdings::Unstated | Holdings::Unlicensed => None,
    }
}

fn on_license<T: Clone + 'static>(
    unknown: bool,
    values: &[T],
    set: impl Fn(&mut License, Option<T>) + Copy + 'static,
) -> Axis {
    axis(unknown, values, move |facts, value| {
        if let Some(license) = license(facts, 0) {
            set(license, value);
        }
    })
}

const FAMILIES: [&str; 3] = ["Windows", "Office", "Contoso Draw"];
const VERSIONS: [&str; 4] = ["XP", "Vista", "7", "99"];
const EDITIONS: [&str; 4] = ["Professional", "Business", "Home Premium", "Enterprise"];
const CHANNELS: [Channel; 4] = [Channel::Oem, Channel::Fpp, Channel::Volume, Channel::OtherAgreement];
const SOURCES: [MediaSource; 6] = [
    MediaSource::VlscDownload,
    MediaSource::VolumeDiscKit,
    MediaSource::OemMedia,
    MediaSource::OemRecoveryMedia,
    MediaSource::RetailMedia,
    MediaSource::Other,
];

fn licenses_stated() -> Axis {
    // First in the list of axes, so that the fields of the license find one to be set on.
    axis(true, &[true, false], |facts, licensed| {
        facts.device.holdings = match licensed {
            None => Holdings::Unstated,
            Some(true) => Holdings::Licenses(vec![License::default()]),
            Some(false) => Holdings::Unlicensed,
        };
    })
}

fn image_part(values: &'static [&'static str], set: impl Fn(&mut Product, Option<Name>) + Copy + 'static) -> Axis {
    axis(true, values, move |facts, value| {
        if facts.image.products.is_empty() {
            facts.image.products.push(Default::default());
        }
        set(&mut facts.image.products[0].product, value.and_then(name));
    })
}

fn licensed_part(values: &'static [&'static str], set: impl Fn(&mut Product, Option<Name>) + Copy + 'static) -> Axis {
    on_license(true, values, move |license, value| {
        set(&mut license.product, value.and_then(name))
    })
}

fn image_product() -> Vec<Axis> {
    vec![
        image_part(&FAMILIES, |product, value| product.family = value),
        image_part(&VERSIONS, |product, value| product.version = value),
        image_part(&EDITIONS, |product, value| product.edition = value),
    ]
}

fn licensed_product() -> Vec<Axis> {
    vec![
        licensed_part(&["Windows", "Office"], |product, value| product.family = value),
        licensed_part(&VERSIONS, |product, value| product.version = value),
        licensed_part(&EDITIONS, |product, value| product.edition = value),
    ]
}

fn channel() -> Axis {
    on_license(true, &CHANNELS, |license, value| license.channel = value)
}

fn label(values: &'static [&'static str]) -> Axis {
    on_license(false, values, |license, value| license.coa = value.map(product))
}

fn terms() -> Axis {
    let lists: [&[&str]; 5] = [
        &[],
        &["Windows/XP/Professional"],
        &["Windows/Vista/Business"],
        &["Windows/Vista/?"],
        &["?/XP/Professional"],
    ];
    on_license(true, &lists, |license, value| {
        license.prior_versions = value.map(|list| list.iter().map(|entry| product(entry)).collect());
    })
}

fn source() -> Axis {
    axis(true, &SOURCES, |facts, value| facts.image.media.source = value)
}

fn program() -> Axis {
    let programs = [
        Program::SelectPlus,
        Program::OpenLicense,
        Program::OtherVolume,
        Program::None,
    ];
    axis(true, &programs, |facts, value| facts.agreement.program = value)
}

fn performer() -> Axis {
    let performers = [Performer::Organization, Performer::ServiceProvider, Performer::Oem];
    axis(false, &performers, |facts, value| facts.image.performed_by = value)
}

fn deployment() -> Axis {
    let deployments = [
        Deployment::StandardImage,
        Deployment::IndividualRecovery,
        Deployment::FactoryPreload,
    ];
    axis(true, &deployments, |facts, value| facts.image.deployment = value)
}

fn second_license() -> Axis {
    let second = [
        "Windows/7/Home Premium/OEM",
        "Windows/7/Professional/OEM",
        "Windows/7/Professional/?",
        "Windows/?/?/FPP",
    ];
    axis(false, &second, |facts, value| {
        let (Holdings::Licenses(licenses), Some(second)) = (&mut facts.device.holdings, value) else {
            return;
        };
        let channel = match second.rsplit('/').next() {
            Some("OEM") => Some(Channel::Oem),
            Some("FPP") => Some(Channel::Fpp),
            _ => None,
        };
        licenses.push(License {
            product: product(second),
            channel,
            ..License::default()
        });
    })
}

fn purchases() -> Axis {
    let lists: [&[(&str, Option<u32>)]; 8] = [
        &[],
        &[("Windows/7/Professional", Some(1))],
        &[("Windows/7/Professional", None)],
        &[("Windows/7/Professional", Some(0))],
        &[("Windows/Vista/Business", Some(2))],
        &[("Windows/8/Pro", Some(1))],
        &[("Windows/?/Professional", Some(1))],
        &[("Office/2010/Standard", Some(5))],
    ];
    axis(true, &lists, |facts, value| {
        facts.agreement.purchases = value.map(|list| {
            let bought = |(bought, quantity): &(&str, Option<u32>)| Purchase {
                product: product(bought),
                quantity: *quantity,
            };
            list.iter().map(bought).collect()
        });
    })
}

fn number(value: Option<&str>) -> Option<AgreementNumber> {
    value.and_then(AgreementNumber::parse)
}

/// The facts that a condition reads.
fn space(code: ConditionCode) -> Vec<Axis> {
    use ConditionCode as C;
    let mut axes = match code {
        C::VolumeCustomer => vec![program()],
        C::VolumeMedia => vec![
            source(),
            performer(),
            axis(true, &["1", "2"], |facts, value| facts.agreement.number = number(value)),
            axis(true, &["1", "2"], |facts, value| {
                facts.image.media.agreement_number = number(value)
            }),
            axis(
                false,
                &[MediaSource::RetailMedia, MediaSource::VlscDownload],
                |facts, value| {
                    facts.image.products[0].media = value.map(|source| Media {
                        source: Some(source),
                        ..Media::default()
                    });
                },
            ),
        ],
        C::OemMedia | C::RecoveryMedia | C::OemImage => vec![source()],
        C::VolumeOffering | C::EnterpriseEdition | C::WindowsEnterpriseImage => image_product(),
        C::OneLicense => {
            let mut axes = vec![licenses_stated(), program(), purchases(), terms(), channel()];
            axes.extend([
                licensed_part(&["7", "8"], |product, value| product.version = value),
                image_part(&["Vista", "7"], |product, value| product.version = value),
                image_part(&["Business", "Professional"], |product, value| product.edition = value),
            ]);
            axes.push(label(&["Windows/8/Pro"]));
            axes
        }
        C::DeviceLicense | C::OwnVolumeLicense | C::OemLicense => vec![licenses_stated(), channel()],
        C::SameProduct | C::SameVersion | C::PriorVersion => vec![
            licenses_stated(),
            terms(),
            channel(),
            label(&["Windows/Vista/Business", "?/?/Home Premium"]),
            image_part(&["Windows", "Office"], |product, value| product.family = value),
            image_part(&["XP", "Vista", "7"], |product, value| product.version = value),
            image_part(&["Professional", "Business"], |product, value| product.edition = value),
            licensed_part(&["Windows"], |product, value| product.family = value),
            licensed_part(&["Vista", "7"], |product, value| product.version = value),
            licensed_part(&["Professional", "Business"], |product, value| product.edition = value),
        ],
        C::SameComponents => vec![
            licenses_stated(),
            licensed_part(&["Office", "Windows"], |product, value| product.family = value),
            licensed_part(&["2007", "2010"], |product, value| product.version = value),
            licensed_part(&["Standard", "Professional Plus"], |product, value| {
                product.edition = value
            }),
            image_part(&["Office", "Windows"], |product, value| product.family = value),
            image_part(&["2003", "2007", "2010"], |product, value| product.version = value),
            image_part(&["Standard", "Professional Plus"], |product, value| {
                product.edition = value
            }),
            on_license(
                true,
                &["", "Office/2007/Standard", "Office/2003/Standard"],
                |license, value| {
                    license.prior_versions = value.map(|entry| {
                        if entry.is_empty() {
                            Vec::new()
                        } else {
                            vec![product(entry)]
                        }
                    });
                },
            ),
            axis(false, &["Word"], |facts, value| {
                facts.image.products[0].product.components = value.map(|text| name(text).into_iter().collect());
            }),
        ],
        C::SameLanguage => {
            let languages = ["en-US", "en", "fr-FR", "mui"];
            vec![
                licenses_stated(),
                on_license(true, &languages, |license, value| {
                    license.product.language = value.and_then(|tag| Language::parse(tag).ok());
                }),
                axis(true, &languages, |facts, value| {
                    facts.image.products[0].product.language = value.and_then(|tag| Language::parse(tag).ok());
                }),
            ]
        }
        C::Platform => {
            let architectures = [Architecture::X86, Architecture::X64, Architecture::Arm64];
            vec![
                licenses_stated(),
                on_license(false, &architectures, |license, value| {
                    license.product.architecture = value
                }),
                axis(false, &architectures, |facts, value| {
                    facts.image.products[0].product.architecture = value
                }),
            ]
        }
        C::WindowsBaseLicense => {
            let mut axes = vec![
                licenses_stated(),
                channel(),
                on_license(false, &[LicenseKind::Full, LicenseKind::Upgrade], |license, value| {
                    license.kind = value
                }),
                second_license(),
            ];
            axes.extend(image_product());
            axes.push(licensed_part(&["Windows", "Office"], |product, value| {
                product.family = value
            }));
            axes.push(licensed_part(&["Professional", "Home Premium"], |product, value| {
                product.edition = value
            }));
            axes
        }
        C::CertificateOfAuthenticity => {
            let family = licensed_part(&["Windows", "Office"], |product, value| product.family = value);
            vec![licenses_stated(), channel(), family, label(&["Windows/7/Professional"])]
        }
        C::SoftwareAssurance => vec![
            licenses_stated(),
            licensed_part(&["Windows", "Office"], |product, value| product.family = value),
            on_license(true, &[true, false], |license, value| {
                license.software_assurance = value
            }),
        ],
        C::IndividualRecovery | C::FactoryPreload => vec![deployment(), performer()],
        C::PreinstalledProduct => {
            let mut axes = vec![licenses_stated()];
            axes.extend(licensed_product());
            axes.push(on_license(
                false,
                &["Windows/7/Professional", "Windows/?/Business"],
                |license, value| {
                    license.preinstalled = value.map(product);
                },
            ));
            axes.extend(image_product());
            axes
        }
        C::LicenseTaken => Vec::new(),
    };
    axes.push(axis(false, &[true], |_, _| ()));
    axes
}

fn base() -> Facts {
    let mut facts = Facts::default();
    let image = product("Windows/7/Professional");
    facts.image.products.push(reimage_rights::domain::ImageProduct {
        product: image,
        media: None,
    });
    facts.device.holdings = Holdings::Licenses(vec![License {
        product: product("Windows/7/Professional"),
        ..License::default()
    }]);
    facts
}

fn facts_at(axes: &[Axis], point: &[usize]) -> Facts {
    let mut facts = base();
    for (axis, value) in axes.iter().zip(point) {
        axis.values[*value](&mut facts);
    }
    facts
}

/// Points of the space, one after the other.
fn points(axes: &[Axis]) -> impl Iterator<Item = Vec<usize>> {
    let sizes: Vec<usize> = axes.iter().map(|axis| axis.values.len()).collect();
    (0..sizes.iter().product::<usize>()).map(move |mut rest| {
        let digit = |size: &usize| {
            let digit = rest % size;
            rest /= size;
            digit
        };
        sizes.iter().map(digit).collect()
    })
}

/// What input parsing would refuse of these facts: terms that name a product of the license's version or a later one.
fn is_valid(facts: &Facts) -> bool {
    let terms = facts.device.holdings.licenses().iter().flat_map(|license| {
        license
            .prior_versions
            .iter()
            .flatten()
            .map(|entry| (entry, &license.product))
    });
    terms.into_iter().all(|(entry, licensed)| {
        let family = Truth::equal(entry.family.as_ref(), licensed.family.as_ref());
        let family_name = licensed.family.as_ref().or(entry.family.as_ref());
        let order = match (family_name, &entry.version, &licensed.version) {
            (Some(family), Some(entry), Some(licensed)) => Catalogue::embedded().order(family, entry, licensed),
            _ => None,
        };
        family != Truth::Broken && order.is_none_or(|order| order == Ordering::Less)
    })
}

fn case(facts: &Facts, basis: Basis) -> Case<'_> {
    // Without a candidate a case has no license, exactly as evaluation tries it.
    let image = facts.image.products[0].product.family.as_ref();
    let candidate = facts
        .device
        .holdings
        .licenses()
        .first()
        .is_some_and(|license| Truth::equal(license.product.family.as_ref(), image) != Truth::Broken);
    Case {
        facts,
        catalogue: Catalogue::embedded(),
        basis,
        item: 0,
        license: candidate.then_some(0),
        reading: Reading::Product,
    }
}

fn missing(facts: &Facts, basis: Basis, finding: &Finding) -> usize {
    let uses = uses(finding.condition, finding.reason, &case(facts, basis));
    uses.iter().filter(|used| used.standing == Standing::Missing).count()
}

struct Seen {
    reasons: BTreeSet<&'static str>,
    points: usize,
}

fn walk(code: ConditionCode, basis: Basis, seen: &mut Seen) {
    let axes = space(code);
    for point in points(&axes) {
        let facts = facts_at(&axes, &point);
        if !is_valid(&facts) {
            continue;
        }
        seen.points += 1;
        let finding = find(code, &case(&facts, basis));
        seen.reasons.insert(finding.reason);
        let completions = completions(&axes, &point, &facts);
        for completed in &completions {
            let now = find(code, &case(completed, basis));
            let truth = finding.outcome.truth();
            assert!(
                truth == Truth::Unknown || truth == now.outcome.truth() || !same_candidates(&facts, completed),
                "{code} on {basis:?}: {finding:?} became {now:?}\nfrom {facts:#?}\nto {completed:#?}"
            );
            if truth == Truth::Unknown && now.outcome.truth() != Truth::Unknown {
                assert!(
                    missing(&facts, basis, &finding) > 0,
                    "{code} on {basis:?}: {finding:?} names no missing fact, yet one settles it as {now:?}\n{facts:#?}"
                );
            }
        }
    }
}

/// The same facts with one unknown fact stated.
fn completions(axes: &[Axis], point: &[usize], facts: &Facts) -> Vec<Facts> {
    let open = axes
        .iter()
        .enumerate()
        .filter(|(index, axis)| axis.unknown && point[*index] == 0);
    let stated = open.flat_map(|(index, axis)| {
        (1..axis.values.len()).map(move |value| {
            let mut point = point.to_vec();
            point[index] = value;
            facts_at(axes, &point)
        })
    });
    stated
        .filter(|completed| is_valid(completed) && completed != facts)
        .collect()
}

/// Whether the license is a candidate before and after: a candidate that drops out takes its findings with it.
fn same_candidates(one: &Facts, two: &Facts) -> bool {
    case(one, Basis::ReimagingRight).license == case(two, Basis::ReimagingRight).license
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
            let mut seen = Seen { reasons: BTreeSet::new(), points: 0 };
            for basis in bases_of(code) {
                walk(code, basis, &mut seen);
            }
            let declared: BTreeSet<&str> = condition(code).reasons.iter().map(|reason| reason.code).collect();
            assert_eq!(seen.reasons, declared, "reasons seen over {} points against those declared", seen.points);
        })+

        #[test]
        fn every_condition_that_one_product_decides_is_walked() {
            let walked = [$(ConditionCode::$code),+];
            let all = ConditionCode::ALL.into_iter().filter(|code| *code != ConditionCode::LicenseTaken);
            assert!(all.into_iter().all(|code| walked.contains(&code)));
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
