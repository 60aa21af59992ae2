//! Which tokens are believed, and what their groups mean here.

use gazette_domain::{Policy, TokenUse};

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
        Self { token_uses, clock_skew_seconds, policy: Policy::new(admin, editor) }
    }
}

fn token_use(text: &str) -> Result<TokenUse, String> {
    match text.trim() {
        "access" => Ok(TokenUse::Access),
        "id" => Ok(TokenUse::Id),
        other => Err(format!("{other:?} is neither access nor id")),
    }
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
