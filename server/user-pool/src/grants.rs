//! The stored results of a sign-in: single sign-on sessions, codes and refresh tokens.
//!
//! Each is identified by a random secret and stored under its hash.

mod challenges;
mod codes;
mod confirmation_codes;
mod grant;
mod refresh_tokens;
mod sessions;
mod sign_in;
mod sign_ups;

pub(crate) use challenges::{Challenge, Challenges};
pub(crate) use codes::{CodeRedemption, Codes, PendingCode};
pub(crate) use confirmation_codes::{ConfirmationCodes, Purpose};
pub(crate) use grant::Grant;
pub(crate) use refresh_tokens::{FoundRefreshToken, RedeemedRefreshToken, RefreshTokens};
pub(crate) use sessions::Sessions;
pub(crate) use sign_in::SignIn;
pub(crate) use sign_ups::SignUps;
