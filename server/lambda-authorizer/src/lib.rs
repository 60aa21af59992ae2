//! A Lambda authorizer for API Gateway that makes the same decisions as the site.
//!
//! It contains the events and responses of API Gateway, and the mapping from routes to
//! actions. `gazette-authorizer` verifies tokens, and the policy of `gazette-domain` decides.

mod error;
mod event;
mod lambda_authorizer;
mod resource;
mod response;
mod route;
mod settings;

pub use error::{AuthorizerError, SetupError};
pub use lambda_authorizer::{Clock, LambdaAuthorizer};
pub use response::ResponseFormat;
pub use settings::{Settings, SettingsError};
