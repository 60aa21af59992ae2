//! Redirects from old addresses: what they point to, and their rules.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::old_address::{OldAddress, forbidden, shortened};
use crate::redirect_error::RedirectError;
use crate::routes::SIGN_IN_PREFIX;
use crate::story::StoryId;

/// The maximum size of a target, in bytes.
const MAX_TARGET_BYTES: usize = 2_000;

/// A redirect from an old address.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Redirect {
    /// Old address.
    pub from: OldAddress,
    /// Target of the redirect.
    pub target: RedirectTarget,
    /// Origin of the redirect.
    pub origin: RedirectOrigin,
    /// Time at which it was added; set when it is.
    pub added_at: Timestamp,
}

/// Target of a redirect.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RedirectTarget {
    /// To a story, at whatever address it has; 404 while readers cannot see it.
    Story(StoryId),
    /// To a path of this site, with a query or a fragment if it has one.
    Path(String),
    /// To an https URL elsewhere.
    Url(String),
    /// Nowhere: the page is gone (410).
    Gone,
}

/// Origin of a redirect.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RedirectOrigin {
    /// An editor, or a file that the operator wrote.
    ByHand,
    /// The import of this number.
    Import(u64),
}

/// The answer to a request for an old address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RedirectAnswer {
    /// 301 to this `Location`, percent-encoded: a path of this site, or an https URL.
    Moved(String),
    /// 410.
    Gone,
}

impl Redirect {
    /// Makes a redirect that someone wrote: the status is 301 or 410, and a 410 has no target.
    pub fn by_hand(from: &str, to: &str, status: &str) -> Result<Self, RedirectError> {
        let target = match (status.trim(), to.trim()) {
            ("301", "") => {
                return Err(RedirectError::to_rule(
                    "is empty; write where the page is now, or use the status 410",
                ));
            }
            ("301", to) => RedirectTarget::parse(to)?,
            ("410", "") => RedirectTarget::Gone,
            ("410", _) => {
                return Err(RedirectError::to_rule(
                    "must be empty with the status 410, which leads nowhere",
                ));
            }
            (other, _) => {
                let message = format!("the status `{}` must be 301 or 410", shortened(other));
                return Err(RedirectError::Rule { field: "status", message });
            }
        };
        Ok(Self::new(OldAddress::parse(from)?, target, RedirectOrigin::ByHand))
    }

    /// Makes the redirect from an old address of an imported story.
    pub fn of_import(from: &str, story: StoryId, import: u64) -> Result<Self, RedirectError> {
        let target = RedirectTarget::Story(story);
        Ok(Self::new(OldAddress::parse(from)?, target, RedirectOrigin::Import(import)))
    }

    /// Makes a redirect that a source has, to a path of this site.
    pub fn to_path_of_import(from: &str, to: &str, import: u64) -> Result<Self, RedirectError> {
        let redirect = Self::new(
            OldAddress::parse(from)?,
            RedirectTarget::parse(to)?,
            RedirectOrigin::Import(import),
        );
        redirect.check()?;
        Ok(redirect)
    }

    fn new(from: OldAddress, target: RedirectTarget, origin: RedirectOrigin) -> Self {
        Self { from, target, origin, added_at: Timestamp::UNIX_EPOCH }
    }

    /// Checks a stored redirect by the rules for writing one. Loops are found when it is looked up.
    pub(crate) fn check(&self) -> Result<(), RedirectError> {
        self.from.check()?;
        let parsed = match (&self.target, self.origin) {
            (RedirectTarget::Story(_) | RedirectTarget::Gone, _) => return Ok(()),
            (RedirectTarget::Path(path), _) => RedirectTarget::parse(path)?,
            (RedirectTarget::Url(url), RedirectOrigin::ByHand) => RedirectTarget::parse(url)?,
            (RedirectTarget::Url(_), RedirectOrigin::Import(_)) => {
                return Err(RedirectError::to_rule(
                    "leads to another site, which imports must not",
                ));
            }
        };
        if parsed == self.target { Ok(()) } else { Err(RedirectError::to_rule("is not a target")) }
    }
}

impl RedirectTarget {
    /// Parses a target that someone wrote: a path of this site, or an https URL.
    ///
    /// A URL elsewhere is allowed, since a page may have moved to another site. It is stored by an
    /// editor and never comes from a request.
    pub fn parse(text: &str) -> Result<Self, RedirectError> {
        let text = text.trim();
        if text.len() > MAX_TARGET_BYTES {
            let message =
                format!("has {} bytes; at most {MAX_TARGET_BYTES} are allowed", text.len());
            return Err(RedirectError::to_rule(message));
        }
        if let Some(character) = forbidden(text) {
            let code = u32::from(character);
            let message = format!("has the invisible character U+{code:04X}; remove it");
            return Err(RedirectError::to_rule(message));
        }
        // Browsers read a backslash as a slash, so that `/\evil.example` is another site.
        if text.contains('\\') {
            return Err(RedirectError::to_rule("has a backslash; use slashes"));
        }
        if let Some(rest) = text.strip_prefix("https://") {
            return url(text, rest);
        }
        if !text.starts_with('/') || text.starts_with("//") {
            let message = format!(
                "`{}` must be a path of this site such as /news/new-story, or begin with https://",
                shortened(text)
            );
            return Err(RedirectError::to_rule(message));
        }
        path(text)
    }

    /// Returns the target as people write it; `None` for a story, whose address changes, and for
    /// nowhere.
    pub(crate) fn written(&self) -> Option<&str> {
        match self {
            Self::Path(text) | Self::Url(text) => Some(text),
            Self::Story(_) | Self::Gone => None,
        }
    }
}

/// Checks a path of this site.
fn path(text: &str) -> Result<RedirectTarget, RedirectError> {
    let path = text.split(['?', '#']).next().unwrap_or_default();
    let path = OldAddress::canonical(path);
    if path.as_str().split('/').any(|segment| matches!(segment, "." | "..")) {
        return Err(RedirectError::to_rule("has `.` or `..` as a folder; write the whole path"));
    }
    if format!("{path}/").starts_with(SIGN_IN_PREFIX) {
        return Err(RedirectError::to_rule("must not be a path of the sign-in"));
    }
    Ok(RedirectTarget::Path(text.to_owned()))
}

/// Checks the host of a URL elsewhere.
fn url(text: &str, rest: &str) -> Result<RedirectTarget, RedirectError> {
    let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let is_host = host.contains('.')
        && host.starts_with(|c: char| c.is_ascii_alphanumeric())
        && host.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | ':'));
    if is_host {
        return Ok(RedirectTarget::Url(text.to_owned()));
    }
    let message = format!(
        "has the host `{}`; write it with Latin letters, without a user name",
        shortened(host)
    );
    Err(RedirectError::to_rule(message))
}

/// Adds the query of a request to a target that has none.
pub(crate) fn with_query(target: &str, query: Option<&str>) -> String {
    let Some(query) = query.filter(|query| !query.is_empty()) else { return target.to_owned() };
    let (target, fragment) = match target.split_once('#') {
        Some((target, fragment)) => (target, Some(fragment)),
        None => (target, None),
    };
    let query = if target.contains('?') { String::new() } else { format!("?{query}") };
    let fragment = fragment.map(|fragment| format!("#{fragment}")).unwrap_or_default();
    format!("{target}{query}{fragment}")
}

#[cfg(test)]
mod tests;
