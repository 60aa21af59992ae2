//! Exports of Ghost (JSON).

mod body;
mod cards;
mod ghost_export;
mod index;
mod lexical;
mod mobiledoc;
mod redirects;
mod story;
mod walk;

pub(crate) use ghost_export::Ghost;
pub(crate) use redirects::{SourceRedirects, redirects_beside};

#[cfg(test)]
mod tests;
