//! Words for a form that its author may not send.

use gazette_app::pages::{ErrorPage, story_denied};

const NO_LONGER_ALLOWED: &str = "Your account may no longer do this.";
const STILL_HERE: &str = "Your text is still here to copy.";

/// Returns the reason for which a form is refused.
pub(super) fn forbidden(page: &ErrorPage) -> String {
    match page {
        ErrorPage::StoryDenied(denial, _) => {
            let (title, text) = story_denied(*denial);
            format!("{title}. {text} {STILL_HERE}")
        }
        _ => format!("{NO_LONGER_ALLOWED} {STILL_HERE}"),
    }
}
