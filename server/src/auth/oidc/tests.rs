//! Requests to the user pool, as its side receives them.

use std::sync::{Arc, Mutex, PoisonError};

use axum::Router;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::http::header::AUTHORIZATION;
use axum::routing::post;
use gazette_authorizer::{Authorizer, AuthorizerConfig, KeySource, KeySourceOptions};
use gazette_domain::TokenUse;
use tokio::net::TcpListener;

use super::{OidcClient, OidcClientConfig};

type Requests = Arc<Mutex<Vec<(String, String)>>>;

/// Records the credentials and the form of a request.
async fn record(State(requests): State<Requests>, headers: HeaderMap, form: String) {
    let authorization = headers.get(AUTHORIZATION).map_or("", |it| it.to_str().expect("text"));
    let request = (authorization.to_owned(), form);
    requests.lock().unwrap_or_else(PoisonError::into_inner).push(request);
}

/// Revokes a token by a client with this secret and returns the request of it.
async fn revocation(client_secret: Option<&str>) -> (String, String) {
    let requests = Requests::default();
    let router =
        Router::new().route("/oauth2/revoke", post(record)).with_state(Arc::clone(&requests));
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let origin = format!("http://{}", listener.local_addr().expect("bound"));
    tokio::spawn(axum::serve(listener, router).into_future());
    let issuer = format!("{origin}/pool");
    let jwks_url = format!("{issuer}/jwks.json").parse().expect("a URL");
    let keys = KeySource::new(jwks_url, KeySourceOptions::default()).expect("a source");
    let authorizer = AuthorizerConfig {
        issuer: issuer.clone(),
        client_ids: vec!["web".to_owned()],
        client_roles: Vec::new(),
        token_uses: vec![TokenUse::Access],
        resource: None,
        clock_skew_seconds: 0,
    };
    let authorizer = Authorizer::new(authorizer, Arc::new(keys)).expect("an authorizer");
    let config = OidcClientConfig {
        issuer,
        client_id: "web".to_owned(),
        client_secret: client_secret.map(str::to_owned),
        domain: Some(origin),
        public_url: "http://localhost:3000".to_owned(),
    };
    let client = OidcClient::new(config, Arc::new(authorizer), Arc::default()).expect("a client");
    client.revoke("a token").await.expect("revoked");
    let request = requests.lock().unwrap_or_else(PoisonError::into_inner).pop();
    request.expect("a request")
}

#[tokio::test]
async fn oau_13_a_client_with_a_secret_revokes_by_http_basic() {
    let (authorization, form) = revocation(Some("a+secret")).await;
    assert_eq!(authorization, "Basic d2ViOmErc2VjcmV0", "web:a+secret, not form-encoded");
    assert_eq!(form, "token=a+token");
    let (authorization, form) = revocation(None).await;
    assert_eq!((authorization.as_str(), form.as_str()), ("", "token=a+token&client_id=web"));
}
