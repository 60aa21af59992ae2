//! Interactive components that run in the browser.
//!
//! Readers load a module without those of the newsroom, and the newsroom one without theirs.

#[cfg(any(feature = "ssr", feature = "readers"))]
mod age;
mod dom;
#[cfg(any(feature = "ssr", feature = "newsroom"))]
mod editor;
#[cfg(any(feature = "ssr", feature = "newsroom"))]
pub mod editor_form;
#[cfg(any(feature = "ssr", feature = "readers"))]
mod list_keys;
#[cfg(any(feature = "ssr", feature = "readers"))]
mod local_times;
#[cfg(any(feature = "ssr", feature = "readers"))]
mod save_in_place;
#[cfg(any(feature = "ssr", feature = "readers"))]
mod search_as_you_type;
#[cfg(any(feature = "ssr", feature = "newsroom"))]
mod selection;
#[cfg(any(feature = "ssr", feature = "readers"))]
mod share_with_app;

#[cfg(feature = "ssr")]
pub(crate) use age::age;
#[cfg(any(feature = "ssr", feature = "newsroom"))]
pub use editor::StoryEditor;
#[cfg(any(feature = "ssr", feature = "readers"))]
pub use list_keys::ListKeys;
#[cfg(any(feature = "ssr", feature = "readers"))]
pub use local_times::LocalTimes;
#[cfg(any(feature = "ssr", feature = "readers"))]
pub use save_in_place::SaveInPlace;
#[cfg(any(feature = "ssr", feature = "readers"))]
pub use search_as_you_type::SearchAsYouType;
#[cfg(any(feature = "ssr", feature = "newsroom"))]
pub use selection::{CHECKBOX_NAME, SelectionBar};
#[cfg(any(feature = "ssr", feature = "readers"))]
pub use share_with_app::ShareWithApp;
