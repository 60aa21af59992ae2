//! Puts the faults that are on into requests and responses. The endpoints themselves know nothing
//! of faults.

use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::http::header::{CONTENT_LENGTH, CONTENT_TYPE, LOCATION};
use axum::http::{HeaderValue, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};
use url::Url;

use crate::faults::{EndpointFault, Faults, TokenKind, forge};
use crate::pool::UserPool;
use crate::token_issuer::at_hash;

/// Maximum size of a response that can have a fault.
const MAX_RESPONSE_BYTES: usize = 1024 * 1024;
const OTHER_ISSUER: &str = "https://issuer.example/another_pool";

/// Where a path leads, as far as faults are concerned.
enum Endpoint {
    Discovery,
    Keys,
    Token,
    JsonApi,
    UserInfo,
    Other,
}

/// Answers with the faults that are on.
pub(super) async fn misbehave(
    State(pool): State<UserPool>,
    request: Request,
    next: Next,
) -> Response {
    let Some(faults) = &pool.state.settings.faults else { return next.run(request).await };
    let endpoint = endpoint(request.uri().path());
    if let Some(response) = instead(faults, &endpoint, &pool) {
        return response;
    }
    let is_token = matches!(endpoint, Endpoint::Token | Endpoint::JsonApi);
    if is_token
        && faults.has(EndpointFault::KeysRotatedBeforeSigning)
        && let Err(error) = pool.state.token_issuer.keys.rotate(pool.now()).await
    {
        tracing::warn!(%error, "the signing keys could not be replaced");
    }
    let response = next.run(request).await;
    match endpoint {
        Endpoint::Other => change_callback(faults, response),
        endpoint => change_body(&pool, faults, &endpoint, response).await,
    }
}

fn endpoint(path: &str) -> Endpoint {
    match path {
        "/" => Endpoint::JsonApi,
        "/oauth2/token" => Endpoint::Token,
        "/oauth2/userInfo" => Endpoint::UserInfo,
        path if path.ends_with("/.well-known/openid-configuration") => Endpoint::Discovery,
        path if path.ends_with("/.well-known/jwks.json") => Endpoint::Keys,
        _ => Endpoint::Other,
    }
}

/// Returns the response of an endpoint that does not even read the request.
fn instead(faults: &Faults, endpoint: &Endpoint, pool: &UserPool) -> Option<Response> {
    let unavailable = || StatusCode::SERVICE_UNAVAILABLE.into_response();
    match endpoint {
        Endpoint::Keys => faults.has(EndpointFault::KeysUnavailable).then(unavailable),
        Endpoint::Token if faults.has(EndpointFault::TokenUnavailable) => Some(unavailable()),
        Endpoint::Token if faults.has(EndpointFault::TokenHtml) => {
            Some(([(CONTENT_TYPE, "text/html")], "<html>").into_response())
        }
        Endpoint::Token if faults.has(EndpointFault::TokenRedirect) => {
            let location = format!("{}/elsewhere", pool.state.settings.origin);
            Some((StatusCode::TEMPORARY_REDIRECT, [(LOCATION, location)]).into_response())
        }
        Endpoint::Token if faults.has(EndpointFault::TokenTooLarge) => {
            let body = vec![b' '; MAX_RESPONSE_BYTES];
            Some(([(CONTENT_TYPE, "application/json")], body).into_response())
        }
        Endpoint::Token if faults.has(EndpointFault::TokenInvalidGrant) => {
            let error = axum::Json(json!({ "error": "invalid_grant" }));
            Some((StatusCode::BAD_REQUEST, error).into_response())
        }
        _ => None,
    }
}

/// Changes a JSON body.
async fn change_body(
    pool: &UserPool,
    faults: &Faults,
    endpoint: &Endpoint,
    response: Response,
) -> Response {
    let (mut parts, body) = response.into_parts();
    let Ok(bytes) = to_bytes(body, MAX_RESPONSE_BYTES).await else {
        return StatusCode::INTERNAL_SERVER_ERROR.into_response();
    };
    let Ok(mut json) = serde_json::from_slice::<Value>(&bytes) else {
        return Response::from_parts(parts, Body::from(bytes));
    };
    match endpoint {
        Endpoint::Discovery if faults.has(EndpointFault::DiscoveryIssuer) => {
            set(&mut json, "issuer", json!(OTHER_ISSUER));
        }
        Endpoint::Keys if faults.has(EndpointFault::KeysUnparseable) => add_unusable(&mut json),
        Endpoint::UserInfo if faults.has(EndpointFault::UserInfoSubject) => {
            set(&mut json, "sub", json!("00000000-0000-4000-8000-000000000000"));
        }
        Endpoint::Token => {
            if faults.has(EndpointFault::TokenWithoutIdToken)
                && let Some(object) = json.as_object_mut()
            {
                object.remove("id_token");
            }
            forge_in(pool, faults, &mut json, ["id_token", "access_token"]);
        }
        Endpoint::JsonApi => {
            if let Some(result) = json.get_mut("AuthenticationResult") {
                forge_in(pool, faults, result, ["IdToken", "AccessToken"]);
            }
        }
        _ => {}
    }
    parts.headers.remove(CONTENT_LENGTH);
    Response::from_parts(parts, Body::from(json.to_string()))
}

/// Puts faults into the tokens of an object.
fn forge_in(pool: &UserPool, faults: &Faults, object: &mut Value, names: [&str; 2]) {
    let keys = pool.state.token_issuer.keys.current();
    let [id, access] = names;
    let text = |object: &Value, name: &str| object.get(name)?.as_str().map(str::to_owned);
    let forge = |token: &str, kind, at_hash: Option<&str>| {
        let key = match kind {
            TokenKind::Id => &keys.signing.id,
            TokenKind::Access => &keys.signing.access,
        };
        forge(token, kind, &faults.of_tokens(kind), at_hash, key, pool.now())
    };
    let mut forged_hash = None;
    if let Some(token) = text(object, access)
        && !faults.of_tokens(TokenKind::Access).is_empty()
        && let Some(forged) = forge(&token, TokenKind::Access, None)
    {
        forged_hash = Some(at_hash(&forged));
        set(object, access, json!(forged));
    }
    if let Some(token) = text(object, id)
        && (forged_hash.is_some() || !faults.of_tokens(TokenKind::Id).is_empty())
        && let Some(forged) = forge(&token, TokenKind::Id, forged_hash.as_deref())
    {
        set(object, id, json!(forged));
    }
}

fn add_unusable(keys: &mut Value) {
    if let Some(keys) = keys.get_mut("keys").and_then(Value::as_array_mut) {
        keys.insert(0, json!({ "kty": "OKP", "crv": "Ed25519", "kid": "unusable", "x": "?" }));
        keys.insert(0, json!({ "kty": "RSA", "kid": "unusable", "n": "%", "e": 65_537 }));
        keys.push(json!("unusable"));
    }
}

/// Changes the redirect to an application, which alone has a code.
fn change_callback(faults: &Faults, mut response: Response) -> Response {
    let location = response.headers().get(LOCATION).and_then(|it| it.to_str().ok());
    let Some(url) = location.and_then(|location| Url::parse(location).ok()) else {
        return response;
    };
    if url.query_pairs().any(|(name, _)| name == "code")
        && let Ok(changed) = HeaderValue::from_str(changed_callback(faults, url).as_str())
    {
        response.headers_mut().insert(LOCATION, changed);
    }
    response
}

fn changed_callback(faults: &Faults, mut url: Url) -> Url {
    let mut pairs: Vec<(String, String)> = url.query_pairs().into_owned().collect();
    if faults.has(EndpointFault::CallbackState) {
        pairs.retain(|(name, _)| name != "state");
        pairs.push(("state".to_owned(), "A".repeat(43)));
    }
    if faults.has(EndpointFault::CallbackIssuer) {
        pairs.retain(|(name, _)| name != "iss");
        pairs.push(("iss".to_owned(), OTHER_ISSUER.to_owned()));
    }
    if faults.has(EndpointFault::CallbackRepeatedCode) {
        pairs.push(("code".to_owned(), "another".to_owned()));
    }
    if faults.has(EndpointFault::CallbackError) {
        pairs.retain(|(name, _)| name != "code");
        pairs.push(("error".to_owned(), "server_error".to_owned()));
        pairs.push(("error_description".to_owned(), "<script>alert(1)</script>".to_owned()));
    }
    url.query_pairs_mut().clear().extend_pairs(pairs);
    url
}

fn set(object: &mut Value, name: &str, value: Value) {
    if let Some(object) = object.as_object_mut() {
        object.insert(name.to_owned(), value);
    }
}
