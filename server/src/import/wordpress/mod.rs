//! Exports of WordPress (WXR).

mod autop;
mod content;
mod index;
mod item;
mod items;
mod shortcodes;
mod story;
mod wordpress_export;
mod xml;

pub(crate) use wordpress_export::WordPress;

#[cfg(test)]
mod tests;
