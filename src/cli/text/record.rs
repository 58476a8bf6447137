//! What a recorded decision was asked about, and where it came from.

use anstyle::Style as Ansi;

use super::{Style, page::Page, word};
use crate::wire::pb;

const LABEL_WIDTH: usize = 11;
const PLAIN: Ansi = Ansi::new();

/// The facts of the request as they were received, its labels, and what decided; only what is stated.
#[must_use]
pub fn record(decision: &pb::Decision, style: Style) -> String {
    let mut page = Page::new(style.width, LABEL_WIDTH);
    if let Some(request) = &decision.request {
        page.heading("Request");
        stated(&mut page, "request id", &request.request_id);
        if let Some(device) = &request.device {
            self::device(&mut page, device);
        }
        if let Some(image) = &request.image {
            self::image(&mut page, image);
        }
        if let Some(agreement) = &request.agreement {
            self::agreement(&mut page, agreement);
        }
        if let Some(activation) = &request.activation {
            stated(&mut page, "activation", &self::activation(activation));
        }
        for (key, value) in &request.labels {
            page.entry(PLAIN, "label", &format!("{key}={value}"));
        }
    }
    page.heading("Record");
    stated(&mut page, "caller", &decision.caller);
    stated(&mut page, "edition", &decision.edition);
    stated(&mut page, "catalogue", &decision.catalogue_digest);
    stated(&mut page, "engine", &decision.engine);
    stated(&mut page, "trace", &decision.trace_id);
    page.into_text()
}

fn stated(page: &mut Page, label: &str, text: &str) {
    if !text.is_empty() {
        page.entry(PLAIN, label, text);
    }
}

/// The parts that are stated, in one line.
fn joined(parts: impl IntoIterator<Item = Option<String>>) -> String {
    parts.into_iter().flatten().collect::<Vec<_>>().join("; ")
}

fn text(prefix: &str, text: &str) -> Option<String> {
    (!text.is_empty()).then(|| format!("{prefix}{text}"))
}

fn device(page: &mut Page, device: &pb::Device) {
    stated(page, "device", &device.id);
    if device.unlicensed {
        page.entry(PLAIN, "licenses", "none");
    }
    for license in &device.licenses {
        page.entry(PLAIN, "license", &self::license(license));
    }
}

fn license(license: &pb::License) -> String {
    let product = |prefix: &str, product: Option<&pb::Product>| {
        product.map(|product| format!("{prefix}{}", word::product(product)))
    };
    let prior = license.prior_versions.as_ref().map(|prior| {
        let products: Vec<String> = prior.products.iter().map(word::product).collect();
        let none = products.is_empty().then(|| "none".to_owned());
        format!("prior versions: {}", none.unwrap_or_else(|| products.join(" | ")))
    });
    let assurance = license
        .software_assurance
        .map(|covered| format!("Software Assurance: {}", if covered { "yes" } else { "no" }));
    joined([
        text("", &license.id),
        product("", license.product.as_ref()),
        word::spoken(license.channel().as_str_name(), "CHANNEL_"),
        word::spoken(license.kind().as_str_name(), "LICENSE_KIND_"),
        product("label: ", license.coa.as_ref()),
        product("preinstalled: ", license.preinstalled.as_ref()),
        prior,
        assurance,
        text("evidence: ", &license.evidence),
    ])
}

fn image(page: &mut Page, image: &pb::Image) {
    stated(
        page,
        "image",
        &joined([text("", &image.id), text("digest: ", &image.digest)]),
    );
    if let Some(media) = &image.media {
        stated(page, "media", &self::media(media));
    }
    let deployment = joined([
        word::spoken(image.deployment().as_str_name(), "DEPLOYMENT_"),
        word::spoken(image.performed_by().as_str_name(), "PERFORMER_").map(|who| format!("by {who}")),
    ]);
    stated(page, "deployment", &deployment);
    for each in &image.products {
        let product = each.product.as_ref().map(word::product);
        let media = each
            .media
            .as_ref()
            .map(|media| format!("media: {}", self::media(media)));
        page.entry(PLAIN, "product", &joined([product, media]));
    }
}

fn media(media: &pb::Media) -> String {
    joined([
        word::spoken(media.source().as_str_name(), "MEDIA_SOURCE_"),
        word::spoken(media.kind().as_str_name(), "MEDIA_KIND_"),
        text("agreement ", &media.agreement_number),
    ])
}

fn agreement(page: &mut Page, agreement: &pb::Agreement) {
    let program = word::spoken(agreement.program().as_str_name(), "PROGRAM_");
    stated(
        page,
        "agreement",
        &joined([program, text("number ", &agreement.number)]),
    );
    let Some(purchases) = &agreement.purchases else {
        return;
    };
    if purchases.items.is_empty() {
        page.entry(PLAIN, "purchases", "none");
    }
    for purchase in &purchases.items {
        let quantity = purchase.quantity.map(|quantity| format!("quantity {quantity}"));
        let product = purchase.product.as_ref().map(word::product);
        page.entry(PLAIN, "purchase", &joined([product, quantity]));
    }
}

fn activation(activation: &pb::Activation) -> String {
    joined([
        word::spoken(activation.method().as_str_name(), "ACTIVATION_METHOD_"),
        activation.remaining.map(|left| format!("{left} left")),
        activation.needed.map(|needed| format!("{needed} needed")),
    ])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::testing::indeterminate;

    #[test]
    fn every_stated_fact_is_shown() {
        let text = record(&indeterminate(), Style::default());
        insta::assert_snapshot!(anstream::adapter::strip_str(&text).to_string());
    }
}
