//! The rules of stories that were stored elsewhere: those of [`StoryInput`], and those that a desk
//! keeps by construction.

use crate::correction;
use crate::field_errors::{FieldError, FieldErrors};
use crate::label::{Label, LabelKind};
use crate::removal::MAX_REASON_LENGTH;
use crate::story::{Status, Story};
use crate::story_input::{StoryInput, max_label_length};

/// Highest version that sorts correctly among the earlier versions of a story.
const MAX_VERSION: u64 = 9_999_999_999;
const MAX_DIGEST_LENGTH: usize = 64;
const MAX_ACTOR_LENGTH: usize = 200;

/// Checks a stored story and returns every broken rule.
pub(crate) fn check(
    story: &Story,
    body_rule: impl FnOnce(&str) -> Result<(), String>,
) -> Vec<FieldError> {
    let mut errors = FieldErrors::default();
    let input = StoryInput::of(story);
    let valid = if story.status == Status::Published { input.check() } else { input.check_draft() };
    match valid {
        Ok(valid) => {
            for field in valid.not_normal {
                errors.add(field, "has line breaks, repeated spaces or a repeated name");
            }
            if let Err(message) = body_rule(&story.body) {
                errors.add("body", message);
            }
        }
        Err(broken) => errors.errors = broken,
    }
    errors.date("updated_at", story.teaser.updated_at);
    if !(1..=MAX_VERSION).contains(&story.version) {
        errors.add("version", format!("must be between 1 and {MAX_VERSION}"));
    }
    if let Some(origin) = &story.origin {
        errors.line("origin", &origin.digest);
        errors.length("origin", &origin.digest, 1, MAX_DIGEST_LENGTH);
    }
    correction::check_stored(story, &mut errors);
    if let Some(trashed) = &story.trashed {
        errors.date("trashed", trashed.at);
        errors.line("trashed", &trashed.by);
        errors.length("trashed", &trashed.by, 0, MAX_ACTOR_LENGTH);
        let reason = trashed.reason.as_deref().unwrap_or_default();
        errors.line("trashed", reason);
        errors.length("trashed", reason, 0, MAX_REASON_LENGTH);
    }
    errors.errors
}

/// Checks a stored label and returns every broken rule.
pub(crate) fn check_label(kind: LabelKind, label: &Label) -> Vec<FieldError> {
    let mut errors = FieldErrors::default();
    errors.label(kind.as_str(), &mut label.name.clone(), max_label_length(kind));
    errors.errors
}
