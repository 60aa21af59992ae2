//! The Lambda face of the authorizer: API Gateway asks, and is answered with what the same
//! code decides that guards the site itself.
//!
//! Here live the shapes of API Gateway's questions and answers, and which of its routes
//! belongs to which action. Who somebody is says `gazette-authorizer`, what they may do the
//! policy of `gazette-domain`.

mod answer;
mod lambda_authorizer;
mod question;
mod resource;
mod route;
mod settings;

pub use answer::AnswerForm;
pub use lambda_authorizer::{Clock, Failure, LambdaAuthorizer};
pub use settings::{Settings, SettingsError};
