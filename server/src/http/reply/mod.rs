//! Responses, independent of the request: middleware adds what depends on it.

mod cookies;
mod error;
mod page;
mod sign_out;
mod story;

pub(in crate::http) use cookies::{add_cookie, expired_cookie, short_lived_cookie};
pub(in crate::http) use error::AppError;
pub(in crate::http) use page::{moved, page, private, public, public_file, public_file_since};
pub(in crate::http) use sign_out::sign_out_response;
pub(in crate::http) use story::{
    StoryTags, Warning, Written, newsroom_story, private_json, public_story, written_story,
};
