//! What the function is told, by its environment.

use std::fmt::Display;

use gazette_authorizer::AuthorizerConfig;
use gazette_domain::{Policy, RequiredScope, RequiredScopeError, TokenUse};

use crate::answer::AnswerForm;

/// What the function is told.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Which tokens are accepted.
    pub authorizer: AuthorizerConfig,
    /// What their bearers may do.
    pub policy: Policy,
    /// How API Gateway expects its answers.
    pub form: AnswerForm,
}

/// A variable that cannot be used, and why.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{variable}: {message}")]
pub struct SettingsError {
    variable: &'static str,
    message: String,
}

impl Settings {
    /// Reads the process's environment; the variables are those of the site.
    ///
    /// # Errors
    /// The first variable that is missing or cannot be used.
    #[expect(clippy::disallowed_methods, reason = "the one reader of this program's environment")]
    pub fn from_environment() -> Result<Self, SettingsError> {
        Self::read(|name| std::env::var(name).ok())
    }

    /// Reads settings from wherever variables come from.
    ///
    /// # Errors
    /// The first variable that is missing or cannot be used.
    pub fn read(variable: impl Fn(&str) -> Option<String>) -> Result<Self, SettingsError> {
        let given = |name| variable(name).filter(|value| !value.is_empty());
        let or = |name, default: &str| given(name).unwrap_or_else(|| default.to_owned());
        let needed = |name| given(name).ok_or_else(|| fault(name, "is missing"));
        let words = |text: &str| text.split(',').map(|word| word.trim().to_owned()).collect();
        let authorizer = AuthorizerConfig {
            issuer: needed("COGNITO_ISSUER")?,
            client_ids: words(&needed("COGNITO_CLIENT_ID")?),
            token_uses: token_uses(&or("GAZETTE_TOKEN_USE", "access"))?,
            clock_skew_seconds: clock_skew(&or("GAZETTE_CLOCK_SKEW", "30"))?,
        };
        let admin = or("GAZETTE_ADMIN_GROUP", "admin");
        let editor = or("GAZETTE_EDITOR_GROUP", "editor");
        if admin == editor {
            let message = "must be another group than GAZETTE_ADMIN_GROUP";
            return Err(fault("GAZETTE_EDITOR_GROUP", message));
        }
        let scopes = required_scopes(&or("GAZETTE_REQUIRED_SCOPES", ""), &authorizer.token_uses)?;
        let form = answer_form(&or("GAZETTE_AUTHORIZER_ANSWER", "policy"))?;
        Ok(Self { authorizer, policy: Policy::new(admin, editor).requiring(scopes), form })
    }
}

fn token_uses(text: &str) -> Result<Vec<TokenUse>, SettingsError> {
    let parsed: Option<Vec<TokenUse>> =
        text.split(',').map(|name| TokenUse::named(name.trim())).collect();
    parsed.ok_or_else(|| fault("GAZETTE_TOKEN_USE", "is neither access, id nor access,id"))
}

fn clock_skew(text: &str) -> Result<u32, SettingsError> {
    let seconds = text.parse().ok().filter(|seconds| *seconds <= 60);
    seconds.ok_or_else(|| fault("GAZETTE_CLOCK_SKEW", "is no whole number from 0 to 60"))
}

fn required_scopes(
    text: &str,
    token_uses: &[TokenUse],
) -> Result<Vec<RequiredScope>, SettingsError> {
    let variable = "GAZETTE_REQUIRED_SCOPES";
    let required = text.split_whitespace().map(str::parse).collect::<Result<Vec<_>, _>>();
    let required = required.map_err(|error: RequiredScopeError| fault(variable, error))?;
    if !required.is_empty() && token_uses.contains(&TokenUse::Id) {
        let message = "cannot be asked of ID tokens: GAZETTE_TOKEN_USE must be access";
        return Err(fault(variable, message));
    }
    Ok(required)
}

fn answer_form(text: &str) -> Result<AnswerForm, SettingsError> {
    match text {
        "policy" => Ok(AnswerForm::Policy),
        "simple" => Ok(AnswerForm::Simple),
        _ => Err(fault("GAZETTE_AUTHORIZER_ANSWER", "is neither policy nor simple")),
    }
}

fn fault(variable: &'static str, message: impl Display) -> SettingsError {
    SettingsError { variable, message: message.to_string() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(changes: &[(&str, &str)]) -> Result<Settings, String> {
        let mut all = vec![
            ("COGNITO_ISSUER", "https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_AbC123xyz"),
            ("COGNITO_CLIENT_ID", "1example23456789"),
        ];
        all.extend_from_slice(changes);
        let value = |name: &str| {
            all.iter().rev().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned())
        };
        Settings::read(value).map_err(|error| error.to_string())
    }

    #[test]
    fn an_issuer_and_a_client_are_enough() {
        let settings = read(&[]).unwrap();
        assert_eq!(settings.authorizer.token_uses, [TokenUse::Access]);
        assert_eq!(settings.authorizer.clock_skew_seconds, 30);
        assert_eq!((settings.policy, settings.form), (Policy::default(), AnswerForm::Policy));
        let clients = read(&[("COGNITO_CLIENT_ID", "one, two")]).unwrap().authorizer.client_ids;
        assert_eq!(clients, ["one", "two"]);
    }

    #[test]
    fn f_41_what_cannot_be_used_is_named() {
        for (variable, value) in [
            ("COGNITO_ISSUER", ""),
            ("COGNITO_CLIENT_ID", ""),
            ("GAZETTE_TOKEN_USE", "refresh"),
            ("GAZETTE_CLOCK_SKEW", "61"),
            ("GAZETTE_EDITOR_GROUP", "admin"),
            ("GAZETTE_REQUIRED_SCOPES", "news:fly=a"),
            ("GAZETTE_AUTHORIZER_ANSWER", "perhaps"),
        ] {
            let refused = read(&[(variable, value)]).unwrap_err();
            assert!(refused.starts_with(&format!("{variable}: ")), "{refused}");
        }
        let scopes = ("GAZETTE_REQUIRED_SCOPES", "news:delete=a");
        assert!(read(&[scopes]).is_ok());
        assert!(read(&[scopes, ("GAZETTE_TOKEN_USE", "access,id")]).is_err());
    }
}
