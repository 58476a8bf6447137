//! What the schema says of something.

use prost_reflect::FileDescriptor;

/// The comment ahead of what is at a path of a file, its lines joined; empty where there is none.
pub(super) fn comment(file: &FileDescriptor, path: &[i32]) -> String {
    let source = file.file_descriptor_proto().source_code_info.as_ref();
    let mut locations = source.into_iter().flat_map(|source| &source.location);
    let text = locations
        .find(|location| location.path == path)
        .and_then(|location| location.leading_comments.as_deref());
    let lines: Vec<&str> = text.unwrap_or_default().lines().map(str::trim).collect();
    lines.join(" ").trim().to_owned()
}
