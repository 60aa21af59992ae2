//! The Markdown dialect.

use std::sync::LazyLock;

use comrak::Options;

pub(super) static OPTIONS: LazyLock<Options<'static>> = LazyLock::new(|| {
    let mut options = Options::default();
    options.extension.autolink = true;
    options.extension.footnotes = true;
    options.extension.strikethrough = true;
    options.extension.table = true;
    options.extension.tasklist = true;
    // HTML passes the parser, since `clean` removes what is unsafe.
    options.render.r#unsafe = true;
    options
});
