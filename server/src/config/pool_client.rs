//! App clients of the embedded pool for other projects.

use std::collections::BTreeSet;

use gazette_user_pool::{
    AppClient, AuthFlow, Lifetime, Lifetimes, OAuthGrant, STANDARD_SCOPES, TimeUnit,
};
use serde::Deserialize;
use url::Url;

/// Ids of the site's own clients.
const RESERVED: [&str; 2] = ["gazetteweb", "gazettecli"];

/// A `[[pool.client]]` table of the configuration file.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ClientTable {
    id: String,
    name: Option<String>,
    secret: Option<String>,
    #[serde(default)]
    callbacks: Vec<String>,
    sign_out_urls: Option<Vec<String>>,
    flows: Option<BTreeSet<String>>,
    grants: Option<BTreeSet<OAuthGrant>>,
    scopes: Option<Vec<String>>,
    pkce: Option<Pkce>,
    id_token_minutes: Option<u32>,
    access_token_minutes: Option<u32>,
    refresh_token_days: Option<u32>,
    rotation_grace_seconds: Option<u8>,
    auth_session_minutes: Option<u8>,
    user_existence_errors: Option<UserExistenceErrors>,
}

#[derive(Clone, Copy, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
enum UserExistenceErrors {
    Prevented,
    Legacy,
}

#[derive(Clone, Copy, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
enum Pkce {
    Required,
    Optional,
}

/// Parses `ID[:SECRET][=CALLBACK[,CALLBACK]…]`, or the JSON form of a table. The messages never
/// repeat the secret.
pub(super) fn pool_client(text: &str) -> Result<AppClient, String> {
    let table = if text.starts_with('{') {
        serde_json::from_str(text).map_err(|error| format!("[[pool.client]]: {error}"))?
    } else {
        ClientTable::from_flag(text)
    };
    if RESERVED.contains(&table.id.as_str()) {
        return Err(format!("{} is a client of the site; choose another id", table.id));
    }
    let client = table.into_client()?;
    client.check()?;
    Ok(client)
}

impl ClientTable {
    fn from_flag(text: &str) -> Self {
        let (client, callbacks) = text.split_once('=').unwrap_or((text, ""));
        let (id, secret) = match client.split_once(':') {
            Some((id, secret)) => (id, Some(secret.to_owned())),
            None => (client, None),
        };
        let callbacks = callbacks.split(',').filter(|url| !url.is_empty());
        Self {
            id: id.to_owned(),
            name: None,
            secret,
            callbacks: callbacks.map(str::to_owned).collect(),
            sign_out_urls: None,
            flows: None,
            grants: None,
            scopes: None,
            pkce: None,
            id_token_minutes: None,
            access_token_minutes: None,
            refresh_token_days: None,
            rotation_grace_seconds: None,
            auth_session_minutes: None,
            user_existence_errors: None,
        }
    }

    fn into_client(self) -> Result<AppClient, String> {
        let has_callback = !self.callbacks.is_empty();
        let grants = self
            .grants
            .unwrap_or_else(|| has_callback.then_some(OAuthGrant::Code).into_iter().collect());
        let standard_scopes = || {
            if has_callback { STANDARD_SCOPES.map(str::to_owned).into() } else { Vec::new() }
        };
        let minutes = |amount: Option<u32>, default| {
            amount.map_or(default, |amount| Lifetime::new(amount, TimeUnit::Minutes))
        };
        let defaults = Lifetimes::default();
        let client = AppClient::new(self.id.clone(), self.name.unwrap_or(self.id));
        Ok(AppClient {
            requires_pkce: self.pkce.map_or(self.secret.is_none(), |it| it == Pkce::Required),
            secret: self.secret,
            logout_urls: self.sign_out_urls.unwrap_or_else(|| sign_out_urls(&self.callbacks)),
            callback_urls: self.callbacks,
            flows: flows(self.flows)?,
            grants,
            scopes: self.scopes.unwrap_or_else(standard_scopes),
            lifetimes: Lifetimes {
                id_token: minutes(self.id_token_minutes, defaults.id_token),
                access_token: minutes(self.access_token_minutes, defaults.access_token),
                refresh_token: self
                    .refresh_token_days
                    .map_or(defaults.refresh_token, |days| Lifetime::new(days, TimeUnit::Days)),
            },
            refresh_token_rotation: self.rotation_grace_seconds,
            hides_unknown_users: self.user_existence_errors != Some(UserExistenceErrors::Legacy),
            auth_session_minutes: self.auth_session_minutes.unwrap_or(client.auth_session_minutes),
            ..client
        })
    }
}

/// Returns what applications usually register: the callbacks themselves, and their origins with and
/// without a slash.
fn sign_out_urls(callbacks: &[String]) -> Vec<String> {
    let mut urls: Vec<String> = Vec::new();
    for callback in callbacks {
        let origin = Url::parse(callback).map(|url| url.origin());
        let origin = origin.ok().filter(url::Origin::is_tuple).map(|it| it.ascii_serialization());
        let slash = origin.as_ref().map(|origin| format!("{origin}/"));
        for url in [Some(callback.clone()), origin, slash].into_iter().flatten() {
            if !urls.contains(&url) {
                urls.push(url);
            }
        }
    }
    urls
}

fn flows(names: Option<BTreeSet<String>>) -> Result<BTreeSet<AuthFlow>, String> {
    let Some(names) = names else {
        return Ok([AuthFlow::RefreshToken, AuthFlow::UserPassword, AuthFlow::UserSrp].into());
    };
    let flow = |name: &String| {
        AuthFlow::from_name(name)
            .ok_or_else(|| format!("{name:?} is no flow; one is USER_SRP_AUTH"))
    };
    names.iter().map(flow).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_flag_names_a_public_client_and_its_callbacks() {
        let client = pool_client("shop=http://localhost:5173/cb,myapp://cb").unwrap();
        assert_eq!((client.id.as_str(), client.name.as_str()), ("shop", "shop"));
        assert_eq!(client.callback_urls, ["http://localhost:5173/cb", "myapp://cb"]);
        assert!(client.logout_urls.contains(&"http://localhost:5173/".to_owned()));
        assert!(client.requires_pkce && client.secret.is_none());
        assert!(client.grants.contains(&OAuthGrant::Code));
    }

    #[test]
    fn a_client_with_a_secret_may_omit_pkce() {
        let secret = "s3cret+s3cret_s3cret+s3cret";
        let client = pool_client(&format!("shop:{secret}=http://localhost:5173/cb")).unwrap();
        assert_eq!(client.secret.as_deref(), Some(secret));
        assert!(!client.requires_pkce);
    }

    #[test]
    fn a_table_sets_everything() {
        let client = pool_client(
            r#"{"id":"api","secret":"s3cret+s3cret_s3cret+s3cret","grants":["client_credentials"],
                "scopes":["news/write"],"flows":["ALLOW_USER_SRP_AUTH"],"access_token_minutes":5,
                "auth_session_minutes":10}"#,
        )
        .unwrap();
        assert_eq!(client.auth_session_minutes, 10);
        assert_eq!(client.lifetimes.access_token.seconds(), 300);
        assert_eq!(client.flows, [AuthFlow::UserSrp].into());
        assert_eq!(client.scopes, ["news/write"]);
    }

    #[test]
    fn an_invalid_client_is_refused_without_its_secret() {
        for text in [
            "gazetteweb=http://localhost/",
            "a b=http://localhost/",
            "shop=http://example.com/",
            "shop=http://localhost/#x",
            "shop:hunter2=http://localhost/",
            r#"{"id":"shop","callback":[]}"#,
            r#"{"id":"shop","flows":["MAGIC"]}"#,
            r#"{"id":"shop","grants":["client_credentials"],"scopes":["a/b"]}"#,
            r#"{"id":"shop","secret":"hunter2","access_token_minutes":1}"#,
            r#"{"id":"shop","auth_session_minutes":2}"#,
        ] {
            let message = pool_client(text).unwrap_err();
            assert!(!message.contains("hunter2"), "{message}");
        }
    }
}
