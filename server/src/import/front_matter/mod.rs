//! Front matter: the story that it describes.

mod address;
mod names;
mod picture;
mod story;
mod times;
mod visibility;

pub(super) use story::{NoStory, story_of};
