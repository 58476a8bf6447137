//! Every key that tools are known to report is known, and those of product keys are never kept.

use std::collections::BTreeMap;

use reimage_rights::report::{Report, Tool};

use crate::support::reports::{reading, shown, values};

/// Keys of every tool that are read or known to say nothing, as the tool writes them.
const KEYS: [(Tool, &str); 18] = [
    (
        Tool::Wmi,
        "Win32_OperatingSystem.Caption Version BuildNumber OperatingSystemSKU OSLanguage MUILanguages OSArchitecture ProductType \
         SerialNumber ApplicationID PartialProductKey Name Description LicenseFamily LicenseStatus ProductKeyChannel \
         SoftwareLicensingService.OA3xOriginalProductKeyDescription OA3xOriginalProductKey",
    ),
    (
        Tool::Registry,
        "EditionID ProductName InstallationType CurrentBuildNumber CurrentVersion DisplayVersion ReleaseId ProductId",
    ),
    (Tool::Slmgr, "Name Description"),
    (Tool::MgaDiag, "Windows_marker_version"),
    (
        Tool::Dism,
        "Index Name Description Size WIM_Bootable Architecture Hal Version ServicePack_Build ServicePack_Level Edition Installation \
         ProductType ProductSuite System_Root Directories Files Created Modified Languages ImageIndex ImageName SPBuild EditionId \
         InstallationType DefaultLanguageIndex",
    ),
    (
        Tool::WimXml,
        "FLAGS ARCH EDITIONID INSTALLATIONTYPE PRODUCTTYPE LANGUAGES DEFAULT",
    ),
    (Tool::EiCfg, "EditionID Channel VL"),
    (Tool::SetuppIni, "Pid"),
    (Tool::IsoName, "Name"),
    (
        Tool::OfficeC2r,
        "ProductReleaseIds ClientCulture Platform VersionToReport UpdateChannel",
    ),
    (Tool::OfficeMsi, "ProductCode"),
    (Tool::Ospp, "LICENSE_NAME LICENSE_DESCRIPTION"),
    (
        Tool::Glpi,
        "HARDWARE.WINPRODID HARDWARE.WINPRODKEY HARDWARE.WINLANG HARDWARE.OSCOMMENTS HARDWARE.ARCHNAME OPERATINGSYSTEM.FULL_NAME \
         OPERATINGSYSTEM.VERSION OPERATINGSYSTEM.KERNEL_VERSION OPERATINGSYSTEM.SERVICE_PACK OPERATINGSYSTEM.ARCH LICENSEINFOS.NAME \
         LICENSEINFOS.FULLNAME LICENSEINFOS.KEY LICENSEINFOS.COMPONENTS LICENSEINFOS.TRIAL LICENSEINFOS.UPDATE LICENSEINFOS.OEM \
         LICENSEINFOS.ACTIVATION_DATE LICENSEINFOS.PRODUCTID glpi_softwarelicenses.name glpi_softwarelicenses.serial \
         glpi_softwarelicenses.otherserial glpi_softwarelicenses.number glpi_softwarelicenses.softwarelicensetypes_id \
         glpi_softwarelicenses.softwareversions_id_buy glpi_softwarelicenses.softwareversions_id_use glpi_softwarelicenses.expire",
    ),
    (
        Tool::Ocs,
        "HARDWARE.OSNAME HARDWARE.OSVERSION HARDWARE.WINPRODID HARDWARE.WINPRODKEY OFFICEPACK.PRODUCT OFFICEPACK.PRODUCTID \
         OFFICEPACK.TYPE OFFICEPACK.OFFICEKEY",
    ),
    (
        Tool::SnipeIt,
        "name serial seats manufacturer order_number purchase_order purchase_date expiration_date termination_date reassignable \
         maintained notes",
    ),
    (
        Tool::AssetIntelligence,
        "Product_Name Publisher Version Language EffectiveQuantity PONumber ResellerName DateOfPurchase SupportPurchased Product_Pool",
    ),
    (
        Tool::ConfigMgr,
        "OSDImageIndex OSDImageVersion OSDImageDescription OSDConfigFileName OSDTargetSystemDrive OSDInstallEditionIndex OSDProductKey \
         OSDServerLicenseMode OSDUILanguage _SMSTSMake _SMSTSModel _SMSTSSerialNumber",
    ),
    (
        Tool::Mdt,
        "OSCurrentVersion OSCurrentBuild OSVersion IsServerOS IsServerCoreOS ImageBuild OSSKU ImageFlags ImageLanguage001 ImageProcessor \
         Architecture ProductKey OverrideProductKey Flags Language Platform Build ImageIndex",
    ),
];

#[test]
fn every_key_that_a_tool_is_known_for_is_known() {
    for (tool, keys) in KEYS {
        for key in keys.split(' ').filter(|key| !key.is_empty()) {
            let report = values(tool, &[(key, "x")]);
            let reading = reading(&report);
            let unknown = reading
                .unmapped
                .iter()
                .any(|unmapped| unmapped.why.contains("not known here") && unmapped.why.contains("key"));
            assert!(!unknown, "{} {key}: {}", tool.as_str(), shown(&reading));
        }
    }
    let unknown = reading(&values(Tool::Wmi, &[("Moon", "full")]));
    assert_eq!(unknown.unmapped[0].why, "this key is not known here");
}

#[test]
fn no_value_of_a_field_for_product_keys_is_ever_kept() {
    for (tool, key) in [
        (Tool::Wmi, "OA3xOriginalProductKey"),
        (Tool::Glpi, "HARDWARE.WINPRODKEY"),
        (Tool::Glpi, "LICENSEINFOS.KEY"),
        (Tool::Glpi, "glpi_softwarelicenses.serial"),
        (Tool::Ocs, "OFFICEPACK.OFFICEKEY"),
        (Tool::SnipeIt, "serial"),
        (Tool::ConfigMgr, "OSDProductKey"),
        (Tool::Mdt, "ProductKey"),
        (Tool::Mdt, "OverrideProductKey"),
    ] {
        let values: BTreeMap<String, String> = [(key.to_owned(), "A-KEY".to_owned())].into();
        let report = Report {
            tool,
            values,
            text: String::new(),
        };
        assert!(!shown(&reading(&report)).contains("A-KEY"), "{key}");
    }
}
