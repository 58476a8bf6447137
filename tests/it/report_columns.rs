//! What `wmic` and PowerShell print in columns is read as what they print in lines.

use reimage_rights::report::Tool;

use crate::support::reports::{parts, reading, shown, text};

const LINES: &str =
    "Caption=Microsoft Windows 10 Enterprise\r\nOSArchitecture=64-bit\r\nProductType=1\r\nVersion=10.0.19045\r\n";

#[test]
fn a_table_and_csv_say_what_lines_say() {
    let lines = shown(&reading(&text(Tool::Wmi, LINES)));
    for columns in [
        "Caption                          OSArchitecture  ProductType  Version     \r\nMicrosoft Windows 10 Enterprise  64-bit          1            10.0.19045  \r\n",
        "Caption   OSArchitecture  ProductType  Version\r\nMicrosoft Windows 10 Enterprise  64-bit  1  10.0.19045\r\n",
        "\r\r\nNode,Caption,OSArchitecture,ProductType,Version\r\r\nPC-1,Microsoft Windows 10 Enterprise,64-bit,1,10.0.19045\r\r\n",
        "#TYPE Selected.System.Management.ManagementObject\r\n\"Caption\",\"OSArchitecture\",\"ProductType\",\"Version\"\r\n\"Microsoft Windows 10 Enterprise\",\"64-bit\",\"1\",\"10.0.19045\"\r\n",
    ] {
        assert_eq!(shown(&reading(&text(Tool::Wmi, columns))), lines, "{columns}");
    }
}

#[test]
fn of_several_tables_each_is_read() {
    let tables = "Caption                           Version   \r\nMicrosoft Windows 7 Professional  6.1.7601  \r\n\r\nProductType  \r\n1            \r\n\r\nOSLanguage=1033\r\n";
    let report = text(Tool::Wmi, tables);
    assert_eq!(parts(&report), "Windows/7/Professional");
    assert!(shown(&reading(&report)).contains("product.language = en-US"));
}

#[test]
fn a_table_that_lost_its_spaces_or_was_cut_short_is_not_read() {
    for columns in [
        "Caption OSArchitecture Version\r\nMicrosoft Windows 10 Enterprise 64-bit 10.0.19045\r\n",
        "Caption  OSArchitecture  Version\r\nMicrosoft Windows 10 Enterprise 64-bit  10.0.19045\r\n",
        "Caption              Version\r\n-------              -------\r\nMicrosoft Windows... 10.0.1...\r\n",
    ] {
        let reading = reading(&text(Tool::Wmi, columns));
        assert!(reading.described.is_empty(), "{reading:?}");
        assert!(reading.unread.is_some(), "{columns}");
    }
}

#[test]
fn a_report_is_unread_only_while_no_key_in_it_is_known() {
    for (tool, printed) in [
        (Tool::Wmi, "Node - PC\r\nERROR:\r\nDescription = Access denied"),
        (Tool::Wmi, "CSName=PC-1"),
        (Tool::OfficeC2r, "ProductReleaseIds=LanguagePack"),
    ] {
        assert_eq!(reading(&text(tool, printed)).unread, None, "{printed}");
    }
    for (tool, printed) in [
        (Tool::Wmi, "Access denied"),
        (Tool::Dism, "no such file"),
        (Tool::Registry, "Color=blue"),
    ] {
        assert_eq!(reading(&text(tool, printed)).unread.as_deref(), Some(printed));
    }
}
