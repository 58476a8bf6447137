//! Notes of facts on the wire.

use super::{Violations, Wire as _, pb};
use crate::{
    domain::{Claim, Field, Note, NoteKind, Place, Reported, Said, Source},
    verdict::Path,
};

/// Source of a claim that the catalogue makes.
const CATALOGUE: &str = "catalogue";
/// Path of a note on a report on the image.
const IMAGE_REPORTS: &str = "image.reports";

/// A note as a message.
pub fn encode_note(note: &Note) -> pb::FactNote {
    pb::FactNote {
        path: path_of(note.place, note.field).into_text(),
        kind: note.kind.number(),
        claims: note
            .claims
            .iter()
            .map(|claim| encode_claim(claim, note.place))
            .collect(),
        why: note.why.clone(),
    }
}

fn encode_claim(claim: &Claim, place: Place) -> pb::Claim {
    let value = claim.value.clone();
    match &claim.said {
        Said::Stated => pb::Claim {
            value,
            ..pb::Claim::default()
        },
        Said::Catalogue(known) => pb::Claim {
            value,
            source: CATALOGUE.to_owned(),
            knowledge: known.number(),
            ..pb::Claim::default()
        },
        Said::Reported(reported) => pb::Claim {
            value,
            source: report_path(place, reported.report),
            tool: reported.tool.clone(),
            key: reported.key.clone(),
            raw: reported.raw.clone(),
            mapping: reported.mapping.clone(),
            knowledge: reported.source.number(),
        },
    }
}

/// Parses a recorded note.
pub fn parse_note(message: &pb::FactNote, index: usize, violations: &mut Violations) -> Option<Note> {
    let note = parse(message);
    if note.is_none() {
        violations.add(
            format_args!("notes[{index}]"),
            "is no note of a fact that is known here",
        );
    }
    note
}

fn parse(message: &pb::FactNote) -> Option<Note> {
    let (place, field) = place_of(&message.path)?;
    let claims = message.claims.iter().map(|claim| parse_claim(claim, place));
    Some(Note {
        place,
        field,
        kind: NoteKind::from_number(message.kind)?,
        claims: claims.collect::<Option<_>>()?,
        why: message.why.clone(),
    })
}

fn parse_claim(message: &pb::Claim, place: Place) -> Option<Claim> {
    let knowledge = Source::from_number(message.knowledge);
    let said = match message.source.as_str() {
        "" => Said::Stated,
        CATALOGUE => Said::Catalogue(knowledge?),
        report => Said::Reported(Box::new(Reported {
            report: report_index(report, place)?,
            tool: message.tool.clone(),
            key: message.key.clone(),
            raw: message.raw.clone(),
            mapping: message.mapping.clone(),
            source: knowledge?,
        })),
    };
    Some(Claim {
        value: message.value.clone(),
        said,
    })
}

/// Reports on the image are of all its products.
fn path_of(place: Place, field: Field) -> Path {
    match (place, field) {
        (Place::License(index), field) => Path::license(index, field.as_str()),
        (Place::ImageProduct(_), Field::Reports) => Path::fixed(IMAGE_REPORTS),
        (Place::ImageProduct(index), field) => Path::image_product(index, field.as_str()),
    }
}

/// The place and the field of a path.
fn place_of(path: &str) -> Option<(Place, Field)> {
    if path == IMAGE_REPORTS {
        return Some((Place::ImageProduct(0), Field::Reports));
    }
    let (start, rest) = path.split_once("].")?;
    let (list, index) = start.split_once('[')?;
    let index = index.parse().ok()?;
    let place = match list {
        "device.licenses" => Place::License(index),
        "image.products" => Place::ImageProduct(index),
        _ => return None,
    };
    let field = Field::ALL.into_iter().find(|field| field.as_str() == rest)?;
    Some((place, field))
}

/// Path of a report: those on the image are of all its products.
fn report_path(place: Place, report: usize) -> String {
    match place {
        Place::License(index) => Path::license(index, &format!("reports[{report}]")).into_text(),
        Place::ImageProduct(_) => format!("{IMAGE_REPORTS}[{report}]"),
    }
}

fn report_index(path: &str, place: Place) -> Option<usize> {
    let index = path.rsplit_once('[')?.1.strip_suffix(']')?.parse().ok()?;
    (report_path(place, index) == path).then_some(index)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn note(place: Place, said: Said) -> Note {
        Note {
            place,
            field: Field::Edition,
            kind: NoteKind::SetAside,
            claims: vec![Claim {
                value: "Professional".to_owned(),
                said,
            }],
            why: "for a reason".to_owned(),
        }
    }

    fn reported() -> Said {
        Said::Reported(Box::new(Reported {
            report: 3,
            tool: "wmi".to_owned(),
            key: "Caption".to_owned(),
            raw: "Microsoft Windows 7 Professional ".to_owned(),
            mapping: "catalogue: Windows".to_owned(),
            source: Source::Recalled,
        }))
    }

    #[test]
    fn a_note_is_parsed_as_it_was_encoded() {
        for place in [Place::License(12), Place::ImageProduct(0)] {
            for said in [Said::Stated, Said::Catalogue(Source::Seen), reported()] {
                let note = note(place, said);
                let mut violations = Violations::default();
                assert_eq!(parse_note(&encode_note(&note), 0, &mut violations), Some(note));
                assert_eq!(violations.as_slice(), []);
            }
        }
    }

    #[test]
    fn a_note_on_a_report_has_the_path_of_the_reports() {
        for (place, path) in [
            (Place::License(12), "device.licenses[12].reports"),
            (Place::ImageProduct(0), "image.reports"),
        ] {
            let note = Note {
                field: Field::Reports,
                ..note(place, reported())
            };
            let message = encode_note(&note);
            assert_eq!(message.path, path);
            assert_eq!(parse_note(&message, 0, &mut Violations::default()), Some(note));
        }
    }

    #[test]
    fn a_claim_names_the_report_by_its_path() {
        let source = |place| encode_note(&note(place, reported())).claims[0].source.clone();
        assert_eq!(source(Place::License(12)), "device.licenses[12].reports[3]");
        assert_eq!(source(Place::ImageProduct(5)), "image.reports[3]");
    }

    #[test]
    fn what_is_no_note_is_refused_with_its_place() {
        let good = encode_note(&note(Place::License(0), reported()));
        let bad = [
            pb::FactNote {
                path: "agreement.program".to_owned(),
                ..good.clone()
            },
            pb::FactNote {
                path: "device.licenses[x].channel".to_owned(),
                ..good.clone()
            },
            pb::FactNote {
                kind: 0,
                ..good.clone()
            },
            pb::FactNote {
                claims: vec![pb::Claim {
                    source: "image.reports[3]".to_owned(),
                    ..good.claims[0].clone()
                }],
                ..good
            },
        ];
        for note in bad {
            let mut violations = Violations::default();
            assert_eq!(parse_note(&note, 4, &mut violations), None);
            assert_eq!(
                violations.to_string(),
                "notes[4]: is no note of a fact that is known here"
            );
        }
    }
}
