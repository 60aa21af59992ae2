//! The record of an uploaded picture.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::image_name::{ImageFormat, ImageId, ImageName};
use crate::story::StoryId;

/// The record of an uploaded picture.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImageRecord {
    /// Id, made of the uploaded file.
    pub id: ImageId,
    /// Width of the largest stored size in pixels.
    pub width: u32,
    /// Height of the largest stored size in pixels.
    pub height: u32,
    /// Format of all stored sizes.
    pub format: ImageFormat,
    /// Text alternative, if the file or the person who uploaded it gave one.
    pub alt: Option<String>,
    /// Maker and provider, if known.
    pub credit: Option<String>,
    /// Terms of use, or the address of the licence, if the file named them.
    pub licence: Option<String>,
    /// Name of the uploaded file.
    pub file_name: String,
    /// Time of the upload.
    pub uploaded_at: Timestamp,
    /// Display name of the person, or of the task of the system.
    pub uploaded_by: String,
}

/// An uploaded picture, before it has a record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewImage {
    /// Name of the largest stored size.
    pub name: ImageName,
    /// Text alternative.
    pub alt: Option<String>,
    /// Maker and provider.
    pub credit: Option<String>,
    /// Terms of use, or the address of the licence.
    pub licence: Option<String>,
    /// Name of the uploaded file.
    pub file_name: String,
}

/// A picture in the newsroom's list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListedImage {
    /// The picture.
    pub record: ImageRecord,
    /// The first stories that use it and that the caller may know, those in the trash included.
    pub used_by: Vec<ImageUse>,
    /// Number of stories that use it.
    pub uses: usize,
}

/// A story that uses a picture.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ImageUse {
    /// Headline.
    pub headline: String,
    /// Path of the story's page; `None` for a story in the trash.
    pub path: Option<String>,
}

/// A page of the newsroom's list of pictures.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ImageList {
    /// Pictures, latest upload first.
    pub images: Vec<ListedImage>,
    /// The last picture of this page, if there are more.
    pub next: Option<ImageId>,
}

impl ImageRecord {
    /// Returns the name of the largest stored size.
    pub fn name(&self) -> ImageName {
        let Self { id, width, height, format, .. } = *self;
        ImageName { id, width, height, format }
    }
}

/// The pictures of this site that a story uses.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct StoryImages {
    pub(crate) story: StoryId,
    pub(crate) images: Vec<ImageId>,
}
