//! The only place that reads the environment. One small file per concern;
//! every fault is reported, all at once, by the name of its variable.

mod fault;
mod listen;
mod load;
mod log;
mod network;
mod pool;
mod session;
mod settings;
mod store;
mod tokens;

pub use fault::{ConfigError, Fault};
pub use listen::ListenConfig;
pub use load::{Config, load};
pub use log::{LogConfig, LogFormat};
pub use pool::{CognitoConfig, PoolConfig, PoolUser};
pub use session::{SessionConfig, SessionKey};
pub use settings::Settings;
pub use store::{Engine, StoreConfig};
pub use tokens::TokenConfig;
