//! A header, in a token that is valid except for its signature.
#![no_main]

use gazette_authorizer_fuzz::{expect_error, token};
use libfuzzer_sys::fuzz_target;

const PAYLOAD: &[u8] = include_bytes!("../corpus/payload/access.json");

fuzz_target!(|header: &[u8]| {
    expect_error(&token(header, PAYLOAD));
});
