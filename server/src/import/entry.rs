//! Entries of a source.

use crate::import::source_story::{Refused, SourceStory};

/// One file or record of a source.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Entry {
    /// A story.
    Story(Box<SourceStory>),
    /// A story that cannot be imported.
    Refused(Refused),
    /// Something that is not meant to be a story.
    PassedOver(Refused),
}

impl From<Result<SourceStory, Refused>> for Entry {
    fn from(read: Result<SourceStory, Refused>) -> Self {
        match read {
            Ok(story) => Self::Story(Box::new(story)),
            Err(refused) => Self::Refused(refused),
        }
    }
}
