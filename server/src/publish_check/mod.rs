//! Checks of a story before it is published, beyond the rules that every story satisfies.

mod excerpt;
mod links;
mod pictures;
mod placeholders;
mod story;

pub(crate) use excerpt::excerpt;
pub(crate) use story::PublishCheck;

#[cfg(test)]
mod tests;
