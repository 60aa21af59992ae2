//! The configuration, the only part that reads the environment.
//!
//! A setting is a field of the struct of its concern. The field declares the flag, the
//! environment variable, the default and the help text; the name in the TOML file is that of the
//! variable.

mod api_keys;
mod cognito;
mod connections;
mod embedded_pool;
mod error;
mod images;
mod introspection;
mod kubernetes;
mod lambda;
mod listen;
mod load;
mod locale;
mod log;
mod merge;
mod network;
#[cfg(feature = "otel")]
mod otlp;
mod parse;
mod pool;
mod pool_client;
mod rate_limits;
mod redacted;
mod session;
mod settings;
mod store;
mod tables;
mod tokens;
mod variables;

pub use api_keys::{ApiKey, ApiKeyConfig};
pub use cognito::{CognitoConfig, KeyLocation};
pub use connections::ConnectionConfig;
pub use embedded_pool::EmbeddedPoolConfig;
pub use error::{SettingError, SettingErrors};
pub use images::{Bucket, ImageConfig};
pub use lambda::lambda_runtime_api;
pub use listen::ListenConfig;
pub use load::{add_flags, given_flags, load};
pub use locale::LocaleConfig;
pub use log::{LogConfig, LogFormat};
pub use network::{MaxQueueDelay, MetricsAddr, NetworkConfig};
#[cfg(feature = "otel")]
pub use otlp::OtlpConfig;
pub use pool::{ActivePool, PoolConfig};
pub use rate_limits::{Rate, RateLimit, RateLimits, TrafficClass};
pub use redacted::Redacted;
pub use session::{SessionConfig, SessionKey};
pub use settings::Config;
pub use store::{Engine, StoreConfig};
pub use tokens::TokenConfig;
pub use variables::{Variables, aws_endpoint, cognito_endpoint, s3_endpoint};
