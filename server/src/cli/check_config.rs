//! Shows what is configured, with secrets redacted, and what to register at the pool.

use super::output::say;
use crate::config::{Config, Engine, PoolConfig};

pub(super) fn run(config: &Config) {
    let public_url = config.listen.public_url(config.listen.addr);
    say(format_args!("address          {}", config.listen.addr));
    say(format_args!("public url       {public_url}"));
    say(format_args!("title            {}", config.listen.title));
    match &config.store.engine {
        Engine::Embedded => {
            say(format_args!("store            embedded, in {}", config.store.file().display()));
        }
        Engine::DynamoDb { table } => say(format_args!("store            dynamodb, table {table}")),
    }
    match &config.pool {
        PoolConfig::Embedded { addr, users, .. } => {
            let names: Vec<&str> = users.iter().map(|user| user.name.as_str()).collect();
            say(format_args!("pool             embedded, on {addr}"));
            say(format_args!("pool users       {} (passwords redacted)", names.join(", ")));
        }
        PoolConfig::Cognito(cognito) => {
            let secret = if cognito.client_secret.is_some() { "redacted" } else { "none" };
            say(format_args!("pool             cognito, {}", cognito.issuer));
            say(format_args!("client           {} (secret: {secret})", cognito.client_id));
        }
    }
    let uses: Vec<&str> = config.tokens.token_uses.iter().map(|kind| kind.as_str()).collect();
    say(format_args!("bearer tokens    {}", uses.join(",")));
    for required in config.tokens.policy.required_scopes() {
        say(format_args!("required scope   {required}"));
    }
    say(format_args!("clock skew       {} seconds", config.tokens.clock_skew_seconds));
    let (idle, absolute) = (config.session.idle_seconds / 60, config.session.absolute_seconds / 60);
    say(format_args!("sessions         {idle} idle minutes, {absolute} in all"));
    say(format_args!("callback url     {public_url}/auth/callback"));
    say(format_args!("sign-out url     {public_url}/"));
}
