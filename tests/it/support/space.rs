//! The fact space of each condition: the facts it reads, each with the values that matter to it.

use reimage_rights::{
    domain::{
        self, AgreementNumber, Architecture, Channel, Deployment, Facts, Holdings, ImageProduct, Language, License,
        LicenseKind, Media, MediaSource, Name, Note, NoteKind, Performer, Place, Product, Program, Purchase,
    },
    verdict::ConditionCode,
};

type Set = Box<dyn Fn(&mut Facts)>;

/// One fact with the values it takes; the first leaves it unstated.
pub struct Axis {
    values: Vec<Set>,
    /// Whether leaving it unstated means that it is unknown, rather than that a default counts.
    pub is_unknown: fn(&Facts) -> bool,
    /// Whether it is a fact of the first license, which some points do not have.
    of_license: bool,
}

impl Axis {
    fn new<T: Clone + 'static>(values: Vec<T>, set: impl Fn(&mut Facts, Option<T>) + Copy + 'static) -> Self {
        let values = std::iter::once(None).chain(values.into_iter().map(Some));
        let values = values.map(|value| -> Set { Box::new(move |facts| set(facts, value.clone())) });
        Self {
            values: values.collect(),
            is_unknown: |_| true,
            of_license: false,
        }
    }

    fn of_license<T: Clone + 'static>(values: Vec<T>, set: impl Fn(&mut License, Option<T>) + Copy + 'static) -> Self {
        let axis = Self::new(values, move |facts, value| {
            if let Holdings::Licenses(licenses) = &mut facts.device.holdings {
                set(&mut licenses[0], value);
            }
        });
        Self {
            of_license: true,
            ..axis
        }
    }

    /// The same fact, for which a default counts when it is not stated.
    fn defaulted(self) -> Self {
        Self {
            is_unknown: |_| false,
            ..self
        }
    }

    /// How many values it takes, unstated included.
    pub fn len(&self) -> usize {
        self.values.len()
    }
}

/// The facts at a point of the space; `None` where a fact of the license is to be stated and there is no license.
pub fn facts_at(axes: &[Axis], point: &[usize]) -> Option<Facts> {
    let mut facts = Facts::default();
    facts.image.products.push(ImageProduct::default());
    facts.device.holdings = Holdings::Licenses(vec![License::default()]);
    for (axis, value) in axes.iter().zip(point) {
        if axis.of_license && *value > 0 && facts.device.holdings.licenses().is_empty() {
            return None;
        }
        (axis.values[*value])(&mut facts);
    }
    Some(facts)
}

/// The facts that a condition reads.
pub fn space(code: ConditionCode) -> Vec<Axis> {
    use ConditionCode as C;
    match code {
        C::VolumeCustomer => vec![program()],
        C::VolumeMedia => volume_media(),
        C::OemMedia | C::RecoveryMedia | C::OemImage => vec![source()],
        C::VolumeOffering | C::EnterpriseEdition | C::WindowsEnterpriseImage => image_product(
            &["Windows", "Office", "Contoso Draw"],
            &["XP", "7", "99"],
            &["Professional", "Home Premium", "Enterprise"],
        ),
        C::OneLicense => one_license(),
        C::DeviceLicense | C::OwnVolumeLicense | C::OemLicense => vec![licenses(), channel()],
        C::SameProduct | C::SameVersion | C::PriorVersion => same_product(),
        C::SameComponents => same_components(),
        C::SameLanguage => same_language(),
        C::Platform => platform(),
        C::WindowsBaseLicense => windows_base_license(),
        C::CertificateOfAuthenticity => {
            vec![
                licenses(),
                channel(),
                licensed(&["Windows", "Office"], FAMILY),
                label(&["Windows/7/Professional"]),
            ]
        }
        C::SoftwareAssurance => vec![
            licenses(),
            licensed(&["Windows", "Office"], FAMILY),
            Axis::of_license(vec![true, false], |license, value| license.software_assurance = value),
        ],
        C::IndividualRecovery | C::FactoryPreload => vec![deployment(), performer()],
        C::PreinstalledProduct => preinstalled_product(),
        C::LicenseTaken | C::ReportConflict | C::ImpossibleClaim => Vec::new(),
    }
}

type Field = fn(&mut Product) -> &mut Option<Name>;
const FAMILY: Field = |product| &mut product.family;
const VERSION: Field = |product| &mut product.version;
const EDITION: Field = |product| &mut product.edition;

fn names(texts: &[&str]) -> Vec<Name> {
    texts.iter().filter_map(|text| Name::parse(text)).collect()
}

/// A product written as "family/version/edition", `?` for a part not stated.
fn product(parts: &str) -> Product {
    let mut parts = parts.split('/').map(Name::parse);
    let mut next = || parts.next().flatten();
    Product {
        family: next(),
        version: next(),
        edition: next(),
        ..Product::default()
    }
}

fn products(list: &[&str]) -> Vec<Product> {
    list.iter().map(|parts| product(parts)).collect()
}

fn image(texts: &[&str], field: Field) -> Axis {
    Axis::new(names(texts), move |facts, value| {
        *field(&mut facts.image.products[0].product) = value;
    })
}

fn licensed(texts: &[&str], field: Field) -> Axis {
    Axis::of_license(names(texts), move |license, value| *field(&mut license.product) = value)
}

fn image_product(families: &[&str], versions: &[&str], editions: &[&str]) -> Vec<Axis> {
    vec![
        image(families, FAMILY),
        image(versions, VERSION),
        image(editions, EDITION),
    ]
}

fn licensed_product(families: &[&str], versions: &[&str], editions: &[&str]) -> Vec<Axis> {
    vec![
        licensed(families, FAMILY),
        licensed(versions, VERSION),
        licensed(editions, EDITION),
    ]
}

/// Comes first, so that the axes of the license find one, or none.
fn licenses() -> Axis {
    Axis::new(vec![true, false], |facts, value| {
        facts.device.holdings = match value {
            None => Holdings::Unstated,
            Some(true) => Holdings::Licenses(vec![License::default()]),
            Some(false) => Holdings::Unlicensed,
        };
    })
}

fn channel() -> Axis {
    let channels = vec![Channel::Oem, Channel::Fpp, Channel::Volume, Channel::OtherAgreement];
    Axis::of_license(channels, |license, value| license.channel = value)
}

fn label(labels: &[&str]) -> Axis {
    Axis::of_license(products(labels), |license, value| license.coa = value).defaulted()
}

fn terms(lists: &[&[&str]]) -> Axis {
    let lists = lists.iter().map(|list| products(list)).collect();
    Axis::of_license(lists, |license, value| license.prior_versions = value)
}

fn source() -> Axis {
    use MediaSource as S;
    let sources = vec![
        S::VlscDownload,
        S::VolumeDiscKit,
        S::OemMedia,
        S::OemRecoveryMedia,
        S::RetailMedia,
        S::Other,
    ];
    Axis::new(sources, |facts, value| facts.image.media.source = value)
}

fn program() -> Axis {
    let programs = vec![
        Program::SelectPlus,
        Program::OpenLicense,
        Program::OtherVolume,
        Program::None,
    ];
    Axis::new(programs, |facts, value| facts.agreement.program = value)
}

fn performer() -> Axis {
    let performers = vec![Performer::Organization, Performer::ServiceProvider, Performer::Oem];
    Axis::new(performers, |facts, value| facts.image.performed_by = value).defaulted()
}

fn deployment() -> Axis {
    let deployments = vec![
        Deployment::StandardImage,
        Deployment::IndividualRecovery,
        Deployment::FactoryPreload,
    ];
    Axis::new(deployments, |facts, value| facts.image.deployment = value)
}

fn volume_media() -> Vec<Axis> {
    let numbers = || {
        ["1", "2"]
            .iter()
            .filter_map(|number| AgreementNumber::parse(number))
            .collect()
    };
    let of_media = Axis::new(numbers(), |facts, value| facts.image.media.agreement_number = value);
    let elsewhere = Axis::new(
        vec![MediaSource::RetailMedia, MediaSource::VlscDownload],
        |facts, value| {
            facts.image.products[0].media = value.map(|source| Media {
                source: Some(source),
                ..Media::default()
            });
        },
    );
    vec![
        source(),
        performer(),
        Axis::new(numbers(), |facts, value| facts.agreement.number = value),
        // The organization's own media are taken to be of its own agreement.
        Axis {
            is_unknown: |facts| !matches!(facts.image.performed_by, None | Some(Performer::Organization)),
            ..of_media
        },
        elsewhere.defaulted(),
    ]
}

fn one_license() -> Vec<Axis> {
    let bought = |parts: &str, quantity| Purchase {
        product: product(parts),
        quantity,
    };
    let purchases = vec![
        vec![],
        vec![bought("Windows/7/Professional", Some(1))],
        vec![bought("Windows/7/Professional", None)],
        vec![bought("Windows/7/Professional", Some(0))],
        vec![bought("Windows/Vista/Business", Some(2))],
        vec![bought("Windows/8/Professional", Some(1))],
        vec![bought("Windows/?/Professional", Some(1))],
        vec![bought("Office/2010/Standard", Some(5))],
    ];
    vec![
        licenses(),
        program(),
        Axis::new(purchases, |facts, value| facts.agreement.purchases = value),
        terms(&[&[], &["Windows/Vista/Business"]]),
        Axis::of_license(vec![Channel::Oem, Channel::Fpp], |license, value| {
            license.channel = value;
        }),
        label(&["Windows/8/Professional"]),
        licensed(&["Windows"], FAMILY),
        licensed(&["7", "8"], VERSION),
        licensed(&["Professional"], EDITION),
        image(&["Windows"], FAMILY),
        image(&["Vista", "7"], VERSION),
        image(&["Business", "Professional"], EDITION),
    ]
}

fn same_product() -> Vec<Axis> {
    let mut axes = vec![
        licenses(),
        terms(&[
            &[],
            &["Windows/XP/Professional"],
            &["Windows/Vista/Business"],
            &["Windows/Vista/?"],
        ]),
        Axis::of_license(vec![Channel::Oem, Channel::Fpp], |license, value| {
            license.channel = value;
        }),
        label(&["Windows/Vista/Business", "?/?/Home Premium"]),
    ];
    axes.extend(image_product(
        &["Windows", "Office"],
        &["XP", "Vista", "7"],
        &["Professional", "Business"],
    ));
    axes.extend(licensed_product(
        &["Windows"],
        &["Vista", "7"],
        &["Professional", "Business"],
    ));
    axes
}

fn same_components() -> Vec<Axis> {
    let stated = Axis::new(vec![names(&["Word"])], |facts, value| {
        facts.image.products[0].product.components = value.map(|names| names.into_iter().collect());
    });
    let label_suite = label(&["Windows/7/Professional"]);
    let mut axes = vec![
        licenses(),
        terms(&[&[], &["Office/2007/Standard"], &["Office/2003/Standard"]]),
        stated.defaulted(),
        Axis::of_license(vec![names(&["Word"])], |license, value| {
            license.product.components = value.map(|names| names.into_iter().collect());
        })
        .defaulted(),
        label_suite,
    ];
    let editions = ["Standard", "Professional Plus"];
    axes.extend(licensed_product(&["Office", "Windows"], &["2007", "2010"], &editions));
    axes.extend(image_product(
        &["Office", "Windows"],
        &["2003", "2007", "2010"],
        &editions,
    ));
    axes
}

fn same_language() -> Vec<Axis> {
    let languages = || {
        ["en-US", "en", "fr-FR", "mui"]
            .iter()
            .filter_map(|tag| Language::parse(tag).ok())
            .collect()
    };
    vec![
        licenses(),
        Axis::of_license(languages(), |license, value| license.product.language = value),
        Axis::new(languages(), |facts, value| {
            facts.image.products[0].product.language = value;
        }),
    ]
}

fn platform() -> Vec<Axis> {
    let architectures = || vec![Architecture::X86, Architecture::X64, Architecture::Arm64];
    let of_image = Axis::new(architectures(), |facts, value| {
        facts.image.products[0].product.architecture = value;
    });
    vec![
        licenses(),
        Axis::of_license(architectures(), |license, value| license.product.architecture = value).defaulted(),
        of_image.defaulted(),
        Axis::new(vec![true], |facts, contradicted| {
            if contradicted.is_some() {
                if let Holdings::Licenses(licenses) = &mut facts.device.holdings {
                    licenses[0].product.architecture = None;
                }
                let (place, field) = (Place::License(0), domain::Field::Architecture);
                facts
                    .notes
                    .push(Note::new(place, field, NoteKind::Conflict, Vec::new()));
            }
        })
        .defaulted(),
    ]
}

fn windows_base_license() -> Vec<Axis> {
    let kinds = vec![LicenseKind::Full, LicenseKind::Upgrade];
    let second = |parts: &str, channel| License {
        product: product(parts),
        channel,
        ..License::default()
    };
    let seconds = vec![
        second("Windows/7/Home Premium", Some(Channel::Oem)),
        second("Windows/7/Professional", Some(Channel::Oem)),
        second("Windows/7/Professional", None),
        second("Windows/?/?", Some(Channel::Fpp)),
    ];
    let mut axes = vec![
        licenses(),
        channel(),
        Axis::of_license(kinds, |license, value| license.kind = value).defaulted(),
        Axis::new(seconds, |facts, value| {
            if let Holdings::Licenses(licenses) = &mut facts.device.holdings {
                licenses.extend(value);
            }
        })
        .defaulted(),
        image(&["Windows", "Office"], FAMILY),
    ];
    axes.extend(licensed_product(
        &["Windows", "Office"],
        &["7"],
        &["Professional", "Home Premium"],
    ));
    axes
}

fn preinstalled_product() -> Vec<Axis> {
    let preinstalled = products(&["Windows/7/Professional", "Windows/?/Business"]);
    let (versions, editions) = (["Vista", "7"], ["Business", "Professional"]);
    let mut axes = vec![licenses()];
    axes.push(Axis::of_license(preinstalled, |license, value| license.preinstalled = value).defaulted());
    axes.extend(licensed_product(&["Windows"], &versions, &editions));
    axes.extend(image_product(&["Windows", "Office"], &versions, &editions));
    axes
}
