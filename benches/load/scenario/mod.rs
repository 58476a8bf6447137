//! One file per scenario: what is asked, of whom, in which order.

mod batch;
mod growth;
mod history;
mod lookup;
mod soak;
mod steady;
mod stream;
mod unary;

pub use batch::{AT_ONCE, batch, in_a_call, in_a_transaction};
pub use growth::growth;
pub use history::history;
pub use lookup::lookup;
pub use soak::soak;
pub use steady::steady;
pub use stream::stream;
pub use unary::{SATURATED, in_flight_name, unary};
