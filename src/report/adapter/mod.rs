//! One file for each tool: from its report to named values that describe one thing.

mod add_on;
mod asset_intelligence;
mod configmgr;
mod dism;
mod ei_cfg;
mod glpi;
mod iso_name;
mod mdt;
mod mgadiag;
mod ocs;
mod office_c2r;
mod office_msi;
mod ospp;
mod registry;
mod setupp_ini;
mod slmgr;
mod snipe_it;
mod wim_xml;
mod wmi;

use super::{Reading, Report, Tool, item::Item};

/// Everything that a report describes.
pub(super) fn items(report: &Report, reading: &mut Reading) -> Vec<Item> {
    match report.tool {
        Tool::Wmi => wmi::items(report),
        Tool::Registry => registry::items(report),
        Tool::Slmgr => slmgr::items(report),
        Tool::MgaDiag => mgadiag::items(report),
        Tool::Dism => dism::items(report, reading),
        Tool::WimXml => wim_xml::items(report, reading),
        Tool::EiCfg => ei_cfg::items(report),
        Tool::SetuppIni => setupp_ini::items(report),
        Tool::IsoName => iso_name::items(report),
        Tool::OfficeC2r => office_c2r::items(report),
        Tool::OfficeMsi => office_msi::items(report),
        Tool::Ospp => ospp::items(report),
        Tool::Glpi => glpi::items(report),
        Tool::Ocs => ocs::items(report),
        Tool::SnipeIt => snipe_it::items(report),
        Tool::AssetIntelligence => asset_intelligence::items(report),
        Tool::ConfigMgr => configmgr::items(report),
        Tool::Mdt => mdt::items(report, reading),
    }
}
