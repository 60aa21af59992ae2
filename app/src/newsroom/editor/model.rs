//! Data that the editor shows.

use gazette_domain::{FieldError, ImageRecord, Status, Story, StoryId};
use jiff::Timestamp;

use super::notice::EditorNotice;

/// Fields of the form, as they were typed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct StoryForm {
    /// Headline.
    pub headline: String,
    /// Slug; empty for that of the headline.
    pub slug: String,
    /// Standfirst.
    pub summary: String,
    /// Text in Markdown.
    pub body: String,
    /// Name of the section.
    pub section: String,
    /// Names of the tags, separated by commas.
    pub tags: String,
    /// Names of the authors, separated by commas.
    pub authors: String,
    /// Language tag; empty for that of the site.
    pub language: String,
    /// Path of the picture.
    pub image: String,
    /// Text alternative of the picture.
    pub image_alt: String,
    /// Maker and provider of the picture.
    pub image_credit: String,
    /// Local time of publication.
    pub publish_at: String,
    /// Local time of the end of publication.
    pub unpublish_at: String,
    /// Local time until which the story is first on the front page.
    pub pin_until: String,
}

impl StoryForm {
    /// Names of the fields, in the order of [`StoryForm::values`].
    pub const FIELDS: [&'static str; 14] = [
        "headline",
        "slug",
        "summary",
        "body",
        "section",
        "tags",
        "authors",
        "language",
        "image",
        "image_alt",
        "image_credit",
        "publish_at",
        "unpublish_at",
        "pin_until",
    ];

    /// Returns the texts of all fields.
    pub fn values(&self) -> [&str; 14] {
        [
            &self.headline,
            &self.slug,
            &self.summary,
            &self.body,
            &self.section,
            &self.tags,
            &self.authors,
            &self.language,
            &self.image,
            &self.image_alt,
            &self.image_credit,
            &self.publish_at,
            &self.unpublish_at,
            &self.pin_until,
        ]
    }

    /// Returns the text of a field; `None` if there is no field of this name.
    pub fn get(&self, field: &str) -> Option<&str> {
        let mut fields = Self::FIELDS.into_iter().zip(self.values());
        fields.find(|(name, _)| *name == field).map(|(_, value)| value)
    }
}

/// Stage of a story on its way to readers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// Not saved yet.
    New,
    /// Visible to its author and to editors.
    Draft,
    /// Handed in.
    Review,
    /// Visible to readers from this time on.
    Scheduled(Timestamp),
    /// Visible to readers.
    Published,
}

impl Stage {
    /// Returns the stage of a stored story.
    pub fn of(story: &Story, now: Timestamp) -> Self {
        match story.status {
            Status::Draft => Self::Draft,
            Status::Review => Self::Review,
            Status::Published if story.teaser.published_at > now => {
                Self::Scheduled(story.teaser.published_at)
            }
            Status::Published => Self::Published,
        }
    }
}

/// Time and author of the last save.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SavedBy {
    /// Time.
    pub at: Timestamp,
    /// Display name.
    pub by: String,
}

/// Somebody else who has the story open.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpenedBy {
    /// Display name.
    pub by: String,
    /// Time at which they opened it.
    pub at: Timestamp,
}

/// What an editor wrote when sending the story back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReviewRemark {
    /// Text.
    pub text: String,
    /// Display name of the editor.
    pub by: String,
    /// Time.
    pub at: Timestamp,
}

/// Another save that changed the same fields.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Conflict {
    /// Display name of the other person.
    pub by: String,
    /// Time of their save.
    pub at: Timestamp,
    /// Fields that both changed, each with the other text.
    pub fields: Vec<(&'static str, String)>,
}

/// Everything that the editor shows.
#[derive(Clone, Debug)]
pub struct Editor {
    /// Id; `None` before the first save.
    pub id: Option<StoryId>,
    /// Key of a new story: sending its form twice creates one story.
    pub key: String,
    /// Stage.
    pub stage: Stage,
    /// Fields as they were typed.
    pub form: StoryForm,
    /// Version that the next save replaces.
    pub version: u64,
    /// The viewer may publish.
    pub may_publish: bool,
    /// What was saved differs from what is published.
    pub is_dirty: bool,
    /// The form has text that is not saved.
    pub is_unsaved: bool,
    /// Path of the story's page, if readers can see it.
    pub public_path: Option<String>,
    /// Last save.
    pub saved: Option<SavedBy>,
    /// Other people who have it open.
    pub others: Vec<OpenedBy>,
    /// Remark of the editor who sent it back.
    pub remark: Option<ReviewRemark>,
    /// Text of the remark that is being written.
    pub note: String,
    /// Broken rules.
    pub errors: Vec<FieldError>,
    /// Outcome of the request before.
    pub notice: Option<EditorNotice>,
    /// Another save that changed the same fields.
    pub conflict: Option<Conflict>,
    /// HTML of the story as readers see it.
    pub preview: String,
    /// Pictures to choose from.
    pub pictures: Vec<ImageRecord>,
}

impl Editor {
    /// Returns the address of the form.
    pub(super) fn path(&self) -> String {
        match self.id {
            Some(id) => gazette_domain::Endpoint::EditStory.path_with(id),
            None => gazette_domain::Endpoint::NewStory.path().to_owned(),
        }
    }
}
