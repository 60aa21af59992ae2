//! Accepts connections and limits what they cost: their number, the time that a client may take,
//! and what happens to them at a stop. It knows HTTP, but neither the site nor the pool.

mod accept;
mod activity;
mod connection;
mod exchange;
mod limits;
mod own_responses;
mod peer;
mod protocol;
mod service;
mod slots;
mod stop;
mod stream;
mod watch;

pub use self::accept::{bind, serve};
pub use self::limits::{Limits, raise_open_files};
pub use self::peer::PeerAddress;
pub use self::stop::{Phase, Stop, Stopping};
