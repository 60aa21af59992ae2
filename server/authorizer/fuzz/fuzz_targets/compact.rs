//! A whole token, as text.
#![no_main]

use gazette_authorizer_fuzz::expect_error;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|token: &str| {
    expect_error(token);
});
