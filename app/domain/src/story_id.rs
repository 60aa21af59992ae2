//! Ids of stories, and of jobs that change very many of them.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::image_name::ImageId;
use crate::slug::Slug;

/// Permanent id of a story (UUIDv7).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct StoryId(Uuid);

/// The text is not a valid id.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("an id is a UUID in its hyphenated lower-case form")]
pub struct StoryIdError;

impl StoryId {
    /// Makes an id from a fresh UUIDv7.
    pub fn new(id: Uuid) -> Self {
        Self(id)
    }

    /// Returns the id under which the audit log records a picture.
    pub(crate) fn of_image(image: ImageId) -> Self {
        Self(Uuid::from_u128(image.hash()))
    }

    /// Returns the slug of a story whose headline gives none.
    pub(crate) fn slug(self) -> Slug {
        Slug::from_id(self.0)
    }
}

impl FromStr for StoryId {
    type Err = StoryIdError;

    /// Accepts exactly what `Display` writes, so that a story has one URL.
    fn from_str(text: &str) -> Result<Self, StoryIdError> {
        let id = Self(Uuid::try_parse(text).map_err(|_| StoryIdError)?);
        if id.to_string() == text { Ok(id) } else { Err(StoryIdError) }
    }
}

impl fmt::Display for StoryId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.hyphenated().fmt(formatter)
    }
}

/// Id of a job that changes very many stories (UUIDv7).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct JobId(Uuid);

impl JobId {
    /// Makes an id from a fresh UUIDv7.
    pub fn new(id: Uuid) -> Self {
        Self(id)
    }
}

impl fmt::Display for JobId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.hyphenated().fmt(formatter)
    }
}

impl FromStr for JobId {
    type Err = StoryIdError;

    fn from_str(text: &str) -> Result<Self, StoryIdError> {
        Uuid::try_parse(text).map(Self).map_err(|_| StoryIdError)
    }
}
