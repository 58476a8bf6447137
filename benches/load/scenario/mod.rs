//! One file per scenario: what is asked, of whom, in which order.

mod growth;
mod history;
mod lookup;
mod steady;
mod unary;

pub use growth::growth;
pub use history::history;
pub use lookup::lookup;
pub use steady::steady;
pub use unary::{SATURATED, in_flight_name, unary};
