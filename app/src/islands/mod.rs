//! Interactive components that run in the browser.
//!
//! Readers load a module without those of the newsroom.

mod age;
mod dom;
#[cfg(any(feature = "ssr", feature = "newsroom"))]
mod editor;
#[cfg(any(feature = "ssr", feature = "newsroom"))]
pub mod editor_form;
mod list_keys;
mod local_times;
mod save_in_place;
#[cfg(any(feature = "ssr", feature = "newsroom"))]
mod selection;

#[cfg(feature = "ssr")]
pub(crate) use age::age;
#[cfg(any(feature = "ssr", feature = "newsroom"))]
pub use editor::StoryEditor;
pub use list_keys::ListKeys;
pub use local_times::LocalTimes;
pub use save_in_place::SaveInPlace;
#[cfg(any(feature = "ssr", feature = "newsroom"))]
pub use selection::{CHECKBOX_NAME, SelectionBar};
