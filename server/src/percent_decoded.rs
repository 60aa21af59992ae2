//! Percent-decoding of text from stories and their sources.

use std::borrow::Cow;

use percent_encoding::percent_decode_str;

/// Decodes `%C3%A9`; a text that would not be UTF-8 stays as it is.
pub(crate) fn percent_decoded(text: &str) -> String {
    percent_decode_str(text).decode_utf8().map_or_else(|_| text.to_owned(), Cow::into_owned)
}
