//! The OIDC client: out to the hosted UI, a code for tokens on the way back, and fresh
//! tokens for as long as somebody stays.

mod endpoints;
mod wire;

use std::sync::Arc;

use gazette_authorizer::{Authorizer, IdTokenExpectations, TokenError, discover};
use gazette_domain::Identity;
use oauth2::basic::{
    BasicErrorResponse, BasicErrorResponseType, BasicRevocationErrorResponse,
    BasicTokenIntrospectionResponse, BasicTokenType,
};
use oauth2::{
    AuthType, AuthUrl, AuthorizationCode, Client, ClientId, ClientSecret, CsrfToken,
    EndpointNotSet, EndpointSet, ExtraTokenFields, PkceCodeChallenge, PkceCodeVerifier,
    RedirectUrl, RefreshToken, RequestTokenError, Scope, StandardRevocableToken,
    StandardTokenResponse, TokenResponse as _, TokenUrl,
};
use serde::{Deserialize, Serialize};
use tokio::sync::OnceCell;
use url::Url;

use self::endpoints::Endpoints;
use self::wire::{Wire, WireFault};

/// What the client is and where it may be sent back to.
#[derive(Clone)]
pub struct OidcClientConfig {
    /// The issuer.
    pub issuer: String,
    /// The app client.
    pub client_id: String,
    /// Its secret, when it has one.
    pub client_secret: Option<String>,
    /// The hosted UI's origin, when discovery is not to be asked.
    pub domain: Option<String>,
    /// This site's origin.
    pub public_url: String,
}

/// With whom a login was begun, as whom, and where it comes back to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Provider {
    issuer: String,
    client_id: String,
    redirect_uri: String,
}

/// Signs people in through the hosted UI.
pub struct OidcClient {
    config: OidcClientConfig,
    wire: Wire,
    authorizer: Arc<Authorizer>,
    endpoints: OnceCell<Endpoints>,
}

/// Why somebody is not signed in.
#[derive(Debug, thiserror::Error)]
pub enum SignInError {
    /// The pool does not answer (HTTP 503).
    #[error("the user pool cannot be reached: {0}")]
    Unreachable(String),
    /// The pool answers something that cannot be right (HTTP 502).
    #[error("the user pool answers wrongly: {0}")]
    WrongAnswer(String),
    /// The pool does not take the code or the refresh token (HTTP 400).
    #[error("the grant was not accepted")]
    GrantRefused,
    /// The pool does not take us or our request for what it should be (HTTP 502).
    #[error("the user pool refuses the request: {0}")]
    RequestRefused(String),
    /// The ID token is not good (HTTP 400, or 503 without keys).
    #[error("the ID token was refused: {0}")]
    Token(#[from] TokenError),
}

/// What Cognito adds to a token answer.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct IdTokenField {
    id_token: Option<String>,
}

impl ExtraTokenFields for IdTokenField {}

type TokenAnswer = StandardTokenResponse<IdTokenField, BasicTokenType>;
type CodeClient<Auth, Token> = Client<
    BasicErrorResponse,
    TokenAnswer,
    BasicTokenIntrospectionResponse,
    StandardRevocableToken,
    BasicRevocationErrorResponse,
    Auth,
    EndpointNotSet,
    EndpointNotSet,
    EndpointNotSet,
    Token,
>;

/// What a sign-in or a refresh has brought.
pub(crate) struct LoginTokens {
    /// Whom the ID token vouches for.
    pub(crate) identity: Identity,
    /// What gives fresh tokens; after a refresh only when the pool has replaced it.
    pub(crate) refresh_token: Option<String>,
}

/// What is to be remembered while the browser is at the hosted UI.
pub struct LoginRequest {
    /// Where to send the browser.
    pub url: Url,
    /// The secret behind the code challenge.
    pub pkce_verifier: String,
}

impl OidcClient {
    /// Makes a client; nothing is fetched yet.
    pub fn new(
        config: OidcClientConfig,
        authorizer: Arc<Authorizer>,
    ) -> Result<Self, reqwest::Error> {
        Ok(Self { config, wire: Wire::new()?, authorizer, endpoints: OnceCell::new() })
    }

    /// Who a login that begins now is begun with.
    pub(crate) fn provider(&self) -> Provider {
        Provider {
            issuer: self.config.issuer.clone(),
            client_id: self.config.client_id.clone(),
            redirect_uri: self.redirect_uri(),
        }
    }

    /// Whose tokens sign people in, and whether every answer of the hosted UI names them.
    pub(crate) async fn issuer(&self) -> Result<(&str, bool), SignInError> {
        Ok((&self.config.issuer, self.endpoints().await?.names_issuer))
    }

    /// The origin of the hosted UI, once it is known.
    pub fn hosted_ui_origin(&self) -> Option<String> {
        self.endpoints.get().map(|endpoints| endpoints.authorization.origin().ascii_serialization())
    }

    /// Finds out where the hosted UI is, if that is not known yet.
    pub async fn prepare(&self) -> Result<(), SignInError> {
        self.endpoints().await.map(drop)
    }

    /// Where to send a browser that wants to sign in.
    pub async fn begin_login(&self, state: &str, nonce: &str) -> Result<LoginRequest, SignInError> {
        let client = self.client().await?;
        let (challenge, verifier) = PkceCodeChallenge::new_random_sha256();
        let (url, _) = client
            .authorize_url(|| CsrfToken::new(state.to_owned()))
            .add_scopes(["openid", "email", "profile"].map(|scope| Scope::new(scope.to_owned())))
            .add_extra_param("nonce", nonce)
            .set_pkce_challenge(challenge)
            .url();
        Ok(LoginRequest { url, pkce_verifier: verifier.into_secret() })
    }

    /// Exchanges a code for tokens, once, and says who they vouch for.
    pub(crate) async fn complete_login(
        &self,
        code: String,
        pkce_verifier: String,
        nonce: &str,
        now: i64,
    ) -> Result<LoginTokens, SignInError> {
        let client = self.client().await?;
        let answer = client
            .exchange_code(AuthorizationCode::new(code))
            .set_pkce_verifier(PkceCodeVerifier::new(pkce_verifier))
            .request_async(&self.wire)
            .await
            .map_err(sign_in_error)?;
        self.tokens(&answer, Some(nonce), now).await
    }

    /// Asks for fresh tokens and says who they vouch for now.
    ///
    /// # Errors
    /// [`SignInError::GrantRefused`] alone says that the sign-in is over; anything else may pass.
    pub(crate) async fn refresh(
        &self,
        refresh_token: String,
        now: i64,
    ) -> Result<LoginTokens, SignInError> {
        let client = self.client().await?;
        let answer = client
            .exchange_refresh_token(&RefreshToken::new(refresh_token))
            .request_async(&self.wire)
            .await
            .map_err(sign_in_error)?;
        self.tokens(&answer, None, now).await
    }

    /// Has the pool forget a refresh token and all that came of it.
    pub(crate) async fn revoke(&self, refresh_token: &str) -> Result<(), SignInError> {
        let endpoints = self.endpoints().await?;
        let url = match &endpoints.revocation {
            Some(url) => url.clone(),
            None => endpoints
                .authorization
                .join("/oauth2/revoke")
                .map_err(|error| SignInError::WrongAnswer(error.to_string()))?,
        };
        let mut fields = vec![("token", refresh_token), ("client_id", &self.config.client_id)];
        fields.extend(self.config.client_secret.iter().map(|it| ("client_secret", it.as_str())));
        let status = self.wire.post_form(url, &fields).await;
        let status = status.map_err(|error| SignInError::Unreachable(error.to_string()))?;
        if status.is_success() {
            return Ok(());
        }
        Err(SignInError::RequestRefused(format!("revoking was answered with {status}")))
    }

    /// Where to send a browser so that the hosted UI forgets it too (Cognito's `/logout`).
    pub async fn sign_out_url(&self) -> Result<Url, SignInError> {
        let endpoints = self.endpoints().await?;
        let mut url = match &endpoints.end_session {
            Some(url) => url.clone(),
            // Pools described this endpoint only since 2024; it always stood beside the others.
            None => endpoints.authorization.join("/logout").map_err(|error| {
                SignInError::WrongAnswer(format!("no address for signing out: {error}"))
            })?,
        };
        url.query_pairs_mut()
            .append_pair("client_id", &self.config.client_id)
            .append_pair("logout_uri", &format!("{}/", self.config.public_url));
        Ok(url)
    }

    async fn tokens(
        &self,
        answer: &TokenAnswer,
        nonce: Option<&str>,
        now: i64,
    ) -> Result<LoginTokens, SignInError> {
        let Some(id_token) = &answer.extra_fields().id_token else {
            return Err(SignInError::WrongAnswer("there is no ID token in it".to_owned()));
        };
        let expected = IdTokenExpectations {
            client_id: &self.config.client_id,
            nonce,
            access_token: Some(answer.access_token().secret()),
        };
        let identity = self.authorizer.verify_id_token(id_token, &expected, now).await?;
        let refresh_token = answer.refresh_token().map(|token| token.secret().clone());
        Ok(LoginTokens { identity, refresh_token })
    }

    fn redirect_uri(&self) -> String {
        format!("{}/auth/callback", self.config.public_url)
    }

    async fn client(&self) -> Result<CodeClient<EndpointSet, EndpointSet>, SignInError> {
        let endpoints = self.endpoints().await?.clone();
        let redirect = RedirectUrl::new(self.redirect_uri())
            .map_err(|error| SignInError::WrongAnswer(error.to_string()))?;
        let client = CodeClient::new(ClientId::new(self.config.client_id.clone()))
            .set_auth_uri(AuthUrl::from_url(endpoints.authorization))
            .set_token_uri(TokenUrl::from_url(endpoints.token))
            .set_redirect_uri(redirect)
            // Cognito does not form-decode Basic credentials, so a secret with a `+` only
            // survives in the body.
            .set_auth_type(AuthType::RequestBody);
        Ok(match &self.config.client_secret {
            Some(secret) => client.set_client_secret(ClientSecret::new(secret.clone())),
            None => client,
        })
    }

    async fn endpoints(&self) -> Result<&Endpoints, SignInError> {
        self.endpoints
            .get_or_try_init(|| async {
                if let Some(domain) = &self.config.domain {
                    return Endpoints::on(domain);
                }
                let discovered = discover(&self.config.issuer).await;
                discovered
                    .map(Endpoints::from)
                    .map_err(|error| SignInError::Unreachable(error.to_string()))
            })
            .await
    }
}

fn sign_in_error(error: RequestTokenError<WireFault, BasicErrorResponse>) -> SignInError {
    match error {
        RequestTokenError::ServerResponse(answer) => match answer.error() {
            BasicErrorResponseType::InvalidGrant => SignInError::GrantRefused,
            BasicErrorResponseType::Extension(name) if name == "server_error" => {
                SignInError::Unreachable(name.clone())
            }
            other => SignInError::RequestRefused(other.to_string()),
        },
        RequestTokenError::Request(WireFault::Request(fault)) => {
            // Its text would name the address with its query.
            SignInError::Unreachable(fault.without_url().to_string())
        }
        RequestTokenError::Request(fault) => SignInError::WrongAnswer(fault.to_string()),
        RequestTokenError::Parse(fault, _) => {
            SignInError::WrongAnswer(format!("it cannot be read: {}", fault.inner()))
        }
        RequestTokenError::Other(reason) => SignInError::WrongAnswer(reason),
    }
}
