//! Which decisions a history is of.

use clap::{Args, ValueEnum};

use crate::{cli::moment, wire::pb};

/// Which decisions.
#[derive(Args, Debug)]
#[command(next_help_heading = "Filters")]
pub(in crate::cli) struct FilterArgs {
    /// On this device
    #[arg(long, value_name = "ID", value_parser = named)]
    device: Option<String>,
    /// On this image
    #[arg(long, value_name = "ID", value_parser = named)]
    image: Option<String>,
    /// That this caller asked for
    #[arg(long, value_parser = named)]
    caller: Option<String>,
    /// With this request key
    #[arg(long, value_name = "KEY", value_parser = named)]
    request_id: Option<String>,
    /// With this verdict
    #[arg(long)]
    verdict: Option<VerdictArg>,
    /// In which this basis decided for some product
    #[arg(long)]
    basis: Option<BasisArg>,
    /// By this edition of the brief, e.g. `2011-02`
    #[arg(long, value_parser = named)]
    edition: Option<String>,
    /// In which this condition was broken or unknown on a deciding basis, e.g. `same-language`
    #[arg(long, value_name = "CODE", value_parser = named)]
    condition: Option<String>,
    /// Whose image holds this product, or one of this version or family, e.g. "Windows 7 Professional", "Windows 7", "Office"
    #[arg(long, value_name = "NAME")]
    product: Option<String>,
    /// Whose image holds a product of this family; also one that the catalogue does not know
    #[arg(long, value_name = "NAME", conflicts_with = "product")]
    product_family: Option<String>,
    /// And of this version, e.g. `7`
    #[arg(long, value_name = "NAME", requires = "product_family")]
    product_version: Option<String>,
    /// And of this edition, e.g. `Professional`
    #[arg(long, value_name = "NAME", requires = "product_version")]
    product_edition: Option<String>,
    /// With this label
    #[arg(long, value_name = "KEY=VALUE", value_parser = label)]
    label: Option<pb::LabelFilter>,
    /// Made at this time or later: a date (its midnight in UTC), or RFC 3339
    #[arg(long, value_name = "TIME", value_parser = moment::parse)]
    after: Option<crate::wire::Timestamp>,
    /// Made before this time
    #[arg(long, value_name = "TIME", value_parser = moment::parse)]
    before: Option<crate::wire::Timestamp>,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum VerdictArg {
    Permitted,
    NotPermitted,
    Indeterminate,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum BasisArg {
    ReimagingRight,
    VolumeLicense,
    SoftwareAssurance,
    OemRecovery,
    OemPreload,
}

impl FilterArgs {
    /// The filters, on the wire.
    pub(in crate::cli) fn request(&self) -> pb::HistoryRequest {
        let text = |text: &Option<String>| text.clone().unwrap_or_default();
        let product = self
            .product
            .as_ref()
            .or(self.product_family.as_ref())
            .map(|_| pb::Product {
                name: text(&self.product),
                family: text(&self.product_family),
                version: text(&self.product_version),
                edition: text(&self.product_edition),
                ..pb::Product::default()
            });
        pb::HistoryRequest {
            device_id: text(&self.device),
            image_id: text(&self.image),
            caller: text(&self.caller),
            request_id: text(&self.request_id),
            verdict: self.verdict.map(pb::Verdict::from).unwrap_or_default().into(),
            basis: self.basis.map(pb::Basis::from).unwrap_or_default().into(),
            edition: text(&self.edition),
            condition: text(&self.condition),
            product,
            label: self.label.clone(),
            decided_after: self.after,
            decided_before: self.before,
            ..pb::HistoryRequest::default()
        }
    }
}

/// What is to be found. A variable that is not set would find everything.
fn named(text: &str) -> Result<String, String> {
    if text.trim().is_empty() {
        return Err("it is blank; name what to find, or leave the option out to find all".to_owned());
    }
    Ok(text.to_owned())
}

fn label(text: &str) -> Result<pb::LabelFilter, String> {
    match text.split_once('=') {
        Some((key, value)) if !key.is_empty() => Ok(pb::LabelFilter {
            key: key.to_owned(),
            value: value.to_owned(),
        }),
        _ => Err("write a key and a value, such as `site=Lyon`".to_owned()),
    }
}

impl From<VerdictArg> for pb::Verdict {
    fn from(verdict: VerdictArg) -> Self {
        match verdict {
            VerdictArg::Permitted => Self::Permitted,
            VerdictArg::NotPermitted => Self::NotPermitted,
            VerdictArg::Indeterminate => Self::Indeterminate,
        }
    }
}

impl From<BasisArg> for pb::Basis {
    fn from(basis: BasisArg) -> Self {
        match basis {
            BasisArg::ReimagingRight => Self::ReimagingRight,
            BasisArg::VolumeLicense => Self::VolumeLicense,
            BasisArg::SoftwareAssurance => Self::SoftwareAssurance,
            BasisArg::OemRecovery => Self::OemRecovery,
            BasisArg::OemPreload => Self::OemPreload,
        }
    }
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;

    #[derive(Parser)]
    struct Typed {
        #[command(flatten)]
        filter: FilterArgs,
    }

    fn request(line: &str) -> pb::HistoryRequest {
        let typed = Typed::try_parse_from(line.split(' ')).unwrap();
        typed.filter.request()
    }

    #[test]
    fn nothing_typed_finds_all() {
        assert_eq!(request("history"), pb::HistoryRequest::default());
    }

    #[test]
    fn every_filter_reaches_the_wire() {
        let line = "history --device D --image I --caller C --request-id R --verdict not-permitted --basis oem-recovery \
                    --edition 2011-02 --condition same-language --product Office --label site=a=b --after 2026-01-01 \
                    --before 2026-01-02T00:00:00Z";
        let request = request(line);
        let day = |day: i64| crate::wire::Timestamp {
            seconds: 1_767_225_600 + 86_400 * day,
            nanos: 0,
        };
        let expected = pb::HistoryRequest {
            device_id: "D".into(),
            image_id: "I".into(),
            caller: "C".into(),
            request_id: "R".into(),
            verdict: pb::Verdict::NotPermitted.into(),
            basis: pb::Basis::OemRecovery.into(),
            edition: "2011-02".into(),
            condition: "same-language".into(),
            product: Some(pb::Product {
                name: "Office".into(),
                ..pb::Product::default()
            }),
            label: Some(pb::LabelFilter {
                key: "site".into(),
                value: "a=b".into(),
            }),
            decided_after: Some(day(0)),
            decided_before: Some(day(1)),
            ..pb::HistoryRequest::default()
        };
        assert_eq!(request, expected);
    }
    #[test]
    fn a_product_that_no_name_finds_is_given_by_its_parts() {
        let typed = Typed::try_parse_from(["history", "--product-family", "AutoCAD", "--product-version", "2010"]);
        let product = typed.unwrap().filter.request().product.unwrap();
        assert_eq!((product.name.as_str(), product.family.as_str()), ("", "AutoCAD"));
        assert_eq!((product.version.as_str(), product.edition.as_str()), ("2010", ""));
        for line in [
            "history --product Office --product-family Office",
            "history --product-version 7",
            "history --product-family Office --product-edition Standard",
            "history --device= --limit 1",
            "history --condition=\t",
        ] {
            assert!(Typed::try_parse_from(line.split(' ')).is_err(), "{line}");
        }
    }
}
