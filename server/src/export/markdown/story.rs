//! A stored story as other systems describe one.

use gazette_domain::{Status, Story};

use crate::import::{SourceImage, SourceStory};

/// Returns the description of a story. `old_paths` are its former addresses.
pub(crate) fn source_story_of(story: &Story, old_paths: Vec<String>) -> SourceStory {
    let teaser = &story.teaser;
    SourceStory {
        key: teaser.id.to_string(),
        headline: teaser.headline.clone(),
        summary: Some(teaser.summary.clone()).filter(|summary| !summary.is_empty()),
        body: story.body.clone(),
        section: Some(teaser.section.name.clone()),
        tags: teaser.tags.iter().map(|tag| tag.name.clone()).collect(),
        authors: teaser.authors.iter().map(|author| author.name.clone()).collect(),
        language: teaser.language.as_ref().map(ToString::to_string),
        slug: Some(teaser.slug.to_string()),
        published_at: Some(teaser.published_at),
        unpublish_at: teaser.unpublish_at,
        is_draft: story.status != Status::Published,
        image: teaser.image.as_ref().map(|image| SourceImage {
            url: image.url.clone(),
            alt: Some(image.alt.clone()).filter(|alt| !alt.is_empty()),
            caption: image.caption.clone(),
            credit: image.credit.clone(),
        }),
        old_paths,
        notes: Vec::new(),
    }
}
