//! The user pool that signs people in: the embedded one or Amazon Cognito.

use clap::{Args, ValueEnum};

use super::cognito::CognitoConfig;
use super::embedded_pool::EmbeddedPoolConfig;
use super::error::SettingErrors;
use super::listen::ListenConfig;

/// The user pool that signs people in.
#[derive(Args, Clone, Debug)]
pub struct PoolConfig {
    /// User pool: embedded or cognito.
    #[arg(
        id = "pool",
        long = "pool",
        env = "GAZETTE_POOL",
        value_name = "KIND",
        default_value = "embedded"
    )]
    kind: PoolKind,
    #[command(flatten)]
    embedded: EmbeddedPoolConfig,
    #[command(flatten)]
    cognito: CognitoConfig,
}

/// The user pool in use, with its settings.
#[derive(Clone, Copy, Debug)]
pub enum ActivePool<'a> {
    /// Pool in this process.
    Embedded(&'a EmbeddedPoolConfig),
    /// Pool of Amazon Cognito.
    Cognito(&'a CognitoConfig),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum PoolKind {
    Embedded,
    Cognito,
}

impl PoolConfig {
    /// Returns the user pool in use, with its settings.
    pub fn active(&self) -> ActivePool<'_> {
        match self.kind {
            PoolKind::Embedded => ActivePool::Embedded(&self.embedded),
            PoolKind::Cognito => ActivePool::Cognito(&self.cognito),
        }
    }

    pub(super) fn check(&self, listen: &ListenConfig, errors: &mut SettingErrors) {
        match self.kind {
            PoolKind::Embedded => {
                self.cognito.check_unused(errors);
                if listen.is_https() {
                    // Its sign-in page is on loopback, where no reader of the site can open it.
                    let message = "is embedded, which is for this machine only; a site with an \
                                   https origin needs cognito";
                    errors.add_once("GAZETTE_POOL", message);
                }
            }
            PoolKind::Cognito => {
                self.embedded.check_unused(errors);
                self.cognito.check(listen, errors);
            }
        }
    }
}
