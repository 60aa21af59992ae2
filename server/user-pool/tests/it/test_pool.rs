//! A pool with one user, a manual clock and five clients.

use std::path::PathBuf;
use std::sync::Arc;

use axum::http::StatusCode;
use gazette_table::conformance::ManualClock;
use gazette_table::{MemoryTable, Table};
use gazette_user_pool::{
    AccessKey, AppClient, AuthFlow, Directory, KeyFolder, NewUser, OAuthGrant, PoolConfig,
    STANDARD_SCOPES, UserPool,
};
use url::Url;

use crate::browser::{Browser, Response, form};

pub(crate) const ORIGIN: &str = "http://localhost:4000";
pub(crate) const ISSUER: &str = "http://localhost:4000/local_gazette";
pub(crate) const WEB: &str = "gazetteweb";
pub(crate) const OTHER: &str = "otherweb";
pub(crate) const ROTATING: &str = "rotating";
pub(crate) const CLI: &str = "gazettecli";
pub(crate) const SRP: &str = "srp";
pub(crate) const CONFIDENTIAL: &str = "confidential";
pub(crate) const SECRET: &str = "s3cret+s3cret_s3cret+s3cret";
pub(crate) const CALLBACK: &str = "http://localhost:3000/auth/callback";
pub(crate) const PASSWORD: &str = "correct horse battery";
pub(crate) const NOW: i64 = 1_800_000_000;
/// The example of RFC 7636, Appendix B.
pub(crate) const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
pub(crate) const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

pub(crate) struct TestPool {
    pub(crate) user_pool: UserPool,
    pub(crate) clock: ManualClock,
    pub(crate) table: Arc<dyn Table>,
}

impl TestPool {
    pub(crate) async fn new() -> Self {
        Self::with_table(|table| Arc::new(table)).await
    }

    /// Opens a pool that takes any signature of a program.
    pub(crate) async fn lenient() -> Self {
        let change = |config: PoolConfig| PoolConfig { accepts_any_signature: true, ..config };
        Self::with(|table| Arc::new(table), change).await
    }

    /// Opens a pool over a wrapped table.
    pub(crate) async fn with_table(wrap: impl FnOnce(MemoryTable) -> Arc<dyn Table>) -> Self {
        Self::with(wrap, |config| config).await
    }

    /// Opens a pool whose faults can be switched on.
    pub(crate) async fn with_faults() -> Self {
        Self::with(|table| Arc::new(table), |config| PoolConfig { has_faults: true, ..config })
            .await
    }

    /// Opens a pool with its keys in a folder of its own.
    pub(crate) async fn with_keys(folder: PathBuf) -> Self {
        let key_folder = KeyFolder::new(folder);
        Self::with(|table| Arc::new(table), |config| PoolConfig { key_folder, ..config }).await
    }

    /// Opens a pool none of whose clients proves passwords (SRP).
    pub(crate) async fn without_proofs() -> Self {
        let change = |mut config: PoolConfig| {
            config.clients.retain(|client| !client.flows.contains(&AuthFlow::UserSrp));
            config
        };
        Self::with(|table| Arc::new(table), change).await
    }

    async fn with(
        wrap: impl FnOnce(MemoryTable) -> Arc<dyn Table>,
        change: impl FnOnce(PoolConfig) -> PoolConfig,
    ) -> Self {
        let clock = ManualClock::default();
        clock.set(NOW);
        let table = wrap(MemoryTable::new(clock.clock()));
        let keys = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("keys");
        let config = change(config(&clock, keys));
        let user_pool = UserPool::open(config, Arc::clone(&table)).await.unwrap();
        user_pool.directory().add_user(admin()).await.unwrap();
        Self { user_pool, clock, table }
    }

    pub(crate) fn browser(&self) -> Browser {
        Browser::new(self.user_pool.router())
    }

    pub(crate) fn directory(&self) -> &Directory {
        self.user_pool.directory()
    }

    pub(crate) fn advance(&self, seconds: i64) {
        self.clock.set(self.clock.clock()() + seconds);
    }

    /// Signs the admin in; returns the browser and the code of the redirect.
    pub(crate) async fn sign_in_admin(&self) -> (Browser, String) {
        let mut browser = self.browser();
        let login = browser.get(&authorize(&[])).await.location();
        let response = browser.sign_in(login.as_str(), "admin", PASSWORD).await;
        let code = response.redirect_parameter("code").unwrap();
        (browser, code)
    }

    pub(crate) async fn redeem(&self, code: &str) -> Response {
        self.redeem_changed(code, &[]).await
    }

    /// Redeems a code with changed fields; an empty value omits a field.
    pub(crate) async fn redeem_changed(&self, code: &str, changes: &[(&str, &str)]) -> Response {
        let defaults = [
            ("grant_type", "authorization_code"),
            ("client_id", WEB),
            ("redirect_uri", CALLBACK),
            ("code", code),
            ("code_verifier", VERIFIER),
        ];
        self.browser().post_form("/oauth2/token", &apply(&defaults, changes)).await
    }

    pub(crate) async fn refresh(&self, client: &str, token: &str) -> Response {
        let fields =
            [("grant_type", "refresh_token"), ("client_id", client), ("refresh_token", token)];
        self.browser().post_form("/oauth2/token", &fields).await
    }

    /// Returns the tokens of a new sign-in.
    pub(crate) async fn tokens(&self) -> serde_json::Value {
        self.tokens_for(WEB).await
    }

    /// Returns the tokens of a new sign-in for a client.
    pub(crate) async fn tokens_for(&self, client: &str) -> serde_json::Value {
        let mut browser = self.browser();
        let login = browser.get(&authorize(&[("client_id", client)])).await.location();
        let response = browser.sign_in(login.as_str(), "admin", PASSWORD).await;
        let code = response.redirect_parameter("code").unwrap();
        let secret = if client == CONFIDENTIAL { SECRET } else { "" };
        let changes = [("client_id", client), ("client_secret", secret)];
        let response = self.redeem_changed(&code, &changes).await;
        assert_eq!(response.status, StatusCode::OK, "{response:?}");
        response.json()
    }
}

pub(crate) fn config(clock: &ManualClock, key_folder: PathBuf) -> PoolConfig {
    PoolConfig {
        pool_id: "local_gazette".to_owned(),
        public_url: Url::parse(ORIGIN).unwrap(),
        site_name: "Gazette".to_owned(),
        key_folder: KeyFolder::new(key_folder),
        clients: vec![
            web_client(WEB, CALLBACK, None),
            web_client(OTHER, "http://localhost:3001/auth/callback", None),
            web_client(CONFIDENTIAL, CALLBACK, Some(SECRET)),
            AppClient { refresh_token_rotation: Some(60), ..web_client(ROTATING, CALLBACK, None) },
            AppClient {
                callback_urls: vec![CALLBACK.to_owned()],
                flows: [
                    AuthFlow::AdminUserPassword,
                    AuthFlow::UserPassword,
                    AuthFlow::RefreshToken,
                ]
                .into(),
                ..AppClient::new(CLI, "Gazette CLI")
            },
            AppClient::new(SRP, "An application"),
        ],
        clock: clock.clock(),
        administrator: Some(administrator()),
        accepts_any_signature: false,
        move_clock: None,
        has_faults: false,
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

/// Returns the path of `/oauth2/authorize` with changed parameters; an empty value omits a
/// parameter.
pub(crate) fn authorize(changes: &[(&str, &str)]) -> String {
    let defaults = [
        ("response_type", "code"),
        ("client_id", WEB),
        ("redirect_uri", CALLBACK),
        ("scope", "openid email"),
        ("state", "st&te ü"),
        ("nonce", "n0nce"),
        ("code_challenge", CHALLENGE),
        ("code_challenge_method", "S256"),
    ];
    format!("/oauth2/authorize?{}", form(&apply(&defaults, changes)))
}

fn apply<'a>(
    defaults: &[(&'a str, &'a str)],
    changes: &[(&'a str, &'a str)],
) -> Vec<(&'a str, &'a str)> {
    let is_changed = |name: &str| changes.iter().any(|(changed, _)| *changed == name);
    let unchanged = defaults.iter().filter(|(name, _)| !is_changed(name));
    unchanged.chain(changes.iter().filter(|(_, value)| !value.is_empty())).copied().collect()
}

pub(crate) fn web_client(id: &str, callback: &str, secret: Option<&str>) -> AppClient {
    let flow = if secret.is_some() { AuthFlow::UserPassword } else { AuthFlow::RefreshToken };
    AppClient {
        callback_urls: vec![callback.to_owned()],
        logout_urls: vec!["http://localhost:3000/".to_owned()],
        flows: [flow, AuthFlow::RefreshToken].into(),
        grants: [OAuthGrant::Code].into(),
        scopes: STANDARD_SCOPES.map(str::to_owned).into(),
        secret: secret.map(ToOwned::to_owned),
        requires_pkce: secret.is_none(),
        ..AppClient::new(id, "Gazette")
    }
}
