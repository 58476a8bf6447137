//! The version of Windows that a kernel is of.

use super::{
    Draft,
    draft::Row,
    kernel::{self, Kernel},
};
use crate::{
    catalogue::Source,
    domain::Field,
    report::{Value, item::Clue},
};

/// Notes the version that the kernel's means for the one family that was told; else those that it can be.
pub(super) fn translate(draft: &mut Draft<'_>, kernel: &Kernel<'_>) {
    let families: Vec<String> = draft
        .names(Field::Family)
        .iter()
        .map(|name| name.text().to_owned())
        .collect();
    let family = match families.as_slice() {
        [family] => Some(family.as_str()),
        _ => None,
    };
    if let Some(row) = family.and_then(|family| kernel.version(family)) {
        let known = Row::new("windows-version", format!("{}, {}", row.nt, row.family), row.source);
        draft.tell_name(kernel.clue, &known, Value::Version, Some(&row.version));
        draft.tell_name(kernel.clue, &known, Value::Edition, row.edition.as_deref());
        return;
    }
    match family {
        None => {
            let why = if families.is_empty() {
                format!("this is {}", or_nothing(&kernel.candidates()))
            } else {
                format!("the report says both {}", families.join(" and "))
            };
            draft.leave(
                kernel.clue,
                &why,
                "the product type, the installation type or the edition id",
            );
        }
        Some(family) if draft.names(Field::Version).is_empty() => draft.leave(
            kernel.clue,
            &format!("no one version of {family}"),
            "the version with its build, or the name",
        ),
        Some(_) => {}
    }
    hint(draft, kernel, family);
}

/// Notes of values that contradict each other which versions each can be of: none that was stated is of both.
pub(super) fn contradicting(draft: &mut Draft<'_>, clues: &[Clue]) {
    for clue in clues {
        if let Some(kernel) = kernel::kernel(std::slice::from_ref(clue), |_, _, _| {}) {
            hint(draft, &kernel, None);
        }
    }
}

fn hint(draft: &mut Draft<'_>, kernel: &Kernel<'_>, family: Option<&str>) {
    if let Some(versions) = kernel.versions(family) {
        let known = Row::new("windows-version", "those of the kernel", Source::Recalled);
        draft.hint(kernel.clue, &known, Value::OneOfVersions(versions));
    }
}

fn or_nothing(candidates: &str) -> &str {
    if candidates.is_empty() {
        "no version that is known here"
    } else {
        candidates
    }
}
