//! How load is put on a server, and what a round of it gave.

mod closed;
mod open;
mod round;

pub use closed::closed;
pub use open::open;
pub use round::{Answer, Round, Window};
