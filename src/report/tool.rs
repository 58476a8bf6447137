//! The tools whose reports are understood.

/// A tool that reports facts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Tool {
    /// Windows Management Instrumentation: `Win32_OperatingSystem`, `SoftwareLicensingProduct`, `SoftwareLicensingService`.
    Wmi,
    /// The registry's `CurrentVersion` key.
    Registry,
    /// Text of `slmgr /dli` and `slmgr /dlv`.
    Slmgr,
    /// Text of `MGADiag`, which reads the marker that an OEM puts into the firmware.
    MgaDiag,
    /// `DISM /Get-ImageInfo` as text, `Get-WindowsImage` as text or JSON.
    Dism,
    /// The XML that a WIM file carries.
    WimXml,
    /// `sources\ei.cfg` of installation media.
    EiCfg,
    /// `i386\setupp.ini` of installation media of XP and 2003.
    SetuppIni,
    /// The file name of an ISO.
    IsoName,
    /// The registry's Click-to-Run configuration.
    OfficeC2r,
    /// Windows Installer product codes of Office.
    OfficeMsi,
    /// Text of `ospp.vbs /dstatus`.
    Ospp,
    /// Inventory of the GLPI or the `FusionInventory` agent, and GLPI's license records.
    Glpi,
    /// OCS Inventory.
    Ocs,
    /// License records of Snipe-IT.
    SnipeIt,
    /// The license import of `ConfigMgr` Asset Intelligence.
    AssetIntelligence,
    /// Task sequence variables of `ConfigMgr`.
    ConfigMgr,
    /// Variables of the Microsoft Deployment Toolkit, and its `OperatingSystems.xml`.
    Mdt,
}

impl Tool {
    /// Every tool.
    pub const ALL: [Self; 18] = [
        Self::Wmi,
        Self::Registry,
        Self::Slmgr,
        Self::MgaDiag,
        Self::Dism,
        Self::WimXml,
        Self::EiCfg,
        Self::SetuppIni,
        Self::IsoName,
        Self::OfficeC2r,
        Self::OfficeMsi,
        Self::Ospp,
        Self::Glpi,
        Self::Ocs,
        Self::SnipeIt,
        Self::AssetIntelligence,
        Self::ConfigMgr,
        Self::Mdt,
    ];

    /// The name by which a report states its tool.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Wmi => "wmi",
            Self::Registry => "registry",
            Self::Slmgr => "slmgr",
            Self::MgaDiag => "mgadiag",
            Self::Dism => "dism",
            Self::WimXml => "wim-xml",
            Self::EiCfg => "ei-cfg",
            Self::SetuppIni => "setupp-ini",
            Self::IsoName => "iso-name",
            Self::OfficeC2r => "office-c2r",
            Self::OfficeMsi => "office-msi",
            Self::Ospp => "ospp",
            Self::Glpi => "glpi",
            Self::Ocs => "ocs",
            Self::SnipeIt => "snipe-it",
            Self::AssetIntelligence => "asset-intelligence",
            Self::ConfigMgr => "configmgr",
            Self::Mdt => "mdt",
        }
    }

    /// The names of all of them, as an error lists them.
    #[must_use]
    pub fn names() -> String {
        Self::ALL.map(Self::as_str).join(", ")
    }

    /// The tool of that name, in any letter case.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|tool| tool.as_str().eq_ignore_ascii_case(name.trim()))
    }

    /// Whether what it says of a running copy is about a device that an image is put on, never about the image.
    pub(super) const fn deploys(self) -> bool {
        matches!(self, Self::ConfigMgr | Self::Mdt)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_tool_is_found_by_its_name() {
        for tool in Tool::ALL {
            assert_eq!(Tool::parse(&tool.as_str().to_uppercase()), Some(tool));
        }
        assert_eq!(Tool::parse("excel"), None);
    }
}
