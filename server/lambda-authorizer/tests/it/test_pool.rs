//! A minimal user pool: a key set at a URL, and tokens.

use std::sync::LazyLock;

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::KeySize;
use aws_lc_rs::signature::{KeyPair as _, RSA_PKCS1_SHA256, RsaKeyPair};
use axum::Router;
use axum::routing::get;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use gazette_lambda_authorizer::{LambdaAuthorizer, Settings};
use serde_json::{Value, json};
use tokio::net::TcpListener;

pub(crate) const NOW: i64 = 1_790_000_000;
const CLIENT: &str = "1example23456789";
static KEY: LazyLock<RsaKeyPair> =
    LazyLock::new(|| RsaKeyPair::generate(KeySize::Rsa2048).expect("a key"));

/// A pool on its own port.
pub(crate) struct TestPool {
    pub(crate) issuer: String,
}

impl TestPool {
    pub(crate) async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("bound");
        let path = "/pool/.well-known/jwks.json";
        let jwks = || async { ([("content-type", "application/json")], jwks().to_string()) };
        let router = Router::new().route(path, get(jwks));
        tokio::spawn(axum::serve(listener, router).into_future());
        Self { issuer: format!("http://{address}/pool") }
    }

    /// Returns the environment of a function for this pool.
    pub(crate) fn environment(&self) -> Vec<(String, String)> {
        let issuer = ("COGNITO_ISSUER".to_owned(), self.issuer.clone());
        vec![issuer, ("COGNITO_CLIENT_ID".to_owned(), CLIENT.to_owned())]
    }

    /// Creates an authorizer in this process, at [`NOW`].
    pub(crate) fn authorizer(&self, more: &[(&str, &str)]) -> LambdaAuthorizer {
        let mut environment = self.environment();
        environment.extend(more.iter().map(|(name, value)| ((*name).into(), (*value).into())));
        let value = |name: &str| {
            let found = environment.iter().find(|(known, _)| known == name);
            found.map(|(_, value)| value.into())
        };
        let settings = Settings::read(value).expect("valid settings");
        LambdaAuthorizer::new(settings, Box::new(|| NOW)).expect("an authorizer")
    }

    /// Returns an access token with these groups, valid for an hour from `issued_at`.
    pub(crate) fn token(&self, groups: &[&str], issued_at: i64) -> String {
        sign(&json!({
            "sub": "aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee",
            "cognito:groups": groups,
            "iss": self.issuer,
            "client_id": CLIENT,
            "token_use": "access",
            "scope": "openid gazette/delete",
            "auth_time": issued_at,
            "iat": issued_at,
            "exp": issued_at + 3_600,
            "username": "ada",
        }))
    }
}

fn sign(claims: &Value) -> String {
    let part = |json: &Value| URL_SAFE_NO_PAD.encode(json.to_string());
    let signed = format!("{}.{}", part(&json!({"kid": "key", "alg": "RS256"})), part(claims));
    let mut signature = vec![0; KEY.public_modulus_len()];
    let signing =
        KEY.sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), signed.as_bytes(), &mut signature);
    signing.expect("signed");
    format!("{signed}.{}", URL_SAFE_NO_PAD.encode(signature))
}

fn jwks() -> Value {
    // The modulus in the PKCS #1 DER form of a 2048-bit key.
    let der = KEY.public_key().as_ref();
    let modulus = URL_SAFE_NO_PAD.encode(&der[9..9 + 256]);
    let key = json!({
        "kty": "RSA", "alg": "RS256", "use": "sig", "kid": "key", "n": modulus, "e": "AQAB",
    });
    json!({ "keys": [key] })
}
