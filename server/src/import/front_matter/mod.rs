//! Front matter: the story that it describes.

mod address;
mod head;
mod names;
mod picture;
mod story;
mod text;
mod times;
mod visibility;

pub(super) use address::percent_decoded;
pub(super) use head::Head;
pub(super) use story::{NoStory, story_of};
pub(super) use text::plain_headline;
