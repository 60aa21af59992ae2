//! The settings of the function, from its environment variables.

use std::ffi::OsString;
use std::fmt::Display;

use gazette_authorizer::{AuthorizerConfig, ClientRole, ClientRoleError, MAX_CLOCK_SKEW_SECONDS};
use gazette_domain::{Policy, RequiredScope, RequiredScopeError, TokenUse};

use url::Url;

use crate::response::ResponseFormat;

/// Settings of the function.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Rules for tokens.
    pub authorizer: AuthorizerConfig,
    /// Permissions of the callers.
    pub policy: Policy,
    /// Format of responses, as configured in API Gateway.
    pub format: ResponseFormat,
}

/// Error of a missing or invalid variable.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{variable}: {message}")]
pub struct SettingsError {
    variable: &'static str,
    message: String,
}

impl Settings {
    /// Reads the environment; the variables have the same names as those of the site.
    ///
    /// # Errors
    /// The first missing or invalid variable.
    #[expect(clippy::disallowed_methods, reason = "the one reader of this program's environment")]
    pub fn from_environment() -> Result<Self, SettingsError> {
        Self::read(|name| std::env::var_os(name))
    }

    /// Reads settings from a lookup of variables.
    ///
    /// # Errors
    /// The first missing or invalid variable.
    pub fn read(variable: impl Fn(&str) -> Option<OsString>) -> Result<Self, SettingsError> {
        let optional = |name| text(name, variable(name));
        let or_default = |name, default: &str| {
            optional(name).map(|value| value.unwrap_or_else(|| default.to_owned()))
        };
        let required = |name| optional(name)?.ok_or_else(|| settings_error(name, "is missing"));
        let list = |text: &str| text.split(',').map(|item| item.trim().to_owned()).collect();
        let public_url = optional("GAZETTE_PUBLIC_URL")?.as_deref().map(origin).transpose()?;
        let authorizer = AuthorizerConfig {
            issuer: required("COGNITO_ISSUER")?,
            client_ids: list(&required("COGNITO_CLIENT_ID")?),
            client_roles: client_roles(&or_default("GAZETTE_CLIENT_ROLES", "")?)?,
            token_uses: token_uses(&or_default("GAZETTE_TOKEN_USE", "access")?)?,
            resource: optional("GAZETTE_RESOURCE")?.or(public_url),
            clock_skew_seconds: clock_skew(&or_default("GAZETTE_CLOCK_SKEW", "30")?)?,
        };
        let admin = or_default("GAZETTE_ADMIN_GROUP", "admin")?;
        let editor = or_default("GAZETTE_EDITOR_GROUP", "editor")?;
        if admin == editor {
            let message = "must differ from GAZETTE_ADMIN_GROUP";
            return Err(settings_error("GAZETTE_EDITOR_GROUP", message));
        }
        let writer = or_default("GAZETTE_WRITER_GROUP", "writer")?;
        if writer == admin || writer == editor {
            let message = "must differ from GAZETTE_ADMIN_GROUP and GAZETTE_EDITOR_GROUP";
            return Err(settings_error("GAZETTE_WRITER_GROUP", message));
        }
        let scopes =
            required_scopes(&or_default("GAZETTE_REQUIRED_SCOPES", "")?, &authorizer.token_uses)?;
        let format = response_format(&or_default("GAZETTE_AUTHORIZER_RESPONSE", "policy")?)?;
        let policy = Policy::new(admin, editor, writer).requiring(scopes);
        Ok(Self { authorizer, policy, format })
    }
}

/// Returns the value of a variable; an empty one is absent. A value that is not text must not be
/// absent, since a requirement would silently be dropped.
fn text(name: &'static str, value: Option<OsString>) -> Result<Option<String>, SettingsError> {
    let text = value.map(OsString::into_string).transpose();
    let text = text.map_err(|_| settings_error(name, "is not valid UTF-8"))?;
    Ok(text.filter(|text| !text.is_empty()))
}

/// Parses the origin of the site, in the form that the site itself gives it.
fn origin(text: &str) -> Result<String, SettingsError> {
    let url = Url::parse(text).ok().filter(|url| matches!(url.scheme(), "https" | "http"));
    url.as_ref().and_then(gazette_authorizer::origin).ok_or_else(|| {
        settings_error("GAZETTE_PUBLIC_URL", "must be an origin such as https://news.example")
    })
}

fn token_uses(text: &str) -> Result<Vec<TokenUse>, SettingsError> {
    let parsed: Option<Vec<TokenUse>> =
        text.split(',').map(|name| TokenUse::named(name.trim())).collect();
    parsed.ok_or_else(|| settings_error("GAZETTE_TOKEN_USE", "must be access, id or access,id"))
}

fn clock_skew(text: &str) -> Result<u32, SettingsError> {
    let seconds = text.parse().ok().filter(|seconds| *seconds <= MAX_CLOCK_SKEW_SECONDS);
    let message = format!("must be a whole number from 0 to {MAX_CLOCK_SKEW_SECONDS}");
    seconds.ok_or_else(|| settings_error("GAZETTE_CLOCK_SKEW", message))
}

fn required_scopes(
    text: &str,
    token_uses: &[TokenUse],
) -> Result<Vec<RequiredScope>, SettingsError> {
    let variable = "GAZETTE_REQUIRED_SCOPES";
    let required = text.split_whitespace().map(str::parse).collect::<Result<Vec<_>, _>>();
    let required = required.map_err(|error: RequiredScopeError| settings_error(variable, error))?;
    if !required.is_empty() && token_uses.contains(&TokenUse::Id) {
        let message = "needs GAZETTE_TOKEN_USE to be access: ID tokens have no scopes";
        return Err(settings_error(variable, message));
    }
    Ok(required)
}

fn client_roles(text: &str) -> Result<Vec<ClientRole>, SettingsError> {
    let variable = "GAZETTE_CLIENT_ROLES";
    let roles = text.split_whitespace().map(str::parse).collect::<Result<Vec<_>, _>>();
    let roles: Vec<ClientRole> =
        roles.map_err(|error: ClientRoleError| settings_error(variable, error))?;
    match ClientRole::find_duplicate(&roles) {
        Some(client) => {
            let message = format!("gives {client} two roles; a client has one");
            Err(settings_error(variable, message))
        }
        None => Ok(roles),
    }
}

fn response_format(text: &str) -> Result<ResponseFormat, SettingsError> {
    match text {
        "policy" => Ok(ResponseFormat::Policy),
        "simple" => Ok(ResponseFormat::Simple),
        _ => Err(settings_error("GAZETTE_AUTHORIZER_RESPONSE", "must be policy or simple")),
    }
}

fn settings_error(variable: &'static str, message: impl Display) -> SettingsError {
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
            all.iter().rev().find(|(known, _)| *known == name).map(|(_, value)| (*value).into())
        };
        Settings::read(value).map_err(|error| error.to_string())
    }

    #[test]
    fn issuer_and_client_are_the_only_required_variables() {
        let settings = read(&[]).unwrap();
        assert_eq!(settings.authorizer.token_uses, [TokenUse::Access]);
        assert_eq!(settings.authorizer.clock_skew_seconds, 30);
        assert_eq!((settings.policy, settings.format), (Policy::default(), ResponseFormat::Policy));
        let clients = read(&[("COGNITO_CLIENT_ID", "one, two")]).unwrap().authorizer.client_ids;
        assert_eq!(clients, ["one", "two"]);
    }

    #[test]
    fn the_resource_is_the_origin_of_the_site_in_its_normal_form() {
        let resource = |changes: &[(&str, &str)]| read(changes).unwrap().authorizer.resource;
        let public_url = ("GAZETTE_PUBLIC_URL", "https://News.Example/");
        assert_eq!(resource(&[public_url]).as_deref(), Some("https://news.example"));
        let own = "https://News.Example/api";
        assert_eq!(resource(&[public_url, ("GAZETTE_RESOURCE", own)]).as_deref(), Some(own));
        assert_eq!(resource(&[]), None);
    }

    #[test]
    fn f_41_an_invalid_variable_is_named() {
        for (variable, value) in [
            ("COGNITO_ISSUER", ""),
            ("COGNITO_CLIENT_ID", ""),
            ("GAZETTE_PUBLIC_URL", "news.example"),
            ("GAZETTE_PUBLIC_URL", "https://news.example/path"),
            ("GAZETTE_TOKEN_USE", "refresh"),
            ("GAZETTE_CLOCK_SKEW", "61"),
            ("GAZETTE_EDITOR_GROUP", "admin"),
            ("GAZETTE_WRITER_GROUP", "editor"),
            ("GAZETTE_REQUIRED_SCOPES", "news:fly=a"),
            ("GAZETTE_CLIENT_ROLES", "shop=owner"),
            ("GAZETTE_CLIENT_ROLES", "shop=admin shop=writer"),
            ("GAZETTE_AUTHORIZER_RESPONSE", "unknown"),
        ] {
            let error = read(&[(variable, value)]).unwrap_err();
            assert!(error.starts_with(&format!("{variable}: ")), "{error}");
        }
        let scopes = ("GAZETTE_REQUIRED_SCOPES", "news:delete=a");
        assert!(read(&[scopes]).is_ok());
        assert!(read(&[scopes, ("GAZETTE_TOKEN_USE", "access,id")]).is_err());
    }
}
