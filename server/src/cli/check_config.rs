//! Prints the configuration, with secrets redacted, and the addresses to register at the pool.

use super::output::print_line;
use crate::config::{ActivePool, Config};

pub(super) fn run(config: &Config) {
    let public_url = config.listen.public_url(config.listen.addr());
    print_line(format_args!("address          {}", config.listen.addr()));
    print_line(format_args!("public url       {public_url}"));
    print_line(format_args!("title            {}", config.listen.title));
    print_line(format_args!("store            {}", config.store.describe()));
    print_pool(config);
    let uses: Vec<&str> = config.tokens.token_uses.iter().map(|kind| kind.as_str()).collect();
    print_line(format_args!("bearer tokens    {}", uses.join(",")));
    for required in &config.tokens.required_scopes {
        print_line(format_args!("required scope   {required}"));
    }
    print_line(format_args!("clock skew       {} seconds", config.tokens.clock_skew_seconds));
    let (idle, absolute) = (config.session.idle_seconds / 60, config.session.absolute_seconds / 60);
    print_line(format_args!("sessions         {idle} minutes idle, {absolute} minutes in total"));
    print_line(format_args!("callback url     {public_url}/auth/callback"));
    print_line(format_args!("sign-out url     {public_url}/"));
}

fn print_pool(config: &Config) {
    match config.pool.active() {
        ActivePool::Embedded(pool) => {
            let names: Vec<&str> = pool.users.iter().map(|user| user.name.as_str()).collect();
            print_line(format_args!("pool             embedded, on {}", pool.addr));
            print_line(format_args!("pool users       {} (passwords redacted)", names.join(", ")));
        }
        ActivePool::Cognito(cognito) => {
            let secret = if cognito.client_secret.is_some() { "redacted" } else { "none" };
            print_line(format_args!("pool             cognito, {}", cognito.issuer()));
            print_line(format_args!("client           {} (secret: {secret})", cognito.client_id()));
        }
    }
}
