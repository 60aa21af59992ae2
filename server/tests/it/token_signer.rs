//! Valid and invalid tokens, signed with the pool's own key where the case needs it.

use aws_lc_rs::digest::{SHA256, digest};
use aws_lc_rs::hmac;
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::KeySize;
use aws_lc_rs::signature::{KeyPair as _, RSA_PKCS1_SHA256, RsaKeyPair};
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use serde_json::{Value, json};

use crate::golden::now;
use crate::world::World;

/// Signs tokens with the key of a site's pool.
pub(crate) struct TokenSigner {
    pool: RsaKeyPair,
    other_key: RsaKeyPair,
    issuer: String,
}

impl TokenSigner {
    pub(crate) fn of(world: &World) -> Self {
        let folder = world.data.path().join("pool-keys");
        let mut files = std::fs::read_dir(folder).expect("the pool's keys");
        let file = files.next().expect("a key").expect("a file").path();
        let pkcs8 = std::fs::read(file).expect("a private key");
        Self {
            pool: RsaKeyPair::from_pkcs8(&pkcs8).expect("a private key"),
            other_key: RsaKeyPair::generate(KeySize::Rsa2048).expect("a key"),
            issuer: format!("{}/local_gazette", world.pool_origin),
        }
    }

    /// Returns the claims of a valid access token with these changes; null removes one.
    fn claims(&self, changes: &Value) -> Value {
        let issued_at = now() - 60;
        let mut claims = json!({
            "sub": "aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee",
            "iss": self.issuer,
            "client_id": "gazettecli",
            "token_use": "access",
            "scope": "openid gazette/delete",
            "auth_time": issued_at,
            "iat": issued_at,
            "exp": issued_at + 3_600,
            "username": "ada",
        });
        for (name, value) in changes.as_object().expect("an object") {
            claims[name] = value.clone();
        }
        claims.as_object_mut().expect("an object").retain(|_, value| !value.is_null());
        claims
    }

    fn kid(&self) -> String {
        STANDARD.encode(digest(&SHA256, self.pool.public_key().as_ref()))
    }

    fn signed(&self, changes: &Value) -> String {
        self.token(&json!({"kid": self.kid(), "alg": "RS256"}), changes, &self.pool)
    }

    fn token(&self, header: &Value, changes: &Value, key: &RsaKeyPair) -> String {
        let signed = self.unsigned(header, changes);
        let mut signature = vec![0; key.public_modulus_len()];
        let random = SystemRandom::new();
        let signing = key.sign(&RSA_PKCS1_SHA256, &random, signed.as_bytes(), &mut signature);
        signing.expect("signed");
        format!("{signed}.{}", URL_SAFE_NO_PAD.encode(signature))
    }

    fn unsigned(&self, header: &Value, changes: &Value) -> String {
        let part = |json: &Value| URL_SAFE_NO_PAD.encode(json.to_string());
        format!("{}.{}", part(header), part(&self.claims(changes)))
    }

    fn with_hmac(&self, changes: &Value) -> String {
        let signed = self.unsigned(&json!({"kid": self.kid(), "alg": "HS256"}), changes);
        let key = hmac::Key::new(hmac::HMAC_SHA256, self.pool.public_key().as_ref());
        let tag = hmac::sign(&key, signed.as_bytes());
        format!("{signed}.{}", URL_SAFE_NO_PAD.encode(tag))
    }
}

/// Returns the tokens that all transports must decide alike.
pub(crate) fn cases(signer: &TokenSigner) -> Vec<(&'static str, String)> {
    let mut cases = accepted(signer);
    cases.extend(refused_for_their_claims(signer));
    cases.extend(refused_for_their_form(signer));
    cases
}

fn accepted(signer: &TokenSigner) -> Vec<(&'static str, String)> {
    let groups = |groups: Value| signer.signed(&json!({ "cognito:groups": groups }));
    let without = json!({"cognito:groups": ["admin"], "scope": "openid"});
    vec![
        ("no groups", signer.signed(&json!({}))),
        ("writer", groups(json!(["writer"]))),
        ("editor", groups(json!(["editor"]))),
        ("admin", groups(json!(["admin"]))),
        ("admin and editor", groups(json!(["editor", "admin"]))),
        ("admin without the scope", signer.signed(&without)),
        ("group Admin", groups(json!(["Admin"]))),
        ("group admin with a Cyrillic a", groups(json!(["\u{430}dmin"]))),
        ("group reader,admin", groups(json!(["reader,admin"]))),
        ("editor's machine client", signer.signed(&machine("machine"))),
        ("machine client without a role", signer.signed(&machine("gazettecli"))),
    ]
}

/// Returns the changes that make a token a client's own.
fn machine(client: &str) -> Value {
    json!({ "client_id": client, "sub": client, "username": null })
}

fn refused_for_their_claims(signer: &TokenSigner) -> Vec<(&'static str, String)> {
    let admin = |mut changes: Value| {
        changes["cognito:groups"] = json!(["admin"]);
        signer.signed(&changes)
    };
    let now = now();
    let id = json!({
        "token_use": "id", "aud": "gazettecli", "cognito:username": "ada", "client_id": null,
    });
    vec![
        ("expired", admin(json!({"iat": now - 7_200, "exp": now - 3_600}))),
        ("from the future", admin(json!({"iat": now + 600}))),
        ("lives for two days", admin(json!({"exp": now + 172_800}))),
        ("foreign issuer", admin(json!({"iss": "https://issuer.example/local_gazette"}))),
        ("other client", admin(json!({"client_id": "somebodyelse"}))),
        ("id token", admin(id)),
        ("refresh as its use", admin(json!({"token_use": "refresh"}))),
        ("unknown machine client", signer.signed(&machine("othermachine"))),
        ("person of a machine client", admin(json!({"client_id": "machine"}))),
        ("machine client with groups", admin(machine("machine"))),
        ("delegated", admin(json!({"act": {"sub": "program"}}))),
        ("groups in a text", signer.signed(&json!({"cognito:groups": "admin"}))),
        ("groups in brackets", signer.signed(&json!({"cognito:groups": "[admin editor]"}))),
        ("without a subject", admin(json!({"sub": ""}))),
        ("scopes in a list", admin(json!({"scope": ["gazette/delete"]}))),
    ]
}

fn refused_for_their_form(signer: &TokenSigner) -> Vec<(&'static str, String)> {
    let admin = json!({"cognito:groups": ["admin"]});
    let header = |alg: &str, kid: &str| json!({"kid": kid, "alg": alg});
    let kid = signer.kid();
    let good = signer.signed(&admin);
    let (payload, signature) = good.rsplit_once('.').expect("three parts");
    let unsigned = signer.unsigned(&header("none", &kid), &admin);
    let (iat, exp) = (now() - 7_200, now() - 3_600);
    let late = json!({"cognito:groups": ["admin"], "iat": iat, "exp": exp});
    let with_jwk = json!({"kid": kid, "alg": "RS256", "jwk": {"kty": "RSA"}});
    vec![
        ("forged", signer.token(&header("RS256", &kid), &admin, &signer.other_key)),
        ("forged and expired", signer.token(&header("RS256", &kid), &late, &signer.other_key)),
        ("unknown key", signer.token(&header("RS256", "unknown"), &admin, &signer.other_key)),
        ("another token's signature", {
            let reader = signer.signed(&json!({}));
            format!("{payload}.{}", reader.rsplit('.').next().expect("a signature"))
        }),
        ("unsigned", format!("{unsigned}.{signature}")),
        ("keyed with the public key", signer.with_hmac(&admin)),
        ("brings its own key", signer.token(&with_jwk, &admin, &signer.other_key)),
        ("signature cut off", payload.to_owned()),
        ("five parts", format!("{good}.a.b")),
        ("garbled", "garbled".to_owned()),
        ("an API key", "0123456789abcdefghijABCDEFGHIJ0123456789".to_owned()),
        ("too long", "a".repeat(9_000)),
    ]
}
