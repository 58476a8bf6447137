//! The messages of the wire and of the record, and the one conversion of each into domain types and back.
//!
//! A message is parsed at the door, every violation at once, and never checked again. How a message becomes bytes is
//! said here; where they are kept, and what carries them, is not known.

mod agreement;
mod answer;
mod asked;
mod brief_form;
mod check_request;
mod codec;
mod conditions;
mod decision;
mod device;
mod difference;
mod enums;
mod history_request;
mod image;
mod json;
mod json_rest;
mod license;
mod meant_value;
mod names;
mod note;
mod opinion;
pub mod pb;
mod product;
mod product_key;
mod projection;
mod query;
mod question;
mod recall;
mod record;
mod render;
mod report;
mod rpc_status;
pub mod served;
mod template;
mod text;
mod timestamp;
mod violation;

pub use answer::Answer;
pub use check_request::{Check, asks_the_same, encode_facts, parse_check, parse_facts};
pub use conditions::conditions_json;
pub use decision::{Context, unrecorded};
pub use difference::differences;
pub use enums::Wire;
pub use history_request::{HistoryQuery, NOT_FOUND_BY, View, parse_history};
pub use json::{Misread, read_json};
pub use json_rest::{all_wrong, read_each};
pub use names::Names;
pub use opinion::Opinion;
pub use product_key::{holds_printed_product_key, holds_product_key};
pub use projection::projection;
pub use query::read_query;
pub use question::Question;
pub use recall::recall;
pub use record::{Draft, RECORD_FORMAT, RecordError, Stamp, Stamped, decode};
pub use render::render;
pub use report::report_len;
pub use rpc_status::{Detail, RpcStatus};
pub use timestamp::Timestamp;
pub use violation::{Violation, Violations};
