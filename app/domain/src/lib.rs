//! What a newsroom is. No framework and no I/O: the store, the clock and the
//! typesetter are ports, so the same code runs on the server and in the browser.

mod caller;
mod policy;

pub use caller::{Caller, Identity, TokenUse, VerifiedClaims};
pub use policy::{Action, Denial, Policy, Reason, Role};
