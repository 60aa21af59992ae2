//! Handles an event: verifies the token and decides.

use std::sync::Arc;

use gazette_authorizer::{Authorizer, KeySource, KeySourceOptions, TokenError, bearer_token};
use gazette_domain::{Caller, Identity, Policy};
use serde_json::{Value, to_value};

use crate::error::{AuthorizerError, SetupError};
use crate::event::AuthorizerEvent;
use crate::resource::ResourceArn;
use crate::response::{self, ResponseFormat};
use crate::route::action_of;
use crate::settings::Settings;

/// Returns the current time in seconds since the Unix epoch.
pub type Clock = Box<dyn Fn() -> i64 + Send + Sync>;

/// Authorizes requests for API Gateway.
pub struct LambdaAuthorizer {
    authorizer: Authorizer,
    keys: Arc<KeySource>,
    policy: Policy,
    format: ResponseFormat,
    clock: Clock,
}

impl LambdaAuthorizer {
    /// Creates an authorizer that has no keys yet.
    ///
    /// # Errors
    /// When the settings would accept no tokens, or too many.
    pub fn new(settings: Settings, clock: Clock) -> Result<Self, SetupError> {
        let jwks_url = format!("{}/.well-known/jwks.json", settings.authorizer.issuer).parse()?;
        let keys = Arc::new(KeySource::new(jwks_url, KeySourceOptions::default())?);
        let authorizer = Authorizer::new(settings.authorizer, Arc::clone(&keys))?;
        Ok(Self { authorizer, keys, policy: settings.policy, format: settings.format, clock })
    }

    /// Fetches the keys before the first event, which then need not wait for them.
    pub async fn prefetch_keys(&self) {
        self.keys.refresh_if_due().await;
    }

    /// Handles one event.
    ///
    /// # Errors
    /// [`AuthorizerError::Unauthorized`] for 401. A caller with a valid token but without
    /// permission gets a response that denies, which API Gateway maps to 403.
    pub async fn handle(&self, event: Value) -> Result<Value, AuthorizerError> {
        let event = AuthorizerEvent::parse(event).ok_or(AuthorizerError::InvalidEvent)?;
        let resource = ResourceArn::parse(&event.resource).ok_or(AuthorizerError::InvalidEvent)?;
        // No background task can refresh the keys, because the function is frozen between events.
        self.keys.refresh_if_due().await;
        let identity = self.identify(&event).await?;
        let caller = Caller::SignedIn(identity.clone());
        let claims = identity.claims();
        let response = match self.format {
            ResponseFormat::Policy => {
                to_value(response::policy(&self.policy, &caller, claims, resource))
            }
            ResponseFormat::Simple => {
                to_value(response::simple(self.is_allowed(&caller, &event), claims))
            }
        };
        response.map_err(|_| AuthorizerError::InvalidEvent)
    }

    async fn identify(&self, event: &AuthorizerEvent) -> Result<Identity, AuthorizerError> {
        let verified = match bearer_token(event.authorization()) {
            None => {
                tracing::info!(reason = "deny.not-signed-in", "denied");
                return Err(AuthorizerError::Unauthorized);
            }
            Some(Ok(token)) => self.authorizer.verify_bearer(token, (self.clock)()).await,
            Some(Err(error)) => Err(error),
        };
        verified.map_err(|error| {
            tracing::info!(reason = "deny.not-signed-in", token = error.code(), "denied");
            match error {
                TokenError::KeysUnavailable => AuthorizerError::KeysUnavailable,
                _ => AuthorizerError::Unauthorized,
            }
        })
    }

    /// Decides on the route of the event. A simple response is cached for all routes unless the
    /// route is an identity source, so anything else is denied.
    fn is_allowed(&self, caller: &Caller, event: &AuthorizerEvent) -> bool {
        let Some(key) = &event.cacheable_route_key else {
            tracing::warn!(
                "simple responses need the identity sources $request.header.Authorization and \
                 $context.routeKey, in this order"
            );
            return false;
        };
        let Some(action) = action_of(key) else {
            tracing::warn!(route = key, "the route belongs to no action, or to more than one");
            return false;
        };
        let reason = self.policy.decide(caller, action);
        let (action, allowed) = (action.as_str(), reason.is_allowed());
        tracing::info!(action, allowed, reason = reason.as_str(), "decided");
        allowed
    }
}
