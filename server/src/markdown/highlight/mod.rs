//! Highlighting of code by classes.
//!
//! A scanner of our own, in one pass over the code: the grammars of editors would add megabytes to
//! the binary and to memory, and their patterns can take very long.

mod adapter;
mod language;
mod languages;
mod markup;
mod scanner;
mod token;

pub(super) use adapter::{CodeHighlighter, LANGUAGE_CLASS};
pub(super) use token::CLASSES;
