//! The response of a key server.
#![no_main]

use gazette_authorizer::KeySet;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|document: &[u8]| {
    if let Ok(keys) = KeySet::parse(document) {
        assert!((1..=100).contains(&keys.len()) && keys.dropped() <= 100);
    }
});
