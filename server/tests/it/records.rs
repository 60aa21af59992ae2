//! The stored records of sessions and logins, of which tests write copies by the thousand.

use std::collections::BTreeMap;
use std::sync::Arc;

use aws_lc_rs::aead::{AES_256_GCM, Aad, NONCE_LEN, Nonce, RandomizedNonceKey};
use aws_lc_rs::digest::{SHA256, digest};
use aws_lc_rs::hkdf::{HKDF_SHA256, Salt};
use aws_lc_rs::rand::fill;
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD, URL_SAFE_NO_PAD};
use gazette_table::{Item, Key, Order, Range, Table, Write};
use serde_json::{Value, json};

use crate::world::{SESSION_KEY, SITE, World};

/// A session to copy; copies differ in their ids only.
#[derive(Clone)]
pub(crate) struct Template {
    sub: String,
    current: Item,
}

/// Returns a random value for a cookie.
pub(crate) fn drawn<const BYTES: usize>() -> String {
    let mut bytes = [0; BYTES];
    fill(&mut bytes).expect("randomness");
    URL_SAFE_NO_PAD.encode(bytes)
}

/// Returns the name of the session of a cookie.
pub(crate) fn name_of(cookie: &str) -> String {
    // The cookie and the hashed id have opposite byte orders.
    let mut bytes = URL_SAFE_NO_PAD.decode(cookie).expect("base64url");
    bytes.reverse();
    hash(&bytes)
}

/// Returns the key of the session of a cookie.
pub(crate) fn record(cookie: &str) -> Key {
    Key::new(format!("session#{}", name_of(cookie)), "current")
}

/// Returns the cookie of a login in progress, with its name.
pub(crate) fn login_cookie(world: &World, state: &str, nonce: &str) -> String {
    let parts = [world.pool.issuer(), "gazetteweb", &format!("{SITE}/auth/callback")];
    let login = json!({
        "provider": hash(parts.join("\n").as_bytes()),
        "nonce": nonce,
        "pkce_verifier": "x",
        "return_to": "/",
    });
    let (expires_at, state) = (i64::MAX, hash(state.as_bytes()));
    let sealed = seal_with(&login_key(), &login.to_string(), &format!("{expires_at} {state}"));
    format!("gazette-3000-login-{}={expires_at}.{sealed}", &state[..8])
}

/// Opens the login in progress of a state.
pub(crate) fn pending_login(cookies: &BTreeMap<String, String>, state: &str) -> Option<Value> {
    let state = hash(state.as_bytes());
    let cookie = cookies.get(&format!("gazette-3000-login-{}", &state[..8]))?;
    let (expires_at, sealed) = cookie.split_once('.')?;
    let sealed = STANDARD_NO_PAD.decode(sealed).ok()?;
    let (nonce, sealed) = sealed.split_at_checked(NONCE_LEN)?;
    let key = RandomizedNonceKey::new(&AES_256_GCM, &login_key()).ok()?;
    let nonce = Nonce::try_assume_unique_for_key(nonce).ok()?;
    let mut text = sealed.to_vec();
    let context = format!("{expires_at} {state}");
    let text = key.open_in_place(nonce, Aad::from(context), &mut text).ok()?;
    serde_json::from_slice(text).ok()
}

/// Returns the key that the site derives for logins.
fn login_key() -> [u8; 32] {
    let key = STANDARD.decode(SESSION_KEY).expect("base64");
    let secret = Salt::new(HKDF_SHA256, &[]).extract(&key);
    let mut derived = [0; 32];
    let expanded = secret.expand(&[b"gazette login"], HKDF_SHA256).expect("a key");
    expanded.fill(&mut derived).expect("a key");
    derived
}

/// Returns the names of all sessions of a user.
pub(crate) async fn names(world: &World, sub: &str) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    loop {
        let range = Range { after: names.last().cloned(), before: None };
        let listed = format!("sessions-of#{sub}");
        let page = world.table.query(&listed, &range, Order::Ascending, 1_000).await;
        let page = page.expect("readable");
        names.extend(page.items.into_iter().map(|item| item.key.sort));
        if !page.more {
            return names;
        }
    }
}

impl Template {
    /// Reads the session of a cookie.
    pub(crate) async fn of(world: &World, cookie: &str) -> Self {
        let current = world.table.get(&record(cookie)).await.expect("readable");
        let current = current.expect("a session");
        let sub = current.body["data"]["signed_in"]["claims"]["sub"].as_str().expect("a sub");
        Self { sub: sub.to_owned(), current }
    }

    /// Returns the session with an empty list of groups.
    pub(crate) fn without_groups(&self) -> Self {
        let Self { sub, mut current } = self.clone();
        Arc::make_mut(&mut current.body)["data"]["signed_in"]["claims"]["groups"] = json!([]);
        Self { sub, current }
    }

    /// Returns the subject of the session's user.
    pub(crate) fn sub(&self) -> &str {
        &self.sub
    }

    /// Writes a copy, with a refresh token if one is given, and returns its cookie.
    pub(crate) async fn copy(&self, world: &World, refresh_token: Option<&str>) -> String {
        let cookie = drawn::<16>();
        let name = name_of(&cookie);
        let partition = format!("session#{name}");
        let tokens = refresh_token.map(|token| {
            let sealed = json!({ "sealed": seal(token, &name), "leased_until": 0 });
            Item::new(Key::new(&partition, "tokens"), &sealed).expect("an item")
        });
        let owner = json!({ "sub": self.sub });
        let owner = Item::new(Key::new(&partition, "owner"), &owner).expect("an item");
        let listed = Key::new(format!("sessions-of#{}", self.sub), &name);
        let current = Item { key: Key::new(&partition, "current"), ..self.current.clone() };
        let mut batch = vec![
            Write::create(current),
            Write::create(owner),
            Write::create(Item::new(listed, &()).expect("an item")),
        ];
        batch.extend(tokens.map(Write::create));
        world.table.write(batch).await.expect("written");
        cookie
    }
}

fn hash(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(digest(&SHA256, bytes))
}

/// Encrypts a refresh token like the site.
fn seal(token: &str, name: &str) -> String {
    seal_with(&STANDARD.decode(SESSION_KEY).expect("base64"), token, name)
}

fn seal_with(key: &[u8], text: &str, context: &str) -> String {
    let key = RandomizedNonceKey::new(&AES_256_GCM, key).expect("a key");
    let mut sealed = text.as_bytes().to_vec();
    let nonce = key.seal_in_place_append_tag(Aad::from(context), &mut sealed).expect("sealed");
    STANDARD_NO_PAD.encode([&nonce.as_ref()[..], &sealed].concat())
}
