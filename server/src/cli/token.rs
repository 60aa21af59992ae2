//! Explains a bearer token: each check, and what it allows.

use std::io::Read as _;

use anyhow::{Context as _, Result, bail};
use gazette_authorizer::{Authorizer, Check, Step, TokenError};
use gazette_domain::{Action, Caller, Identity, Policy, TokenUse};
use jiff::Timestamp;

use super::arguments::TokenCommand;
use super::output::print_line;
use super::prompt::prompt_secret;
use super::unverified_claims::print_unverified_claims;
use crate::application::bearer_authorizer;
use crate::clock::Clock;
use crate::config::Config;
use crate::error_causes::with_causes;

/// Larger than any token; keeps a wrong file from being read to its end.
const MAX_INPUT_BYTES: u64 = 64 * 1024;

pub(super) async fn run(config: &Config, command: TokenCommand) -> Result<()> {
    let TokenCommand::Verify { token } = command;
    let token = match token {
        Some(token) => token,
        None => read_token()?,
    };
    let token = token.trim();
    // A token copied from a header may have its scheme in front.
    let token = token.strip_prefix("Bearer ").unwrap_or(token);
    if token.is_empty() {
        bail!("no token given, neither as an argument nor on stdin");
    }
    let (authorizer, keys) = bearer_authorizer(config)?;
    if let Err(error) = keys.refresh().await {
        let error = with_causes(&error);
        print_line(format_args!("cannot fetch the keys of the pool ({error}); is it running?"));
    }
    let now = Clock::system().now().as_second();
    let outcome = authorizer.verify_bearer(token, now).await;
    print_verdict(outcome.as_ref(), now);
    print_expectations(&authorizer);
    print_checks(outcome.as_ref().err().copied());
    match outcome {
        Ok(identity) => {
            print_identity(&identity);
            print_line("Decisions");
            print_decisions(&config.tokens.policy(), &Caller::SignedIn(identity));
            Ok(())
        }
        Err(token_error) => {
            print_unverified_claims(token, token_error, now);
            print_line("Decisions (the same as without a token)");
            print_decisions(&config.tokens.policy(), &Caller::Anonymous);
            bail!("the token is not accepted: {token_error} ({})", token_error.code())
        }
    }
}

fn read_token() -> Result<String> {
    if let Some(token) = prompt_secret("token")? {
        return Ok(token);
    }
    let mut token = String::new();
    let input = std::io::stdin().lock().take(MAX_INPUT_BYTES).read_to_string(&mut token);
    input.context("cannot read the token from stdin")?;
    Ok(token)
}

fn print_verdict(outcome: Result<&Identity, &TokenError>, now: i64) {
    match outcome {
        Ok(identity) => {
            let claims = identity.claims();
            let minutes = (claims.expires_at - now) / 60;
            print_line(format_args!("ACCEPTED: {}, expires in {minutes} minutes", claims.username));
        }
        Err(token_error) => {
            print_line(format_args!("REFUSED: {token_error} ({})", token_error.code()));
        }
    }
}

/// Prints the configured values that the checks compare with.
fn print_expectations(authorizer: &Authorizer) {
    let config = authorizer.config();
    let uses: Vec<&str> = config.token_uses.iter().copied().map(TokenUse::as_str).collect();
    print_line("Required");
    print_line(format_args!("  issuer       {}", config.issuer));
    print_line(format_args!("  client       {}", config.client_ids.join(" or ")));
    for role in &config.client_roles {
        print_line(format_args!("  or itself    {role} (client credentials)"));
    }
    print_line(format_args!("  token use    {}", uses.join(" or ")));
    if let Some(resource) = &config.resource {
        print_line(format_args!("  resource     {resource} (only if the token has aud)"));
    }
    print_line(format_args!("  clock skew   {} seconds", config.clock_skew_seconds));
}

fn print_checks(token_error: Option<TokenError>) {
    print_line("Checks");
    // A bearer token does not come from a sign-in of this site.
    let steps = Check::steps(token_error).filter(|(check, _)| *check != Check::SignIn);
    for (check, step) in steps {
        let description = check.description();
        match step {
            Step::Passed => print_line(format_args!("  passed       {description}")),
            Step::Failed(token_error) => {
                print_line(format_args!(
                    "  FAILED       {description}: {token_error} ({})",
                    token_error.code()
                ));
            }
            Step::NotReached => print_line(format_args!("  not reached  {description}")),
        }
    }
}

fn print_identity(identity: &Identity) {
    let claims = identity.claims();
    let until = Timestamp::from_second(claims.expires_at);
    let until = until.map_or_else(|_| "never".to_owned(), |until| until.to_string());
    print_line("Claims");
    print_line(format_args!("  username     {}", claims.username));
    print_line(format_args!("  sub          {}", claims.sub));
    print_line(format_args!("  groups       {}", or_none(&claims.groups.join(", "))));
    print_line(format_args!("  scope        {}", or_none(&claims.scope)));
    print_line(format_args!("  token use    {}", claims.token_use.as_str()));
    print_line(format_args!("  expires at   {until}"));
}

fn or_none(text: &str) -> &str {
    if text.is_empty() { "none" } else { text }
}

fn print_decisions(policy: &Policy, caller: &Caller) {
    for action in Action::ALL {
        let reason = policy.decide(caller, action);
        let answer = if reason.is_allowed() { "allowed" } else { "denied" };
        print_line(format_args!("  {answer:<12} {} ({})", action.as_str(), reason.as_str()));
    }
}
