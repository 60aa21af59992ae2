//! A whole token, as text.
#![no_main]

use gazette_authorizer_fuzz::refuse;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|token: &str| {
    refuse(token);
});
