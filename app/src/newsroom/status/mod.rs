//! The page of the server's numbers: small charts of the last hour and the last day.

mod chart;
mod data;
mod measures;
mod numbers;
mod page;
mod plot;
mod scale;
mod span;
mod words;

pub use data::{Percentiles, Status, StatusHistory, StatusNumbers, StatusRange, StatusSlot};
pub use page::status;
