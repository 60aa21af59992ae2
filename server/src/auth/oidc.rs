//! The OIDC client: out to the hosted UI, and a code for tokens on the way back.

use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use gazette_authorizer::{Authorizer, Discovery, IdTokenExpectations, Refusal, discover};
use gazette_domain::Identity;
use oauth2::basic::{
    BasicErrorResponse, BasicRevocationErrorResponse, BasicTokenIntrospectionResponse,
    BasicTokenType,
};
use oauth2::{
    AsyncHttpClient, AuthType, AuthUrl, AuthorizationCode, Client, ClientId, ClientSecret,
    CsrfToken, EndpointNotSet, EndpointSet, ExtraTokenFields, HttpRequest, HttpResponse,
    PkceCodeChallenge, PkceCodeVerifier, RedirectUrl, RequestTokenError, Scope,
    StandardRevocableToken, StandardTokenResponse, TokenResponse as _, TokenUrl,
};
use serde::{Deserialize, Serialize};
use tokio::sync::OnceCell;
use url::Url;

/// The largest answer of the token endpoint that is read, in bytes (OAU-08).
const MAX_ANSWER_BYTES: usize = 64 * 1024;

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

/// Signs people in through the hosted UI.
pub struct OidcClient {
    config: OidcClientConfig,
    wire: Wire,
    authorizer: Arc<Authorizer>,
    endpoints: OnceCell<Endpoints>,
}

/// Where the hosted UI is.
#[derive(Clone, Debug)]
struct Endpoints {
    authorization: Url,
    token: Url,
    end_session: Option<Url>,
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
    /// The pool does not take the code (HTTP 400).
    #[error("the code was not accepted: {0}")]
    CodeRefused(String),
    /// The ID token is not good (HTTP 400, or 503 without keys).
    #[error("the ID token was refused: {0}")]
    Token(#[from] Refusal),
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

/// What is to be remembered while the browser is at the hosted UI.
pub struct Departure {
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
        let http = reqwest::Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .connect_timeout(Duration::from_secs(2))
            .timeout(Duration::from_secs(5))
            .no_proxy()
            .build()?;
        Ok(Self { config, wire: Wire(http), authorizer, endpoints: OnceCell::new() })
    }

    /// Whose tokens sign people in.
    pub(crate) fn issuer(&self) -> &str {
        &self.config.issuer
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
    pub async fn depart(&self, state: &str, nonce: &str) -> Result<Departure, SignInError> {
        let client = self.client().await?;
        let (challenge, verifier) = PkceCodeChallenge::new_random_sha256();
        let (url, _) = client
            .authorize_url(|| CsrfToken::new(state.to_owned()))
            .add_scopes(["openid", "email", "profile"].map(|scope| Scope::new(scope.to_owned())))
            .add_extra_param("nonce", nonce)
            .set_pkce_challenge(challenge)
            .url();
        Ok(Departure { url, pkce_verifier: verifier.into_secret() })
    }

    /// Exchanges a code for tokens, once, and says who they vouch for.
    pub async fn arrive(
        &self,
        code: String,
        pkce_verifier: String,
        nonce: &str,
        now: i64,
    ) -> Result<Identity, SignInError> {
        let client = self.client().await?;
        let answer = client
            .exchange_code(AuthorizationCode::new(code))
            .set_pkce_verifier(PkceCodeVerifier::new(pkce_verifier))
            .request_async(&self.wire)
            .await
            .map_err(sign_in_error)?;
        let Some(id_token) = &answer.extra_fields().id_token else {
            return Err(SignInError::WrongAnswer("there is no ID token in it".to_owned()));
        };
        let expected = IdTokenExpectations {
            client_id: &self.config.client_id,
            nonce: Some(nonce),
            access_token: Some(answer.access_token().secret()),
        };
        Ok(self.authorizer.verify_id_token(id_token, &expected, now).await?)
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

    async fn client(&self) -> Result<CodeClient<EndpointSet, EndpointSet>, SignInError> {
        let endpoints = self.endpoints().await?.clone();
        let redirect = RedirectUrl::new(format!("{}/auth/callback", self.config.public_url))
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

impl Endpoints {
    /// Cognito's endpoints under the hosted UI's origin.
    fn on(domain: &str) -> Result<Self, SignInError> {
        let at = |path: &str| {
            Url::parse(&format!("{domain}{path}"))
                .map_err(|error| SignInError::WrongAnswer(error.to_string()))
        };
        Ok(Self {
            authorization: at("/oauth2/authorize")?,
            token: at("/oauth2/token")?,
            end_session: Some(at("/logout")?),
        })
    }
}

impl From<Discovery> for Endpoints {
    fn from(discovery: Discovery) -> Self {
        Self {
            authorization: discovery.authorization_endpoint,
            token: discovery.token_endpoint,
            end_session: discovery.end_session_endpoint,
        }
    }
}

/// The HTTP client as the `oauth2` crate takes it.
struct Wire(reqwest::Client);

impl<'c> AsyncHttpClient<'c> for Wire {
    type Error = WireFault;
    type Future = Pin<Box<dyn Future<Output = Result<HttpResponse, WireFault>> + Send + 'c>>;

    fn call(&'c self, request: HttpRequest) -> Self::Future {
        Box::pin(send(&self.0, request))
    }
}

/// What can go wrong on the wire.
#[derive(Debug, thiserror::Error)]
enum WireFault {
    #[error("{0}")]
    Request(#[from] reqwest::Error),
    #[error("the answer has more than {MAX_ANSWER_BYTES} bytes")]
    TooLarge,
    #[error("{0}")]
    Http(#[from] http::Error),
}

/// Sends one request and reads a bounded answer; no redirects, no second attempt.
async fn send(http: &reqwest::Client, request: HttpRequest) -> Result<HttpResponse, WireFault> {
    let request = reqwest::Request::try_from(request)?;
    let mut answer = http.execute(request).await?;
    let mut builder = http::Response::builder().status(answer.status());
    for (name, value) in answer.headers() {
        builder = builder.header(name, value);
    }
    let mut body = Vec::new();
    while let Some(chunk) = answer.chunk().await? {
        if body.len() + chunk.len() > MAX_ANSWER_BYTES {
            return Err(WireFault::TooLarge);
        }
        body.extend_from_slice(&chunk);
    }
    Ok(builder.body(body)?)
}

fn sign_in_error(error: RequestTokenError<WireFault, BasicErrorResponse>) -> SignInError {
    match error {
        RequestTokenError::ServerResponse(answer) => {
            SignInError::CodeRefused(answer.error().to_string())
        }
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
