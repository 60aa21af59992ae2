//! Data shared by every page: the site, the viewer and the time.

use std::collections::HashSet;
use std::sync::Arc;

use gazette_domain::{Action, Caller, Label, Language, Policy, Teaser};
use jiff::Timestamp;
use jiff::tz::TimeZone;

/// Facts about the site that are the same for every page and reader.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Site {
    /// Name of the site.
    pub title: String,
    /// Origin, without a trailing slash.
    pub public_url: String,
    /// Language of the site, and of stories whose language is not known.
    pub language: Language,
    /// Time zone in which pages show times.
    pub time_zone: TimeZone,
    /// Style sheet of every page.
    pub stylesheet: Asset,
    /// Style sheet of the newsroom and of the pages of an account, which load both.
    pub newsroom_stylesheet: Asset,
    /// Script that shows unsaved text outside the editor; `None` as below.
    pub kept_copies: Option<Asset>,
    /// Files that hydrate the islands of readers; `None` when the browser assets were not built.
    pub islands: Option<IslandAssets>,
    /// Files that hydrate the islands of the newsroom too; `None` as above.
    pub newsroom_islands: Option<IslandAssets>,
    /// Paths of the raster forms that pictures of the site have.
    pub rasters: HashSet<String>,
}

impl Site {
    /// Returns the language of a story, or else of the site.
    pub fn language_of<'a>(&'a self, story: &'a Teaser) -> &'a Language {
        story.language.as_ref().unwrap_or(&self.language)
    }
}

/// A static file that pages link to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asset {
    /// URL path; changes with the content.
    pub href: String,
    /// Value of the `integrity` attribute (W3C Subresource Integrity).
    pub integrity: String,
}

/// Files that hydrate the islands of a page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IslandAssets {
    /// Script that loads the module and hydrates each island.
    pub boot: Asset,
    /// URL path of the JavaScript side of the WASM module.
    pub module: String,
    /// URL path of the WASM module.
    pub wasm: String,
}

/// The signed-in person who views a page, and the permissions that pages depend on.
#[expect(clippy::struct_excessive_bools, reason = "each is a permission of its own")]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Viewer {
    /// Display name.
    pub username: String,
    /// Name that the browser gives to copies of this person's unsaved text.
    pub person: String,
    /// May open the newsroom.
    pub may_open_desk: bool,
    /// May publish stories, and change those of others.
    pub may_publish: bool,
    /// May rename and merge labels.
    pub may_label: bool,
    /// May delete stories.
    pub may_delete: bool,
    /// May add and remove redirects.
    pub may_redirect: bool,
    /// May read the audit log.
    pub may_audit: bool,
    /// May see the numbers of the server.
    pub may_read_status: bool,
    /// May see people, and change what they may do.
    pub may_manage_people: bool,
}

impl Viewer {
    /// Returns the viewer for a caller; `None` when the caller is not signed in.
    pub fn of(caller: &Caller, policy: &Policy) -> Option<Self> {
        let identity = caller.identity()?;
        let may = |action| policy.authorize(caller, action).is_ok();
        Some(Self {
            username: identity.claims().username.clone(),
            person: String::new(),
            may_open_desk: may(Action::OpenDesk),
            may_publish: may(Action::WriteNews),
            may_label: may(Action::ManageLabels),
            may_delete: may(Action::DeleteNews),
            may_redirect: may(Action::ManageRedirects),
            may_audit: may(Action::ReadAudit),
            may_read_status: may(Action::ReadStatus),
            may_manage_people: may(Action::ManageAccess),
        })
    }
}

/// Colors that a reader chose over those of the device.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Theme {
    /// Dark text on a light background.
    Light,
    /// Light text on a dark background.
    Dark,
}

impl Theme {
    /// Returns the name in markup, forms and cookies.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }

    /// Returns the theme with a name.
    pub fn of_name(name: &str) -> Option<Self> {
        [Self::Light, Self::Dark].into_iter().find(|theme| theme.as_str() == name)
    }
}

/// Numbers in the newsroom's navigation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RailCounts {
    /// Stories that the viewer sees in the list.
    pub stories: usize,
    /// Stories in the trash.
    pub trash: usize,
}

/// Everything that a page and the document around it need besides the page's own data.
#[derive(Clone, Debug)]
pub struct Frame {
    /// Site.
    pub site: Arc<Site>,
    /// Viewer, if signed in.
    pub viewer: Option<Viewer>,
    /// Colors, if the reader chose them; else the device decides.
    pub theme: Option<Theme>,
    /// The request had a session that cannot be checked right now.
    pub sign_in_unknown: bool,
    /// Sections for the navigation.
    pub sections: Vec<Label>,
    /// Numbers in the newsroom's navigation; `None` outside the newsroom.
    pub rail_counts: Option<RailCounts>,
    /// Path and query of the page; signing in returns here.
    pub path: String,
    /// Time of the request; relative times count from it.
    pub now: Timestamp,
}

impl Frame {
    /// Returns the absolute URL of a path on this site.
    pub fn absolute(&self, path: &str) -> String {
        format!("{}{path}", self.site.public_url)
    }
}
