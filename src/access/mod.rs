//! Who may come in, and what for: tokens, certificates and JWTs against the file that an operator keeps.
//!
//! Nothing here knows a transport or reads the clock: credentials and the time are arguments.

mod denial;
mod edit;
mod error;
mod file;
mod gate;
mod jwt;
mod role;
mod token;

pub use denial::Denial;
pub use edit::{add_token, without_tokens};
pub use error::AccessError;
pub use file::TokenEntry;
pub use gate::{Credentials, Gate, Identity, Kept};
pub use role::{Right, Role, Roles};
pub use token::{Token, TokenHash};
