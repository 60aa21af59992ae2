//! What every page is told: the site it is on, who reads it and when.

use std::sync::Arc;

use gazette_domain::{Action, Caller, Label, Policy};
use jiff::Timestamp;

/// The site, the same for every page and reader.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Site {
    /// The masthead.
    pub title: String,
    /// The origin, without a trailing slash.
    pub public_url: String,
    /// The style sheet.
    pub stylesheet: Asset,
    /// What boots the islands; absent when the browser assets were not built.
    pub islands: Option<IslandAssets>,
}

/// A file that a page refers to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asset {
    /// Its address; changes with its content.
    pub href: String,
    /// Its `integrity` value (W3C Subresource Integrity).
    pub integrity: String,
}

/// The files that bring a page's islands to life.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IslandAssets {
    /// The script that starts the module and hydrates what it finds.
    pub boot: Asset,
    /// The address of the JavaScript side of the WASM module.
    pub module: String,
    /// The address of the WASM module.
    pub wasm: String,
}

/// Somebody signed in, as far as pages care.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Viewer {
    /// The name shown.
    pub username: String,
    /// Whether the newsroom is open to them.
    pub may_open_desk: bool,
    /// Whether they may delete news.
    pub may_delete: bool,
    /// Whether they may read who did what.
    pub may_audit: bool,
}

impl Viewer {
    /// What a page needs to know of the caller; `None` when nobody is signed in.
    pub fn of(caller: &Caller, policy: &Policy) -> Option<Self> {
        let identity = caller.identity()?;
        let may = |action| policy.authorize(caller, action).is_ok();
        Some(Self {
            username: identity.claims().username.clone(),
            may_open_desk: may(Action::OpenDesk),
            may_delete: may(Action::DeleteNews),
            may_audit: may(Action::ReadAudit),
        })
    }
}

/// Everything around the content of one page.
#[derive(Clone, Debug)]
pub struct Frame {
    /// The site.
    pub site: Arc<Site>,
    /// Who reads, if they are signed in.
    pub viewer: Option<Viewer>,
    /// Whether a session came along that cannot be read now.
    pub unsure: bool,
    /// For the navigation.
    pub sections: Vec<Label>,
    /// The path and query of the page, which signing in comes back to.
    pub path: String,
    /// What "2 hours ago" counts from.
    pub now: Timestamp,
}

impl Frame {
    /// The absolute address of a path on this site.
    pub fn absolute(&self, path: &str) -> String {
        format!("{}{path}", self.site.public_url)
    }
}
