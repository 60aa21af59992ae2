//! From API Gateway's question to its answer.

use std::sync::Arc;

use gazette_authorizer::{
    Authorizer, ConfigError, KeyError, KeySource, KeySourceOptions, TokenError, bearer_token,
};
use gazette_domain::{Caller, Identity, Policy};
use lambda_runtime::Diagnostic;
use serde_json::{Value, to_value};

use crate::answer::{self, AnswerForm};
use crate::question::Question;
use crate::resource::ResourceName;
use crate::route::action_of;
use crate::settings::Settings;

/// Seconds since the Unix epoch.
pub type Clock = Box<dyn Fn() -> i64 + Send + Sync>;

/// Answers API Gateway.
pub struct LambdaAuthorizer {
    authorizer: Authorizer,
    keys: Arc<KeySource>,
    policy: Policy,
    form: AnswerForm,
    clock: Clock,
}

/// Why a face could not be made.
#[derive(Debug, thiserror::Error)]
pub enum FaceError {
    /// The settings would accept nothing, or too much.
    #[error(transparent)]
    Settings(#[from] ConfigError),
    /// The keys cannot be asked for.
    #[error(transparent)]
    Keys(#[from] KeyError),
    /// The issuer is no address.
    #[error("the issuer is no address")]
    Issuer(#[from] url::ParseError),
}

/// Why there is no answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Failure {
    /// Nobody is signed in. API Gateway answers 401 to this very word, and 500 to any other.
    #[error("Unauthorized")]
    Unauthorized,
    /// Nothing can be said about the token yet, which must not look like a token_error.
    #[error("the user pool's keys are not there yet")]
    KeysUnavailable,
    /// What came is no question of an authorizer.
    #[error("this is no question of an API Gateway authorizer")]
    NoQuestion,
}

impl LambdaAuthorizer {
    /// Makes a face; it has no keys yet.
    ///
    /// # Errors
    /// When the settings would accept nothing, or too much.
    pub fn new(settings: Settings, clock: Clock) -> Result<Self, FaceError> {
        let jwks_url = format!("{}/.well-known/jwks.json", settings.authorizer.issuer).parse()?;
        let keys = Arc::new(KeySource::new(jwks_url, KeySourceOptions::default())?);
        let authorizer = Authorizer::new(settings.authorizer, Arc::clone(&keys))?;
        Ok(Self { authorizer, keys, policy: settings.policy, form: settings.form, clock })
    }

    /// Fetches the keys before the first question, so that it need not wait.
    pub async fn wake(&self) {
        self.keys.refresh_if_due().await;
    }

    /// Answers one event.
    ///
    /// # Errors
    /// [`Failure::Unauthorized`] for 401; a signed-in caller who may not is no error but a
    /// denial, which API Gateway answers with 403.
    pub async fn answer(&self, event: Value) -> Result<Value, Failure> {
        let question = Question::read(event).ok_or(Failure::NoQuestion)?;
        let resource = ResourceName::parse(&question.resource).ok_or(Failure::NoQuestion)?;
        // The function sleeps between questions, so nothing refreshes the keys meanwhile.
        self.keys.refresh_if_due().await;
        let identity = self.identify(&question).await?;
        let caller = Caller::SignedIn(identity.clone());
        let claims = identity.claims();
        let answer = match self.form {
            AnswerForm::Policy => to_value(answer::policy(&self.policy, &caller, claims, resource)),
            AnswerForm::Simple => to_value(answer::simple(self.allows(&caller, &question), claims)),
        };
        answer.map_err(|_| Failure::NoQuestion)
    }

    async fn identify(&self, question: &Question) -> Result<Identity, Failure> {
        let verified = match bearer_token(question.authorization()) {
            None => {
                tracing::info!(reason = "deny.not-signed-in", "denied");
                return Err(Failure::Unauthorized);
            }
            Some(Ok(token)) => self.authorizer.verify_bearer(token, (self.clock)()).await,
            Some(Err(token_error)) => Err(token_error),
        };
        verified.map_err(|token_error| {
            tracing::info!(reason = "deny.not-signed-in", token = token_error.code(), "denied");
            match token_error {
                TokenError::KeysUnavailable => Failure::KeysUnavailable,
                _ => Failure::Unauthorized,
            }
        })
    }

    /// Whether the one route may be used. Without a policy, what is said of one route would
    /// be remembered for all, unless the route is one of the identity sources.
    fn allows(&self, caller: &Caller, question: &Question) -> bool {
        let Some(key) = &question.own_route_key else {
            tracing::warn!("$context.routeKey must be an identity source for simple answers");
            return false;
        };
        let Some(action) = action_of(key) else {
            tracing::warn!(route = key, "the route is none of the site's, or more than one");
            return false;
        };
        let reason = self.policy.decide(caller, action);
        let (action, allowed) = (action.as_str(), reason.is_allowed());
        tracing::info!(action, allowed, reason = reason.as_str(), "decided");
        allowed
    }
}

impl From<Failure> for Diagnostic {
    fn from(failure: Failure) -> Self {
        let error_type = match failure {
            Failure::Unauthorized => "Unauthorized",
            Failure::KeysUnavailable => "KeysUnavailable",
            Failure::NoQuestion => "NoQuestion",
        };
        Self { error_type: error_type.to_owned(), error_message: failure.to_string() }
    }
}
