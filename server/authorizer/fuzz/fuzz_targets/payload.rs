//! A payload, with a valid header.
#![no_main]

use gazette_authorizer_fuzz::{HEADER, expect_error, token};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|payload: &[u8]| {
    expect_error(&token(HEADER.as_bytes(), payload));
});
