//! Questions to the history: from message to filter, order, page and view.

use super::{
    Timestamp, Violations, Wire, pb,
    product::parse_product,
    projection::{image_products, is_open},
    text,
};
use crate::{
    catalogue::{Catalogue, Parts},
    domain::{Name, Product},
    history::{Cursor, Filter, Order, PageSize, PageToken, Term, TimeRange},
    verdict::{Basis, ConditionCode, Verdict},
};

/// A parsed question to the history.
#[derive(Clone, Debug)]
pub struct HistoryQuery {
    /// Which decisions.
    pub filter: Filter,
    /// In which order.
    pub order: Order,
    /// How many at most.
    pub page_size: PageSize,
    /// Behind which place; from the start when there is none.
    pub cursor: Option<Cursor>,
    /// Whether to leave out request, resolved facts and findings.
    pub view: View,
    request: pb::HistoryRequest,
    product: Product,
}

/// How much of a decision is given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum View {
    /// Everything.
    Full,
    /// Without request, resolved facts and findings.
    Basic,
}

impl View {
    /// Leaves out what the view does not show.
    pub fn narrow(self, decision: &mut pb::Decision) {
        if self == Self::Basic {
            decision.request = None;
            decision.resolved = None;
            decision.items.iter_mut().for_each(|item| item.findings.clear());
        }
    }
}

/// Parses a question to the history.
///
/// # Errors
///
/// Every violation at once, each with its path and what would be right.
pub fn parse_history(request: pb::HistoryRequest, catalogue: &Catalogue) -> Result<HistoryQuery, Violations> {
    let mut violations = Violations::default();
    let product = product_filter(request.product.as_ref(), catalogue, &mut violations);
    let filter = Filter::new(
        terms(&request, &product, &mut violations),
        time_range(&request, &mut violations),
    );
    let order = parse_order(request.order, &mut violations);
    let view = parse_view(request.view, &mut violations);
    let page_size = PageSize::parse(request.page_size).unwrap_or_else(|error| {
        violations.add("page_size", error.to_string());
        PageSize::DEFAULT
    });
    let cursor = (!request.page_token.is_empty()).then(|| PageToken::parse(&request.page_token, &filter, order));
    let cursor = cursor.transpose().unwrap_or_else(|error| {
        violations.add("page_token", error.to_string());
        None
    });
    violations.none(HistoryQuery {
        filter,
        order,
        page_size,
        cursor,
        view,
        request,
        product,
    })
}

fn parse_order(number: i32, violations: &mut Violations) -> Order {
    match pb::DecisionOrder::try_from(number) {
        Ok(pb::DecisionOrder::Unspecified | pb::DecisionOrder::NewestFirst) => Order::NewestFirst,
        Ok(pb::DecisionOrder::OldestFirst) => Order::OldestFirst,
        Err(_) => {
            let names = "DECISION_ORDER_NEWEST_FIRST, DECISION_ORDER_OLDEST_FIRST";
            violations.add(
                "order",
                format!("`{number}` is no value of this field; one of {names} is"),
            );
            Order::NewestFirst
        }
    }
}

fn parse_view(number: i32, violations: &mut Violations) -> View {
    match pb::DecisionView::try_from(number) {
        Ok(pb::DecisionView::Unspecified | pb::DecisionView::Full) => View::Full,
        Ok(pb::DecisionView::Basic) => View::Basic,
        Err(_) => {
            let names = "DECISION_VIEW_FULL, DECISION_VIEW_BASIC";
            violations.add(
                "view",
                format!("`{number}` is no value of this field; one of {names} is"),
            );
            View::Full
        }
    }
}

fn terms(request: &pb::HistoryRequest, product: &Product, violations: &mut Violations) -> Vec<Term> {
    let mut terms = Vec::new();
    let mut find = |value: &str, path: &str, term: fn(&str) -> Term| {
        not_blank(value, path, violations);
        terms.extend(text::text(value, path, violations).map(term));
    };
    find(&request.device_id, "device_id", Term::device);
    find(&request.image_id, "image_id", Term::image);
    find(&request.caller, "caller", Term::caller);
    find(&request.request_id, "request_id", Term::request);
    find(&request.edition, "edition", Term::edition);
    terms.extend(
        Verdict::parse(request.verdict, "verdict", violations).map(|verdict| Term::verdict(verdict.wire_name())),
    );
    terms.extend(Basis::parse(request.basis, "basis", violations).map(|basis| Term::basis(basis.wire_name())));
    not_blank(&request.condition, "condition", violations);
    if let Some(code) = text::text(&request.condition, "condition", violations) {
        if ConditionCode::parse(code).is_none() {
            let known = ConditionCode::ALL.map(ConditionCode::as_str).join(", ");
            violations.add("condition", format!("`{code}` is no condition; one of {known} is"));
        }
        terms.push(Term::condition(code));
    }
    if let Some(label) = &request.label {
        if text::free_text(&label.key, "label.key", violations).is_none() && label.key.trim().is_empty() {
            violations.add("label.key", "name the key of the label, or leave the label out");
        }
        text::free_text(&label.value, "label.value", violations);
        terms.push(Term::label(&label.key, &label.value));
    }
    if let Some(family) = &product.family {
        let key = |name: &Option<Name>| name.as_ref().map(|name| name.key().to_owned());
        terms.push(Term::product(
            family.key(),
            key(&product.version).as_deref(),
            key(&product.edition).as_deref(),
        ));
    }
    terms
}

/// A text of nothing but spaces would find everything, where somebody meant one thing.
fn not_blank(value: &str, path: &str, violations: &mut Violations) {
    if !value.is_empty() && value.trim().is_empty() {
        violations.add(path, "is blank; name what to find, or leave it out to find all");
    }
}

/// Parts of a product that no decision is found by.
pub const NOT_FOUND_BY: [&str; 3] = ["product.language", "product.components", "product.architecture"];

/// Products are found by family, by family and version, or by all three.
fn product_filter(message: Option<&pb::Product>, catalogue: &Catalogue, violations: &mut Violations) -> Product {
    let Some(message) = message else {
        return Product::default();
    };
    let product = named_group(message, catalogue, violations)
        .unwrap_or_else(|| parse_product(Some(message), format_args!("product"), catalogue, violations));
    let are_set = [
        product.language.is_some(),
        product.components.is_some(),
        product.architecture.is_some(),
    ];
    for (path, is_set) in NOT_FOUND_BY.into_iter().zip(are_set) {
        if is_set {
            violations.add(
                path,
                "history finds products by name, or by family, version and edition, only; leave it out",
            );
        }
    }
    if violations.as_slice().is_empty() {
        match (&product.family, &product.version, &product.edition) {
            (None, _, _) => violations.add(
                "product.family",
                "name the family of the product to find, or its full name",
            ),
            (Some(_), None, Some(_)) => violations.add(
                "product.version",
                "an edition is found within a version; name the version too",
            ),
            (Some(_), _, _) => {}
        }
    }
    product
}

/// What a name stands for, where nothing else says what the product is: all of a version or of a family, too.
fn named_group(message: &pb::Product, catalogue: &Catalogue, violations: &mut Violations) -> Option<Product> {
    let has_parts = !(message.family.is_empty() && message.version.is_empty() && message.edition.is_empty());
    if has_parts || message.name.is_empty() {
        return None;
    }
    let name = text::text(&message.name, "product.name", violations);
    let unnamed = pb::Product {
        name: String::new(),
        ..message.clone()
    };
    let rest = parse_product(Some(&unnamed), format_args!("product"), catalogue, violations);
    // What is wrong with the text itself is told already.
    let Some(name) = name else {
        return Some(rest);
    };
    match catalogue.resolve_group(name) {
        Ok(Parts {
            family,
            version,
            edition,
        }) => Some(Product {
            family,
            version,
            edition,
            ..rest
        }),
        Err(unresolved) => {
            violations.add("product.name", unresolved.to_string());
            Some(rest)
        }
    }
}

fn time_range(request: &pb::HistoryRequest, violations: &mut Violations) -> TimeRange {
    let mut bound = |time: Option<&Timestamp>, path: &str| {
        time.and_then(|time| {
            let parsed = microseconds(time);
            if parsed.is_none() {
                violations.add(path, "is no time between the years 1 and 9999");
            }
            parsed
        })
    };
    let after_us = bound(request.decided_after.as_ref(), "decided_after");
    let before_us = bound(request.decided_before.as_ref(), "decided_before");
    if after_us.zip(before_us).is_some_and(|(after, before)| before <= after) {
        violations.add(
            "decided_before",
            "is not later than `decided_after`, so that no decision lies between",
        );
    }
    TimeRange { after_us, before_us }
}

/// Microseconds since 1970, rounded up, so that both bounds keep their meaning for decisions, whose times are whole microseconds.
fn microseconds(time: &Timestamp) -> Option<i64> {
    time.moment().map(|_| {
        let micros = i64::from(time.nanos).saturating_add(999) / 1000;
        time.seconds.saturating_mul(1_000_000).saturating_add(micros)
    })
}

impl HistoryQuery {
    /// Whether a decision is what was asked for; terms, by which it was found, may be shared by other texts.
    #[must_use]
    pub fn matches(&self, decision: &pb::Decision) -> bool {
        self.matches_head(decision) && self.matches_opinion(decision)
    }

    /// Whether who asked what, and the verdict, are what was asked for.
    #[must_use]
    pub fn matches_head(&self, decision: &pb::Decision) -> bool {
        let asked = &self.request;
        let unstated = pb::CheckRequest::default();
        let request = decision.request.as_ref().unwrap_or(&unstated);
        let device = request.device.as_ref().map_or("", |device| &device.id);
        let image = request.image.as_ref().map_or("", |image| &image.id);
        let fits = |asked: &str, found: &str| asked.trim().is_empty() || asked == found;
        fits(&asked.device_id, device)
            && fits(&asked.image_id, image)
            && fits(&asked.caller, &decision.caller)
            && fits(&asked.request_id, &request.request_id)
            && (asked.verdict == 0 || asked.verdict == decision.verdict)
            && asked
                .label
                .as_ref()
                .is_none_or(|label| request.labels.get(&label.key) == Some(&label.value))
    }

    /// Whether anything is asked of what was decided and why, beside the verdict.
    #[must_use]
    pub fn asks_of_opinion(&self) -> bool {
        let asked = &self.request;
        !asked.edition.trim().is_empty()
            || asked.basis != 0
            || !asked.condition.trim().is_empty()
            || asked.product.is_some()
    }

    /// Whether what does not depend on who asked is what was asked for.
    #[must_use]
    pub fn matches_opinion(&self, decision: &pb::Decision) -> bool {
        let asked = &self.request;
        (asked.edition.trim().is_empty() || asked.edition == decision.edition)
            && (asked.basis == 0 || decision.items.iter().any(|item| item.basis == asked.basis))
            && (asked.condition.trim().is_empty() || has_open(decision, &asked.condition))
            && (asked.product.is_none() || image_products(decision).any(|product| self.is_product(product)))
    }

    fn is_product(&self, product: &pb::Product) -> bool {
        let fits = |asked: &Option<Name>, found: &str| asked.is_none() || *asked == Name::parse(found);
        fits(&self.product.family, &product.family)
            && fits(&self.product.version, &product.version)
            && fits(&self.product.edition, &product.edition)
    }
}

fn has_open(decision: &pb::Decision, condition: &str) -> bool {
    let findings = decision.items.iter().flat_map(|item| &item.findings);
    findings
        .into_iter()
        .any(|finding| finding.condition == condition && is_open(finding))
}
