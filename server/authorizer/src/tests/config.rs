//! The checks of the configuration.

use super::fixtures::config;
use crate::{AuthorizerConfig, ConfigError};

#[test]
fn an_issuer_is_https_or_on_loopback() {
    let check = |issuer: &str| AuthorizerConfig { issuer: issuer.to_owned(), ..config() }.check();
    for valid in [
        "https://issuer-cognito-idp.eu-west-1.amazonaws.com/eu-west-1_AbC123xyz",
        "http://localhost:4000/local_gazette",
        "http://127.0.0.1:4000/local_gazette",
        "http://[::1]:4000/local_gazette",
    ] {
        assert_eq!(check(valid), Ok(()), "{valid}");
    }
    for bad in [
        "",
        "cognito",
        "http://example.com/pool",
        "http://localhost.example.com/pool",
        "http://127.0.0.1.example.com/pool",
        "https://user@example.com/pool",
        "https://example.com/pool?a=b",
        "https://example.com/pool#a",
        "ftp://localhost/pool",
        "file:///etc/passwd",
    ] {
        assert_eq!(check(bad), Err(ConfigError::Issuer), "{bad}");
    }
}

#[test]
fn f_41_a_configuration_that_accepts_no_tokens_or_too_many_is_refused() {
    let no_clients = AuthorizerConfig { client_ids: vec![], ..config() };
    assert_eq!(no_clients.check(), Err(ConfigError::ClientIds));
    let empty_client = AuthorizerConfig { client_ids: vec![String::new()], ..config() };
    assert_eq!(empty_client.check(), Err(ConfigError::ClientIds));
    let no_uses = AuthorizerConfig { token_uses: vec![], ..config() };
    assert_eq!(no_uses.check(), Err(ConfigError::TokenUses));
    let skew = |clock_skew_seconds| AuthorizerConfig { clock_skew_seconds, ..config() };
    assert_eq!((skew(60).check(), skew(61).check()), (Ok(()), Err(ConfigError::ClockSkew)));
}
