//! The discovery document and the public keys.
//!
//! The members and their order are those of Cognito's document, and `code_challenge_methods_supported`,
//! without which some clients send no PKCE challenge.

use axum::Json;
use axum::extract::State;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use serde::Serialize;

use crate::pool::UserPool;

#[derive(Serialize)]
pub(super) struct Configuration {
    authorization_endpoint: String,
    code_challenge_methods_supported: [&'static str; 1],
    end_session_endpoint: String,
    id_token_signing_alg_values_supported: [&'static str; 1],
    issuer: String,
    jwks_uri: String,
    response_types_supported: [&'static str; 2],
    revocation_endpoint: String,
    scopes_supported: [&'static str; 4],
    subject_types_supported: [&'static str; 1],
    token_endpoint: String,
    token_endpoint_auth_methods_supported: [&'static str; 2],
    userinfo_endpoint: String,
}

pub(super) async fn configuration(State(pool): State<UserPool>) -> Json<Configuration> {
    let (origin, issuer) = (&pool.state.settings.origin, &pool.state.settings.issuer);
    Json(Configuration {
        authorization_endpoint: format!("{origin}/oauth2/authorize"),
        code_challenge_methods_supported: ["S256"],
        end_session_endpoint: format!("{origin}/logout"),
        id_token_signing_alg_values_supported: ["RS256"],
        issuer: issuer.clone(),
        jwks_uri: format!("{issuer}/.well-known/jwks.json"),
        response_types_supported: ["code", "token"],
        revocation_endpoint: format!("{origin}/oauth2/revoke"),
        scopes_supported: ["openid", "email", "phone", "profile"],
        subject_types_supported: ["public"],
        token_endpoint: format!("{origin}/oauth2/token"),
        token_endpoint_auth_methods_supported: ["client_secret_basic", "client_secret_post"],
        userinfo_endpoint: format!("{origin}/oauth2/userInfo"),
    })
}

pub(super) async fn jwks(State(pool): State<UserPool>) -> Response {
    let jwks = pool.state.token_issuer.keys.current().to_jwks(pool.now()).to_string();
    ([(CONTENT_TYPE, "application/json")], jwks).into_response()
}
