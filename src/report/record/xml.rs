//! XML: every element with elements or attributes in it is a record, named by the element.

use roxmltree::{Document, Node, ParsingOptions};

use super::{RECORD_COUNT_MAX, Record};

/// Most nodes of a document, which bounds the memory that it takes.
const NODE_COUNT_MAX: u32 = 50_000;

/// The records; `None` when the text is no XML.
pub(super) fn read(text: &str) -> Option<Vec<Record>> {
    let document = parse(text)?;
    let elements = document.descendants().filter(Node::is_element);
    Some(elements.filter(has_fields).map(record).take(RECORD_COUNT_MAX).collect())
}

/// The document; entities of its own are refused.
pub(in crate::report) fn parse(text: &str) -> Option<Document<'_>> {
    let options = ParsingOptions {
        allow_dtd: false,
        nodes_limit: NODE_COUNT_MAX,
        ..ParsingOptions::default()
    };
    Document::parse_with_options(text, options).ok()
}

fn has_fields(element: &Node<'_, '_>) -> bool {
    element.attributes().len() > 0 || element.children().any(|child| child.is_element())
}

fn record(element: Node<'_, '_>) -> Record {
    let mut record = Record::of(element.tag_name().name());
    for attribute in element.attributes() {
        record.push(attribute.name(), attribute.value());
    }
    let leaves = element
        .children()
        .filter(|child| child.is_element() && !has_fields(child));
    for leaf in leaves {
        record.push(leaf.tag_name().name(), leaf.text().unwrap_or_default());
    }
    record
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn elements_are_records() {
        let records = read("<?xml version=\"1.0\" encoding=\"UTF-16\"?><r><a i='1'><b>x</b><c/></a></r>").unwrap();
        assert_eq!(records.len(), 2);
        assert_eq!(records[1].section, "a");
        assert_eq!(
            records[1].fields,
            [("i", "1"), ("b", "x"), ("c", "")].map(|(key, value)| (key.to_owned(), value.to_owned()))
        );
        assert_eq!(read("<r>"), None);
    }
}
