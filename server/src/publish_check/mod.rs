//! Checks of a story before it is published, beyond the rules that every story satisfies.

mod links;
mod placeholders;
mod story;

pub(crate) use story::PublishCheck;

#[cfg(test)]
mod tests;
