//! The Markdown dialect.

use std::sync::LazyLock;

use comrak::Options;

pub(super) static OPTIONS: LazyLock<Options<'static>> = LazyLock::new(|| {
    let mut options = Options::default();
    options.extension.alerts = true;
    options.extension.autolink = true;
    // Without it, `**` beside full-width punctuation stays as it is.
    options.extension.cjk_friendly_emphasis = true;
    options.extension.description_lists = true;
    options.extension.footnotes = true;
    options.extension.strikethrough = true;
    options.extension.table = true;
    options.extension.tasklist = true;
    // HTML passes the parser, since `clean` removes what is unsafe.
    options.render.r#unsafe = true;
    options.render.tasklist_classes = true;
    options
});
