//! Accepted tokens and the meaning of their groups.

use clap::Args;
use gazette_authorizer::{ClientRole, MAX_CLOCK_SKEW_SECONDS};
use gazette_domain::{Policy, RequiredScope, TokenUse};

use super::error::SettingErrors;
use super::parse::{url, whole_number};

const MAX_GROUP_BYTES: usize = 128;
const MAX_RESOURCE_BYTES: usize = 256;

/// Accepted tokens and the meaning of their groups.
#[derive(Args, Clone, Debug)]
pub struct TokenConfig {
    /// Kinds of bearer token that the API accepts: access, id, or access,id.
    #[arg(
        id = "token_use",
        long = "token-use",
        env = "GAZETTE_TOKEN_USE",
        value_name = "USES",
        value_delimiter = ',',
        default_value = "access",
        value_parser = token_use
    )]
    pub token_uses: Vec<TokenUse>,
    /// Value that `aud` of an access token must contain, if the token has one [default: the public
    /// URL].
    #[arg(long, env = "GAZETTE_RESOURCE", value_name = "URL", value_parser = resource)]
    resource: Option<String>,
    /// Seconds that clocks may differ, 0 to 60.
    #[arg(
        id = "clock_skew",
        long = "clock-skew",
        env = "GAZETTE_CLOCK_SKEW",
        value_name = "SECONDS",
        default_value = "30",
        value_parser = whole_number(0..=MAX_CLOCK_SKEW_SECONDS)
    )]
    pub clock_skew_seconds: u32,
    /// Group that may delete.
    #[arg(
        long,
        env = "GAZETTE_ADMIN_GROUP",
        value_name = "NAME",
        default_value = "admin",
        value_parser = group_name
    )]
    pub admin_group: String,
    /// Group that may publish.
    #[arg(
        long,
        env = "GAZETTE_EDITOR_GROUP",
        value_name = "NAME",
        default_value = "editor",
        value_parser = group_name
    )]
    pub editor_group: String,
    /// Group that may write drafts.
    #[arg(
        long,
        env = "GAZETTE_WRITER_GROUP",
        value_name = "NAME",
        default_value = "writer",
        value_parser = group_name
    )]
    pub writer_group: String,
    /// Scopes that access tokens need in addition to the role, separated by spaces; an action
    /// that is repeated needs all of its scopes.
    #[arg(
        long,
        env = "GAZETTE_REQUIRED_SCOPES",
        value_name = "ACTION=SCOPE[ ACTION=SCOPE]",
        value_delimiter = ' '
    )]
    pub required_scopes: Vec<RequiredScope>,
    /// Roles of machine clients (client credentials grant), separated by spaces: writer, editor or
    /// admin.
    #[arg(
        long,
        env = "GAZETTE_CLIENT_ROLES",
        value_name = "CLIENT=ROLE[ CLIENT=ROLE]",
        value_delimiter = ' '
    )]
    pub client_roles: Vec<ClientRole>,
}

impl TokenConfig {
    /// Returns the groups that give a role.
    pub fn groups(&self) -> [String; 3] {
        [&self.admin_group, &self.editor_group, &self.writer_group].map(Clone::clone)
    }

    /// Returns the policy with the configured groups and scopes.
    pub fn policy(&self) -> Policy {
        let groups = [&self.admin_group, &self.editor_group, &self.writer_group];
        let [admin, editor, writer] = groups.map(Clone::clone);
        Policy::new(admin, editor, writer).requiring(self.required_scopes.clone())
    }

    /// Returns what `aud` of an access token must name.
    pub fn resource(&self, public_url: &str) -> String {
        self.resource.clone().unwrap_or_else(|| public_url.to_owned())
    }

    pub(super) fn check(&self, errors: &mut SettingErrors) {
        if self.admin_group == self.editor_group {
            errors.add_once("GAZETTE_EDITOR_GROUP", "must differ from GAZETTE_ADMIN_GROUP");
        }
        if [&self.admin_group, &self.editor_group].contains(&&self.writer_group) {
            let message = "must differ from GAZETTE_ADMIN_GROUP and GAZETTE_EDITOR_GROUP";
            errors.add_once("GAZETTE_WRITER_GROUP", message);
        }
        self.check_client_roles(errors);
        if !self.required_scopes.is_empty() && self.token_uses.contains(&TokenUse::Id) {
            // ID tokens have no scopes, so they would bypass the requirement.
            let message = "cannot apply to ID tokens, which have no scopes: \
                           GAZETTE_TOKEN_USE must be access";
            errors.add_once("GAZETTE_REQUIRED_SCOPES", message);
        }
    }

    fn check_client_roles(&self, errors: &mut SettingErrors) {
        if let Some(client) = ClientRole::find_duplicate(&self.client_roles) {
            let message = format!("gives {client} two roles; a client has one");
            errors.add_once("GAZETTE_CLIENT_ROLES", message);
        }
        if !self.client_roles.is_empty() && !self.token_uses.contains(&TokenUse::Access) {
            let message = "needs access tokens, the only kind that machine clients have: \
                           GAZETTE_TOKEN_USE must be access or access,id";
            errors.add_once("GAZETTE_CLIENT_ROLES", message);
        }
    }
}

fn token_use(text: &str) -> Result<TokenUse, String> {
    let name = text.trim();
    TokenUse::named(name).ok_or_else(|| format!("{name:?} is neither access nor id"))
}

fn resource(text: &str) -> Result<String, String> {
    url(text)?;
    if text.len() <= MAX_RESOURCE_BYTES {
        return Ok(text.to_owned());
    }
    Err(format!("{text:?} has more than {MAX_RESOURCE_BYTES} bytes"))
}

fn group_name(text: &str) -> Result<String, String> {
    let is_allowed = !text.chars().any(|c| c.is_whitespace() || c.is_control());
    if is_allowed && text.len() <= MAX_GROUP_BYTES {
        return Ok(text.to_owned());
    }
    Err(format!("a group name has at most {MAX_GROUP_BYTES} bytes and no spaces"))
}
