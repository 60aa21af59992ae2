//! Numbers of the last hour and the last day, in memory of a fixed size.

mod kept;
mod ring;
mod totals;

pub(super) use kept::Kept;
pub(crate) use kept::{Recent, SlotRange};
pub(crate) use ring::Slot;
pub(crate) use totals::{Durations, Totals};
