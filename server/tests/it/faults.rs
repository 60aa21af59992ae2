//! Faults around the server as a process, over real sockets: malformed and hostile clients, limits
//! of the system, and what the user pool's connection does. The tests of the listener alone, with
//! short times, are in `connections`.

mod blocking;
mod client;
mod clocks;
mod descriptors;
mod desync;
mod http2;
mod identity_provider;
mod memory;
mod panics;
mod session_store;
mod slow_clients;
