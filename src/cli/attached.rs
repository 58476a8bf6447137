//! Reports of tools, attached to a request that was written without them.

use clap::Args;

use super::{Failure, report_file};
use crate::{report::Tool, wire::pb};

/// Files with what tools printed.
#[derive(Args, Debug)]
pub(super) struct AttachedArgs {
    /// Attach what a tool printed of the device and its one license, such as wmi=device.txt; may be repeated
    #[arg(long = "license-report", value_name = "TOOL=FILE", value_parser = attached)]
    license: Vec<Attached>,
    /// Attach what a tool printed of the image, such as dism=image.txt; may be repeated
    #[arg(long = "image-report", value_name = "TOOL=FILE", value_parser = attached)]
    image: Vec<Attached>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Attached {
    tool: Tool,
    file: String,
}

impl AttachedArgs {
    /// Adds the reports to the request.
    ///
    /// # Errors
    ///
    /// When a file cannot be read, or when the device holds several licenses, so that it is open which one a report is about.
    pub(super) fn attach(&self, request: &mut pb::CheckRequest) -> Result<(), Failure> {
        if !self.license.is_empty() {
            let licenses = &mut request.device.get_or_insert_default().licenses;
            if licenses.is_empty() {
                licenses.push(pb::License::default());
            }
            let [license] = licenses.as_mut_slice() else {
                return Err(Failure::BadInput(format!(
                    "`--license-report` needs a request with one license, and this has {}; write each report under its license, as \
                     `device.licenses[0].reports`",
                    licenses.len()
                )));
            };
            license.reports.extend(reports(&self.license)?);
        }
        if !self.image.is_empty() {
            let image = request.image.get_or_insert_default();
            image.reports.extend(reports(&self.image)?);
        }
        Ok(())
    }
}

fn reports(attached: &[Attached]) -> Result<Vec<pb::Report>, Failure> {
    let report = |attached: &Attached| {
        Ok(pb::Report {
            tool: attached.tool.as_str().to_owned(),
            text: report_file::read(&attached.file)?,
            ..pb::Report::default()
        })
    };
    attached.iter().map(report).collect()
}

fn attached(text: &str) -> Result<Attached, String> {
    let Some((tool, file)) = text.split_once('=').filter(|(_, file)| !file.is_empty()) else {
        return Err("write a tool and a file, such as dism=image.txt".to_owned());
    };
    let tool = Tool::parse(tool).ok_or_else(|| {
        let known = Tool::names();
        format!("`{tool}` is no tool whose reports are known here; known: {known}")
    })?;
    Ok(Attached {
        tool,
        file: file.to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const IMAGE: &str = "tests/reports/dism/windows-7-english.txt";
    const DEVICE: &str = "tests/reports/wmi/windows-7-professional-oem.txt";

    fn arguments() -> AttachedArgs {
        AttachedArgs {
            license: vec![attached(&format!("WMI={DEVICE}")).unwrap()],
            image: vec![attached(&format!("dism={IMAGE}")).unwrap()],
        }
    }

    #[test]
    fn reports_go_to_the_one_license_and_to_the_image() {
        let mut request = pb::CheckRequest::default();
        arguments().attach(&mut request).unwrap();
        let license = &request.device.unwrap().licenses[0];
        assert_eq!(license.reports[0].tool, "wmi");
        assert!(license.reports[0].text.contains("OperatingSystemSKU"));
        assert_eq!(request.image.unwrap().reports[0].tool, "dism");
    }

    #[test]
    fn among_several_licenses_it_is_open_which_one_is_meant() {
        let mut request = pb::CheckRequest::default();
        request.device.get_or_insert_default().licenses = vec![pb::License::default(); 2];
        let failure = arguments().attach(&mut request).unwrap_err();
        assert!(
            failure
                .words()
                .contains("this has 2; write each report under its license"),
            "{failure:?}"
        );
    }

    #[test]
    fn a_tool_and_a_file_are_needed() {
        assert!(attached("dism").unwrap_err().contains("such as dism=image.txt"));
        assert!(attached("dism=").is_err());
        assert!(attached("excel=x").unwrap_err().contains("known: wmi, registry"));
    }
}
