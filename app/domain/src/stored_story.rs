//! The rules of stories that were stored elsewhere: those of [`StoryInput`], and those that a desk
//! keeps by construction.

use crate::story::{Label, Story};
use crate::story_input::{FieldError, FieldErrors, MAX_SECTION_LENGTH, StoryInput};

/// Highest version that sorts correctly among the earlier versions of a story.
const MAX_VERSION: u64 = 9_999_999_999;
const MAX_ACTOR_LENGTH: usize = 200;

/// Checks a stored story and returns every broken rule.
pub(crate) fn check(
    story: &Story,
    body_rule: impl FnOnce(&str) -> Result<(), String>,
) -> Vec<FieldError> {
    let mut errors = match input_of(story).check() {
        Ok(valid) => {
            let mut errors = FieldErrors::default();
            let teaser = &story.teaser;
            errors.normal("headline", valid.input.headline == teaser.headline);
            errors.normal("summary", valid.input.summary == teaser.summary);
            errors.normal("section", valid.section.name == teaser.section.name);
            errors.normal("author", valid.author.name == teaser.author.name);
            let names = valid.tags.iter().map(|tag| &tag.name);
            errors.normal("tags", names.eq(teaser.tags.iter().map(|tag| &tag.name)));
            if let Err(message) = body_rule(&story.body) {
                errors.add("body", message);
            }
            errors
        }
        Err(errors) => FieldErrors(errors),
    };
    errors.date("updated_at", story.teaser.updated_at);
    if !(1..=MAX_VERSION).contains(&story.version) {
        errors.add("version", format!("must be between 1 and {MAX_VERSION}"));
    }
    if let Some(trashed) = &story.trashed {
        errors.date("trashed", trashed.at);
        errors.line("trashed", &trashed.by);
        errors.length("trashed", &trashed.by, 0, MAX_ACTOR_LENGTH);
    }
    errors.0
}

/// Checks a stored section and returns every broken rule.
pub(crate) fn check_section(section: &Label) -> Vec<FieldError> {
    let mut errors = FieldErrors::default();
    errors.label("section", &section.name, MAX_SECTION_LENGTH);
    errors.0
}

impl FieldErrors {
    fn normal(&mut self, field: &'static str, is_normal: bool) {
        if !is_normal {
            self.add(field, "has line breaks, repeated spaces or a repeated name");
        }
    }
}

fn input_of(story: &Story) -> StoryInput {
    let teaser = &story.teaser;
    StoryInput {
        headline: teaser.headline.clone(),
        summary: teaser.summary.clone(),
        body: story.body.clone(),
        section: teaser.section.name.clone(),
        tags: teaser.tags.iter().map(|tag| tag.name.clone()).collect(),
        author: teaser.author.name.clone(),
        image: teaser.image.clone(),
        published_at: teaser.published_at,
        status: story.status,
        slug: Some(teaser.slug.clone()),
        source: story.source.clone(),
    }
}
