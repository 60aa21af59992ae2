//! Tasks of the process in the audit log.

/// A task of the process, whose changes no policy decides.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SystemTask {
    /// Import of files.
    Import,
    /// Publication of the sample stories.
    Setup,
    /// Unpublication of stories whose time has ended.
    Unpublish,
    /// Removal of stories that were in the trash for 30 days.
    EmptyTrash,
}

impl SystemTask {
    /// Returns the stable name in the audit log.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Import => "import",
            Self::Setup => "setup",
            Self::Unpublish => "schedule",
            Self::EmptyTrash => "trash",
        }
    }
}
