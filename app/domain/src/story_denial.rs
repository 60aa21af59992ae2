//! Refusals that are about a story, not about the role of the caller.

use crate::policy::AccessError;

/// The caller may not do this with this story, though their role allows it with others.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{access}")]
pub struct StoryDeniedError {
    /// Reason.
    pub denial: StoryDenial,
    /// Path of the story's page, if readers can see it.
    pub path: Option<String>,
    /// The permission that would suffice for every story.
    pub access: AccessError,
}

/// Reason for which a writer may not change a story.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StoryDenial {
    /// The writer's own story is published.
    Published,
    /// The writer's own story will be published at its time.
    Scheduled,
    /// It is the story of another person.
    OfAnother,
    /// The story is the writer's own draft, and what was asked for is the decision of an editor.
    EditorsDecide,
}
