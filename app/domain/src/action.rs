//! Actions that callers may ask for, and the roles that allow them.

/// Maximum age of the caller's groups for writing and for newsroom pages.
const MAX_GROUPS_AGE_FOR_READING_SECONDS: i64 = 5 * 60;

/// An action that needs permission.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Action {
    /// Read published news.
    ReadNews,
    /// See the caller's own account.
    ReadAccount,
    /// Keep a reading list.
    SaveNews,
    /// Open the newsroom's list of stories.
    OpenDesk,
    /// Write own drafts, change them and hand them in for review.
    DraftNews,
    /// Change the drafts of others, publish, unpublish and correct stories.
    WriteNews,
    /// Rename and merge sections, tags and authors.
    ManageLabels,
    /// Add and remove redirects from old addresses.
    ManageRedirects,
    /// Upload pictures and see those of the newsroom.
    AddImages,
    /// Delete pictures that no story uses.
    DeleteImages,
    /// Move stories to the trash.
    DeleteNews,
    /// See the trash and restore stories from it.
    RestoreNews,
    /// Permanently erase stories in the trash.
    EraseNews,
    /// Read the audit log.
    ReadAudit,
    /// See the numbers of the server.
    ReadStatus,
    /// See people and change their access.
    ManageAccess,
}

impl Action {
    /// Every action, in the order in which pages list them.
    pub const ALL: [Self; 16] = [
        Self::ReadNews,
        Self::ReadAccount,
        Self::SaveNews,
        Self::OpenDesk,
        Self::DraftNews,
        Self::WriteNews,
        Self::ManageLabels,
        Self::ManageRedirects,
        Self::AddImages,
        Self::DeleteImages,
        Self::DeleteNews,
        Self::RestoreNews,
        Self::EraseNews,
        Self::ReadAudit,
        Self::ReadStatus,
        Self::ManageAccess,
    ];

    /// Returns the stable name in logs and explanations.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::ReadNews => "news:read",
            Self::ReadAccount => "account:read",
            Self::SaveNews => "news:save",
            Self::OpenDesk => "desk:open",
            Self::DraftNews => "news:draft",
            Self::WriteNews => "news:write",
            Self::ManageLabels => "labels:manage",
            Self::ManageRedirects => "news:redirect",
            Self::AddImages => "images:add",
            Self::DeleteImages => "images:delete",
            Self::DeleteNews => "news:delete",
            Self::RestoreNews => "news:restore",
            Self::EraseNews => "news:erase",
            Self::ReadAudit => "audit:read",
            Self::ReadStatus => "status:read",
            Self::ManageAccess => "access:manage",
        }
    }

    /// Parses a stable name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|action| action.as_str() == name)
    }

    /// Checks whether anonymous callers may do it.
    pub fn is_public(self) -> bool {
        matches!(self.requirement(), Requirement::None)
    }

    /// Returns the lowest role that may do it; `None` if it needs none.
    pub fn role(self) -> Option<Role> {
        match self.requirement() {
            Requirement::Role(role) => Some(role),
            Requirement::None | Requirement::SignedIn => None,
        }
    }

    /// Returns the maximum age of the caller's groups since the pool last confirmed them; `None` if
    /// the action needs no group.
    pub fn max_groups_age_seconds(self) -> Option<i64> {
        match self {
            Self::DeleteNews | Self::RestoreNews | Self::EraseNews | Self::ManageAccess => Some(60),
            Self::OpenDesk
            | Self::DraftNews
            | Self::WriteNews
            | Self::ManageLabels
            | Self::ManageRedirects
            | Self::AddImages
            | Self::DeleteImages
            | Self::ReadAudit
            | Self::ReadStatus => Some(MAX_GROUPS_AGE_FOR_READING_SECONDS),
            Self::ReadNews | Self::ReadAccount | Self::SaveNews => None,
        }
    }

    /// Returns the maximum age of the caller's groups for requests with a safe method.
    pub fn max_groups_age_for_reading_seconds(self) -> Option<i64> {
        self.max_groups_age_seconds().map(|age| age.max(MAX_GROUPS_AGE_FOR_READING_SECONDS))
    }

    pub(crate) fn requirement(self) -> Requirement {
        match self {
            Self::ReadNews => Requirement::None,
            Self::ReadAccount | Self::SaveNews => Requirement::SignedIn,
            Self::OpenDesk | Self::DraftNews | Self::AddImages => Requirement::Role(Role::Writer),
            Self::WriteNews | Self::ManageLabels | Self::ManageRedirects | Self::DeleteImages => {
                Requirement::Role(Role::Editor)
            }
            Self::DeleteNews
            | Self::RestoreNews
            | Self::EraseNews
            | Self::ReadAudit
            | Self::ReadStatus
            | Self::ManageAccess => Requirement::Role(Role::Admin),
        }
    }
}

/// A role in the newsroom; each includes those before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Role {
    /// Writes drafts.
    Writer,
    /// Also publishes.
    Editor,
    /// Also deletes, restores and reads the audit log.
    Admin,
}

impl Role {
    /// Every role, lowest first.
    pub const ALL: [Self; 3] = [Self::Writer, Self::Editor, Self::Admin];

    /// Parses a stable name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.as_str() == name)
    }

    /// Returns the stable name in JSON and logs.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Writer => "writer",
            Self::Editor => "editor",
            Self::Admin => "admin",
        }
    }
}

/// Requirement of an action.
pub(crate) enum Requirement {
    /// Nothing: it is public.
    None,
    /// An identity.
    SignedIn,
    /// A role.
    Role(Role),
}
