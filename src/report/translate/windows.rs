//! Windows: family, version and edition from values that mean something only together.

use super::{
    Draft,
    draft::Row,
    edition_id,
    kernel::{self, Kernel},
    korea::Korea,
    version,
};
use crate::{
    catalogue::Catalogue,
    domain::{Field, Name},
    report::{
        Value,
        item::Clue,
        table::{Means, RoleRow, TABLES},
    },
};

/// The kernel under Windows Server and Small Business Server before there were numbers of editions, so that nothing but the name tells them apart.
const BEFORE_NUMBERS: &str = "5.2";
/// Families that call themselves servers.
const SERVERS: [&str; 3] = ["Windows Server", "Windows Small Business Server", "Windows Home Server"];

pub(super) fn translate(draft: &mut Draft<'_>, clues: &[Clue], catalogue: &Catalogue) {
    let clues = without_win_pe(draft, clues);
    license_names(draft, &clues, catalogue);
    let kernel = kernel::kernel(&clues, |clue, why, needed| draft.leave(clue, why, needed));
    let ids = edition_id::ids(draft, &clues);
    let named = draft.names(Field::Version).first().map(|name| name.text().to_owned());
    let korea = Korea::of(&clues, kernel.as_ref(), named.as_deref(), catalogue);
    for id in &ids {
        let rows = id.rows(kernel.as_ref(), named.as_deref());
        id.translate(draft, &rows, &korea);
    }
    roles(draft, &clues, kernel.as_ref());
    match &kernel {
        Some(kernel) => version::translate(draft, kernel),
        None => version::contradicting(draft, &clues),
    }
    architectures(draft, &clues);
}

/// The clues; without those about the version where they speak of Windows PE, which no license is about.
fn without_win_pe(draft: &mut Draft<'_>, clues: &[Clue]) -> Vec<Clue> {
    let is_win_pe = clues
        .iter()
        .any(|clue| clue.means == Means::RunningSystem && clue.raw.eq_ignore_ascii_case("WinPE"));
    let mut kept = Vec::with_capacity(clues.len());
    for clue in clues {
        let of_system = matches!(
            clue.means,
            Means::NtVersion | Means::Build | Means::ServerFlag | Means::ServerCoreFlag | Means::Architecture
        );
        if is_win_pe && of_system {
            draft.leave(
                clue,
                "speaks of WinPE, which runs now",
                "the value as gathered before WinPE was started",
            );
        } else {
            kept.push(clue.clone());
        }
    }
    kept
}

/// "Windows(R) 7" of "Windows(R) 7, Professional edition": a version only where it is named.
fn license_names(draft: &mut Draft<'_>, clues: &[Clue], catalogue: &Catalogue) {
    for clue in clues.iter().filter(|clue| clue.means == Means::LicenseName) {
        let head = clue.raw.split(',').next().unwrap_or_default();
        if !head.to_lowercase().starts_with("windows") {
            continue;
        }
        let parts = catalogue.resolve(None, Some(head), None).ok();
        if let Some((family, version)) = parts.and_then(|parts| Some((parts.family?, parts.version?))) {
            let row = Row::new("catalogue", &family, crate::catalogue::Source::Seen);
            draft.tell(clue, &row, Value::Family(family));
            draft.tell(clue, &row, Value::Version(version));
        }
    }
}

/// Desktop or server. That it is a server does not contradict a family of servers that was named.
fn roles(draft: &mut Draft<'_>, clues: &[Clue], kernel: Option<&Kernel<'_>>) {
    let named_server = draft.names(Field::Family).into_iter().any(is_server);
    let roles = [
        Means::ProductType,
        Means::InstallationType,
        Means::ServerFlag,
        Means::ServerCoreFlag,
    ];
    for clue in clues.iter().filter(|clue| roles.contains(&clue.means)) {
        let text = clue.raw.trim();
        let mut rows = TABLES.roles.iter().filter(|row| row.means == clue.means);
        match rows.find(|row| row.text.eq_ignore_ascii_case(text)) {
            Some(row) if !(named_server && row.family == "Windows Server") => {
                role(draft, clue, row, kernel);
            }
            Some(_) => {}
            None if clue.means == Means::ServerCoreFlag => {}
            None => draft.leave(
                clue,
                "tells neither a desktop nor a server",
                "`1` to `3`, or `Client` or `Server`",
            ),
        }
    }
}

fn role(draft: &mut Draft<'_>, clue: &Clue, row: &RoleRow, kernel: Option<&Kernel<'_>>) {
    let known = Row::new("windows-role", &row.text, row.source);
    let is_open = |kernel: &&Kernel<'_>| kernel.nt.as_deref() == Some(BEFORE_NUMBERS);
    let families = kernel.filter(is_open).map(Kernel::families).unwrap_or_default();
    let servers: Vec<Name> = families.into_iter().filter(is_server).collect();
    if row.family == "Windows Server" && servers.len() > 1 && draft.names(Field::Family).is_empty() {
        draft.hint(clue, &known, Value::OneOfFamilies(servers));
    } else {
        draft.tell_name(clue, &known, Value::Family, Some(&row.family));
    }
}

fn is_server(name: &Name) -> bool {
    SERVERS.iter().any(|server| Name::parse(server).as_ref() == Some(name))
}

fn architectures(draft: &mut Draft<'_>, clues: &[Clue]) {
    for clue in clues.iter().filter(|clue| clue.means == Means::Architecture) {
        match super::language::architecture(&clue.raw) {
            Some((architecture, row)) => draft.tell(clue, &row, Value::Architecture(architecture)),
            None => draft.leave(clue, "no architecture that is known here", "`x86`, `x64` or `arm64`"),
        }
    }
}
