//! The value of an `Authorization` header, up to the verdict on its token.
#![no_main]

use gazette_authorizer::bearer_token;
use gazette_authorizer_fuzz::refuse;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|value: &[u8]| {
    let Some(token) = bearer_token([value]) else { panic!("there was a header") };
    if let Ok(token) = token {
        assert!(value.ends_with(token.as_bytes()));
        refuse(token);
    }
    assert!(matches!(bearer_token([value, value]), Some(Err(_))));
});
