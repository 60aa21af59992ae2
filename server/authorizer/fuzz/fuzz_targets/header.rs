//! A header, in a token that is otherwise in order.
#![no_main]

use gazette_authorizer_fuzz::{refuse, token};
use libfuzzer_sys::fuzz_target;

const PAYLOAD: &[u8] = include_bytes!("../corpus/payload/access.json");

fuzz_target!(|header: &[u8]| {
    refuse(&token(header, PAYLOAD));
});
