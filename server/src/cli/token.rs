//! Explains a bearer token: each check, and what its bearer may do.

use std::io::Read as _;

use anyhow::{Context as _, Result, bail};
use gazette_authorizer::{Authorizer, Check, Step, TokenError};
use gazette_domain::{Action, Caller, Identity, Policy, TokenUse};
use jiff::Timestamp;

use super::arguments::TokenCommand;
use super::output::say;
use super::secret_input::ask;
use super::unproven::show_unproven;
use crate::application::bearer_authorizer;
use crate::clock::Clock;
use crate::config::Config;

/// More than any token, so that a wrong file is not read to its end.
const MAX_INPUT_BYTES: u64 = 64 * 1024;

pub(super) async fn run(config: &Config, command: TokenCommand) -> Result<()> {
    let TokenCommand::Verify { token } = command;
    let token = match token {
        Some(token) => token,
        None => read_token()?,
    };
    let token = token.trim();
    // What was copied from a header may still carry its scheme.
    let token = token.strip_prefix("Bearer ").unwrap_or(token);
    if token.is_empty() {
        bail!("no token was given, neither as an argument nor on stdin");
    }
    let (authorizer, keys) = bearer_authorizer(config)?;
    if let Err(error) = keys.refresh().await {
        say(format_args!("the pool's keys cannot be had ({error}); is the pool running?"));
    }
    let now = Clock::system().now().as_second();
    let outcome = authorizer.verify_bearer(token, now).await;
    show_verdict(outcome.as_ref(), now);
    show_expectations(&authorizer);
    show_checks(outcome.as_ref().err().copied());
    match outcome {
        Ok(identity) => {
            show_identity(&identity);
            say("It allows");
            show_decisions(&config.tokens.policy, &Caller::SignedIn(identity));
            Ok(())
        }
        Err(token_error) => {
            show_unproven(token, token_error, now);
            say("It allows no more than no token at all");
            show_decisions(&config.tokens.policy, &Caller::Anonymous);
            bail!("the token is not accepted: {token_error} ({})", token_error.code())
        }
    }
}

fn read_token() -> Result<String> {
    if let Some(token) = ask("token")? {
        return Ok(token);
    }
    let mut token = String::new();
    let input = std::io::stdin().lock().take(MAX_INPUT_BYTES).read_to_string(&mut token);
    input.context("the token cannot be read from stdin")?;
    Ok(token)
}

fn show_verdict(outcome: Result<&Identity, &TokenError>, now: i64) {
    match outcome {
        Ok(identity) => {
            let claims = identity.claims();
            let minutes = (claims.expires_at - now) / 60;
            say(format_args!("ACCEPTED: {}, for another {minutes} minutes", claims.username));
        }
        Err(token_error) => say(format_args!("REFUSED: {token_error} ({})", token_error.code())),
    }
}

/// What the checks compare with, all of it configuration.
fn show_expectations(authorizer: &Authorizer) {
    let config = authorizer.config();
    let uses: Vec<&str> = config.token_uses.iter().copied().map(TokenUse::as_str).collect();
    say("It must be");
    say(format_args!("  issued by    {}", config.issuer));
    say(format_args!("  for client   {}", config.client_ids.join(" or ")));
    say(format_args!("  of the use   {}", uses.join(" or ")));
    say(format_args!("  in time      give or take {} seconds", config.clock_skew_seconds));
}

fn show_checks(token_error: Option<TokenError>) {
    say("Checks");
    // A bearer token answers no sign-in, so there is nothing of that kind to check.
    let steps = Check::steps(token_error).filter(|(check, _)| *check != Check::SignIn);
    for (check, step) in steps {
        let question = check.description();
        match step {
            Step::Passed => say(format_args!("  passed       {question}")),
            Step::Failed(token_error) => {
                say(format_args!(
                    "  FAILED       {question}: {token_error} ({})",
                    token_error.code()
                ));
            }
            Step::NotReached => say(format_args!("  not reached  {question}")),
        }
    }
}

fn show_identity(identity: &Identity) {
    let claims = identity.claims();
    let until = Timestamp::from_second(claims.expires_at);
    let until = until.map_or_else(|_| "never".to_owned(), |until| until.to_string());
    say("Its bearer");
    say(format_args!("  username     {}", claims.username));
    say(format_args!("  sub          {}", claims.sub));
    say(format_args!("  groups       {}", or_none(&claims.groups.join(", "))));
    say(format_args!("  scope        {}", or_none(&claims.scope)));
    say(format_args!("  token use    {}", claims.token_use.as_str()));
    say(format_args!("  good until   {until}"));
}

fn or_none(text: &str) -> &str {
    if text.is_empty() { "none" } else { text }
}

fn show_decisions(policy: &Policy, caller: &Caller) {
    for action in Action::ALL {
        let reason = policy.decide(caller, action);
        let answer = if reason.is_allowed() { "allowed" } else { "denied" };
        say(format_args!("  {answer:<12} {} ({})", action.as_str(), reason.as_str()));
    }
}
