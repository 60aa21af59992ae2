//! The value of an `Authorization` header, and the verification of its token.
#![no_main]

use gazette_authorizer::bearer_token;
use gazette_authorizer_fuzz::expect_error;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|value: &[u8]| {
    let Some(token) = bearer_token([value]) else { panic!("there was a header") };
    if let Ok(token) = token {
        assert!(value.ends_with(token.as_bytes()));
        expect_error(token);
    }
    assert!(matches!(bearer_token([value, value]), Some(Err(_))));
});
