//! A pool with one user, a clock that stands still, and three clients.

use std::path::PathBuf;
use std::sync::Arc;

use axum::http::StatusCode;
use gazette_table::conformance::ManualClock;
use gazette_table::{MemoryTable, Table};
use gazette_user_pool::{AccessKey, AppClient, NewUser, PoolConfig, UserPool};
use url::Url;

use crate::browser::{Answer, Browser, form};

pub(crate) const ORIGIN: &str = "http://localhost:4000";
pub(crate) const ISSUER: &str = "http://localhost:4000/local_gazette";
pub(crate) const WEB: &str = "gazetteweb";
pub(crate) const OTHER: &str = "otherweb";
pub(crate) const ROTATING: &str = "rotating";
pub(crate) const CLI: &str = "gazettecli";
pub(crate) const CONFIDENTIAL: &str = "confidential";
pub(crate) const SECRET: &str = "s3cret+s3cret_s3cret+s3cret";
pub(crate) const CALLBACK: &str = "http://localhost:3000/auth/callback";
pub(crate) const PASSWORD: &str = "correct horse battery";
pub(crate) const NOW: i64 = 1_800_000_000;
/// The example of RFC 7636, Appendix B.
pub(crate) const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
pub(crate) const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

pub(crate) struct World {
    pub(crate) pool: UserPool,
    pub(crate) clock: ManualClock,
    pub(crate) table: Arc<dyn Table>,
}

impl World {
    pub(crate) async fn new() -> Self {
        Self::on(|table| Arc::new(table)).await
    }

    /// A world whose table is seen through something.
    pub(crate) async fn on(lens: impl FnOnce(MemoryTable) -> Arc<dyn Table>) -> Self {
        let clock = ManualClock::default();
        clock.set(NOW);
        let table = lens(MemoryTable::new(clock.clock()));
        let keys = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("keys");
        let pool = UserPool::open(config(&clock, keys), Arc::clone(&table)).await.unwrap();
        pool.directory().add_user(admin()).await.unwrap();
        Self { pool, clock, table }
    }

    pub(crate) fn browser(&self) -> Browser {
        Browser::new(self.pool.router())
    }

    pub(crate) fn pass(&self, seconds: i64) {
        self.clock.set(self.clock.clock()() + seconds);
    }

    /// A browser in which the admin has just signed in, and the code it was sent back with.
    pub(crate) async fn signed_in(&self) -> (Browser, String) {
        let mut browser = self.browser();
        let login = browser.get(&authorize(&[])).await.location();
        let answer = browser.sign_in(login.as_str(), "admin", PASSWORD).await;
        let code = answer.sent("code").unwrap();
        (browser, code)
    }

    pub(crate) async fn redeem(&self, code: &str) -> Answer {
        self.redeem_with(code, &[]).await
    }

    /// Redeems a code with some fields other than usual; an empty value leaves one out.
    pub(crate) async fn redeem_with(&self, code: &str, other: &[(&str, &str)]) -> Answer {
        let usual = [
            ("grant_type", "authorization_code"),
            ("client_id", WEB),
            ("redirect_uri", CALLBACK),
            ("code", code),
            ("code_verifier", VERIFIER),
        ];
        self.browser().post_form("/oauth2/token", &replaced(&usual, other)).await
    }

    pub(crate) async fn refresh(&self, client: &str, token: &str) -> Answer {
        let fields =
            [("grant_type", "refresh_token"), ("client_id", client), ("refresh_token", token)];
        self.browser().post_form("/oauth2/token", &fields).await
    }

    /// The tokens of a fresh sign-in.
    pub(crate) async fn tokens(&self) -> serde_json::Value {
        self.tokens_for(WEB).await
    }

    /// The tokens of a fresh sign-in at a client.
    pub(crate) async fn tokens_for(&self, client: &str) -> serde_json::Value {
        let mut browser = self.browser();
        let login = browser.get(&authorize(&[("client_id", client)])).await.location();
        let answer = browser.sign_in(login.as_str(), "admin", PASSWORD).await;
        let code = answer.sent("code").unwrap();
        let answer = self.redeem_with(&code, &[("client_id", client)]).await;
        assert_eq!(answer.status, StatusCode::OK, "{answer:?}");
        answer.json()
    }
}

pub(crate) fn config(clock: &ManualClock, key_dir: PathBuf) -> PoolConfig {
    PoolConfig {
        pool_id: "local_gazette".to_owned(),
        public_url: Url::parse(ORIGIN).unwrap(),
        key_dir,
        clients: vec![
            web_client(WEB, CALLBACK, None),
            web_client(OTHER, "http://localhost:3001/auth/callback", None),
            web_client(CONFIDENTIAL, CALLBACK, Some(SECRET)),
            AppClient { refresh_token_rotation: Some(60), ..web_client(ROTATING, CALLBACK, None) },
            AppClient {
                id: CLI.to_owned(),
                callback_urls: vec![CALLBACK.to_owned()],
                logout_urls: vec![],
                password_auth: true,
                authorization_code: false,
                secret: None,
                refresh_token_rotation: None,
            },
        ],
        clock: clock.clock(),
        administrator: Some(administrator()),
        move_clock: None,
    }
}

pub(crate) fn administrator() -> AccessKey {
    AccessKey { id: "AKIDEXAMPLE".to_owned(), secret: "an-example-of-a-secret".to_owned() }
}

pub(crate) fn admin() -> NewUser {
    NewUser {
        username: "admin".to_owned(),
        email: "admin@example.com".to_owned(),
        password: PASSWORD.to_owned(),
        groups: vec!["admin".to_owned()],
    }
}

/// The address of `/oauth2/authorize` with some parameters other than usual; an
/// empty value leaves one out.
pub(crate) fn authorize(other: &[(&str, &str)]) -> String {
    let usual = [
        ("response_type", "code"),
        ("client_id", WEB),
        ("redirect_uri", CALLBACK),
        ("scope", "openid email"),
        ("state", "st&te ü"),
        ("nonce", "n0nce"),
        ("code_challenge", CHALLENGE),
        ("code_challenge_method", "S256"),
    ];
    format!("/oauth2/authorize?{}", form(&replaced(&usual, other)))
}

fn replaced<'a>(
    usual: &[(&'a str, &'a str)],
    other: &[(&'a str, &'a str)],
) -> Vec<(&'a str, &'a str)> {
    let kept = usual.iter().filter(|(name, _)| other.iter().all(|(one, _)| one != name));
    kept.chain(other.iter().filter(|(_, value)| !value.is_empty())).copied().collect()
}

fn web_client(id: &str, callback: &str, secret: Option<&str>) -> AppClient {
    AppClient {
        id: id.to_owned(),
        callback_urls: vec![callback.to_owned()],
        logout_urls: vec!["http://localhost:3000/".to_owned()],
        password_auth: secret.is_some(),
        authorization_code: true,
        secret: secret.map(ToOwned::to_owned),
        refresh_token_rotation: None,
    }
}
