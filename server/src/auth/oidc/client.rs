//! Client of the hosted UI and its token endpoint.

use std::sync::Arc;

use gazette_authorizer::{Authorizer, IdTokenExpectations};
use gazette_domain::Identity;
use oauth2::basic::{
    BasicErrorResponse, BasicRevocationErrorResponse, BasicTokenIntrospectionResponse,
};
use oauth2::{
    AuthType, AuthUrl, AuthorizationCode, Client, ClientId, ClientSecret, CsrfToken,
    EndpointNotSet, EndpointSet, PkceCodeChallenge, PkceCodeVerifier, RedirectUrl, RefreshToken,
    Scope, StandardRevocableToken, TokenResponse as _, TokenUrl,
};
use url::Url;

use super::config::{OidcClientConfig, Provider};
use super::discovered::DiscoveredEndpoints;
use super::endpoints::Endpoints;
use super::error::SignInError;
use super::health::{SignInHealth, SignInRecord};
use super::http_client::PoolHttpClient;
use super::tokens::{Refreshed, TokenResponse, TokenSet};
use crate::metrics::PoolRequests;

/// The grant that the app client needs (RFC 6749 §4.1).
pub(crate) const GRANT: &str = "authorization_code";
/// The scopes that the app client needs.
pub(crate) const SCOPES: [&str; 3] = ["openid", "email", "profile"];

/// Signs people in through the hosted UI.
pub struct OidcClient {
    config: OidcClientConfig,
    http: PoolHttpClient,
    authorizer: Arc<Authorizer>,
    endpoints: DiscoveredEndpoints,
    record: SignInRecord,
}

/// Authorization request, and the secret to keep until its response arrives.
pub(crate) struct LoginRequest {
    /// URL of the hosted UI to redirect the browser to.
    pub(crate) url: Url,
    /// PKCE code verifier (RFC 7636).
    pub(crate) pkce_verifier: String,
}

type OAuthClient<Auth, Token> = Client<
    BasicErrorResponse,
    TokenResponse,
    BasicTokenIntrospectionResponse,
    StandardRevocableToken,
    BasicRevocationErrorResponse,
    Auth,
    EndpointNotSet,
    EndpointNotSet,
    EndpointNotSet,
    Token,
>;

impl OidcClient {
    /// Creates a client, which counts its requests; fetches nothing yet.
    pub(crate) fn new(
        config: OidcClientConfig,
        authorizer: Arc<Authorizer>,
        requests: Arc<PoolRequests>,
    ) -> Result<Self, reqwest::Error> {
        let urls = std::iter::once(&config.issuer).chain(&config.domain);
        let urls: Vec<Url> = urls.filter_map(|url| url.parse().ok()).collect();
        let http = PoolHttpClient::new(&urls, requests)?;
        let record = SignInRecord::default();
        let endpoints = DiscoveredEndpoints::new(record.clone(), config.domain.as_deref());
        Ok(Self { config, http, authorizer, endpoints, record })
    }

    /// Fetches the endpoints unless they are known.
    pub async fn prepare(&self) -> Result<(), SignInError> {
        self.endpoints().await.map(drop)
    }

    /// Returns the state of the sign-in configuration.
    pub(crate) fn health(&self) -> SignInHealth {
        self.record.health()
    }

    /// Checks a misconfigured client again, at most every ten seconds.
    ///
    /// While the site is not ready, it gets no sign-ins that would show that the error is resolved.
    pub(crate) async fn check_again(&self) {
        if self.record.is_check_due() {
            self.check_client().await;
        }
    }

    /// Asks the token endpoint for a grant that does not exist: the response shows whether the user
    /// pool accepts this client.
    pub(crate) async fn check_client(&self) {
        let Ok(client) = self.oauth_client().await else { return };
        let token = RefreshToken::new("configuration-check".to_owned());
        let request = client.exchange_refresh_token(&token);
        let response = request.request_async(&self.http).await.map_err(SignInError::from);
        self.record.record_token_request(&response);
    }

    /// Returns whether the endpoints of the hosted UI are known.
    pub(crate) fn knows_hosted_ui(&self) -> bool {
        self.endpoints.get().is_some()
    }

    /// Returns the origin of the hosted UI once its endpoints are known.
    pub(crate) fn hosted_ui_origin(&self) -> Option<String> {
        self.endpoints.get().map(|endpoints| endpoints.authorization.origin().ascii_serialization())
    }

    /// Returns the provider of a login that begins now.
    pub(crate) fn provider(&self) -> Provider {
        self.config.provider()
    }

    /// Returns the issuer, and whether each authorization response must carry it.
    pub(crate) async fn issuer(&self) -> Result<(&str, bool), SignInError> {
        Ok((&self.config.issuer, self.endpoints().await?.names_issuer))
    }

    /// Returns the authorization request of a new login.
    pub(crate) async fn begin_login(
        &self,
        state: &str,
        nonce: &str,
    ) -> Result<LoginRequest, SignInError> {
        let client = self.oauth_client().await?;
        let (challenge, verifier) = PkceCodeChallenge::new_random_sha256();
        let (url, _) = client
            .authorize_url(|| CsrfToken::new(state.to_owned()))
            .add_scopes(SCOPES.map(|scope| Scope::new(scope.to_owned())))
            .add_extra_param("nonce", nonce)
            .set_pkce_challenge(challenge)
            .url();
        Ok(LoginRequest { url, pkce_verifier: verifier.into_secret() })
    }

    /// Exchanges an authorization code for tokens, in one attempt, and verifies the ID token.
    pub(crate) async fn complete_login(
        &self,
        code: String,
        pkce_verifier: String,
        nonce: &str,
        now: i64,
    ) -> Result<TokenSet, SignInError> {
        let client = self.oauth_client().await?;
        let response = client
            .exchange_code(AuthorizationCode::new(code))
            .set_pkce_verifier(PkceCodeVerifier::new(pkce_verifier))
            .request_async(&self.http)
            .await
            .map_err(SignInError::from);
        self.record.record_token_request(&response);
        let response = response?;
        let verified = self.verify(&response, Some(nonce), now).await;
        let refresh_token = refresh_token_of(&response);
        if verified.is_err()
            && let Some(token) = &refresh_token
            && let Err(error) = self.revoke(token).await
        {
            // Without a session, nothing else would revoke it.
            tracing::warn!(%error, "the refresh token of a refused login could not be revoked");
        }
        Ok(TokenSet { identity: verified?, refresh_token })
    }

    /// Exchanges a refresh token for fresh tokens and verifies the ID token.
    ///
    /// # Errors
    /// [`SignInError::InvalidGrant`] means that the login has ended. Other errors may be temporary.
    pub(crate) async fn refresh(
        &self,
        refresh_token: &str,
        now: i64,
    ) -> Result<Refreshed, SignInError> {
        let client = self.oauth_client().await?;
        let response = client
            .exchange_refresh_token(&RefreshToken::new(refresh_token.to_owned()))
            .request_async(&self.http)
            .await
            .map_err(SignInError::from);
        self.record.record_token_request(&response);
        let response = response?;
        let identity = self.verify(&response, None, now).await;
        Ok(Refreshed { refresh_token: refresh_token_of(&response), identity })
    }

    /// Revokes a refresh token and every token issued from it.
    pub(crate) async fn revoke(&self, refresh_token: &str) -> Result<(), SignInError> {
        let url = self.endpoints().await?.revocation()?;
        let client_id = self.config.client_id.as_str();
        // Unlike its token endpoint, Cognito's revocation endpoint documents only HTTP Basic for a
        // client with a secret.
        let basic = self.config.client_secret.as_deref().map(|secret| (client_id, secret));
        let mut fields = vec![("token", refresh_token)];
        if basic.is_none() {
            fields.push(("client_id", client_id));
        }
        let status = self.http.post_form(url, &fields, basic).await?;
        if status.is_success() {
            return Ok(());
        }
        Err(SignInError::RequestRejected(format!("revocation returned {status}")))
    }

    /// Returns the URL that also ends the session of the hosted UI (Cognito's `/logout`).
    pub(crate) async fn sign_out_url(&self) -> Result<Url, SignInError> {
        let mut url = self.endpoints().await?.end_session()?;
        url.query_pairs_mut()
            .append_pair("client_id", &self.config.client_id)
            .append_pair("logout_uri", &format!("{}/", self.config.public_url));
        Ok(url)
    }

    async fn verify(
        &self,
        response: &TokenResponse,
        nonce: Option<&str>,
        now: i64,
    ) -> Result<Identity, SignInError> {
        let Some(id_token) = &response.extra_fields().id_token else {
            return Err(SignInError::InvalidResponse("it has no ID token".into()));
        };
        let expected = IdTokenExpectations {
            client_id: &self.config.client_id,
            nonce,
            access_token: Some(response.access_token().secret()),
        };
        Ok(self.authorizer.verify_id_token(id_token, &expected, now).await?)
    }

    async fn oauth_client(&self) -> Result<OAuthClient<EndpointSet, EndpointSet>, SignInError> {
        let endpoints = self.endpoints().await?.clone();
        let client = OAuthClient::new(ClientId::new(self.config.client_id.clone()))
            .set_auth_uri(AuthUrl::from_url(endpoints.authorization))
            .set_token_uri(TokenUrl::from_url(endpoints.token))
            .set_redirect_uri(RedirectUrl::new(self.config.redirect_uri())?)
            // In the body, because Cognito does not form-decode Basic credentials and a secret
            // may contain `+`.
            .set_auth_type(AuthType::RequestBody);
        Ok(match &self.config.client_secret {
            Some(secret) => client.set_client_secret(ClientSecret::new(secret.clone())),
            None => client,
        })
    }

    async fn endpoints(&self) -> Result<&Endpoints, SignInError> {
        self.endpoints.find(&self.config).await
    }
}

fn refresh_token_of(response: &TokenResponse) -> Option<String> {
    response.refresh_token().map(|token| token.secret().clone())
}
