//! Which tokens are believed, and what their groups mean here.

use gazette_domain::{Policy, RequiredScope, RequiredScopeError, TokenUse};

use super::fault::Faults;
use super::settings::Settings;

/// Which tokens are believed, and what their groups mean here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TokenConfig {
    /// The kinds of bearer token the API accepts.
    pub token_uses: Vec<TokenUse>,
    /// How far clocks may differ.
    pub clock_skew_seconds: u32,
    /// The groups behind the roles.
    pub policy: Policy,
}

impl TokenConfig {
    pub(super) fn read(settings: &Settings, faults: &mut Faults) -> Self {
        let given = settings.token_use.as_deref();
        let token_uses = faults.parse("GAZETTE_TOKEN_USE", given, vec![TokenUse::Access], |text| {
            text.split(',').map(token_use).collect()
        });
        let given = settings.clock_skew.as_deref();
        let clock_skew_seconds = faults.parse("GAZETTE_CLOCK_SKEW", given, 30, |text| {
            let seconds = text.parse().ok().filter(|seconds| *seconds <= 60);
            seconds.ok_or_else(|| format!("{text:?} is no whole number from 0 to 60"))
        });
        let admin = group("GAZETTE_ADMIN_GROUP", settings.admin_group.as_deref(), "admin", faults);
        let editor =
            group("GAZETTE_EDITOR_GROUP", settings.editor_group.as_deref(), "editor", faults);
        if admin == editor {
            faults.add("GAZETTE_EDITOR_GROUP", "must be another group than GAZETTE_ADMIN_GROUP");
        }
        let required_scopes = required_scopes(settings, &token_uses, faults);
        let policy = Policy::new(admin, editor).requiring(required_scopes);
        Self { token_uses, clock_skew_seconds, policy }
    }
}

fn token_use(text: &str) -> Result<TokenUse, String> {
    let name = text.trim();
    TokenUse::named(name).ok_or_else(|| format!("{name:?} is neither access nor id"))
}

fn required_scopes(
    settings: &Settings,
    token_uses: &[TokenUse],
    faults: &mut Faults,
) -> Vec<RequiredScope> {
    let variable = "GAZETTE_REQUIRED_SCOPES";
    let given = settings.required_scopes.as_deref();
    let required: Vec<RequiredScope> = faults.parse(variable, given, Vec::new(), |text| {
        let rules = text.split_whitespace().map(str::parse).collect::<Result<_, _>>();
        rules.map_err(|error: RequiredScopeError| error.to_string())
    });
    if !required.is_empty() && token_uses.contains(&TokenUse::Id) {
        let way_around = "cannot be asked of ID tokens, which have none: \
                          GAZETTE_TOKEN_USE must be access";
        faults.add(variable, way_around);
    }
    required
}

fn group(variable: &str, given: Option<&str>, default: &str, faults: &mut Faults) -> String {
    faults.parse(variable, given, default.to_owned(), |text| {
        let well_formed = !text.chars().any(|c| c.is_whitespace() || c.is_control());
        if well_formed && text.len() <= 128 {
            return Ok(text.to_owned());
        }
        Err("a group name has at most 128 characters and no spaces".to_owned())
    })
}
