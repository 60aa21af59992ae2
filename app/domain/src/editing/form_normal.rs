//! The normal form of what is typed: two forms that make the same story are equal in it.

use crate::editing::story_form::StoryForm;
use crate::story_input::DEFAULT_SECTION;

/// Returns the form with single spaces, tidy lists and a section. The body stays as it is.
pub(crate) fn normal(form: &StoryForm) -> StoryForm {
    let line = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    let list = |text: &str| names(text).collect::<Vec<_>>().join(", ");
    let section = DEFAULT_SECTION.to_owned();
    StoryForm {
        headline: line(&form.headline),
        slug: line(&form.slug),
        summary: line(&form.summary),
        body: form.body.clone(),
        section: Some(line(&form.section)).filter(|name| !name.is_empty()).unwrap_or(section),
        tags: list(&form.tags),
        authors: list(&form.authors),
        language: line(&form.language),
        image: line(&form.image),
        image_alt: line(&form.image_alt),
        image_caption: line(&form.image_caption),
        image_credit: line(&form.image_credit),
        publish_at: line(&form.publish_at),
        unpublish_at: line(&form.unpublish_at),
        pin_until: line(&form.pin_until),
    }
}

/// Returns the names of a list that are separated by commas.
pub(crate) fn names(list: &str) -> impl Iterator<Item = String> {
    let words = |name: &str| name.split_whitespace().collect::<Vec<_>>().join(" ");
    list.split(',').map(words).filter(|name| !name.is_empty())
}
