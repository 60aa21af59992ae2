//! A payload, behind a header that is in order.
#![no_main]

use gazette_authorizer_fuzz::{HEADER, refuse, token};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|payload: &[u8]| {
    refuse(&token(HEADER.as_bytes(), payload));
});
