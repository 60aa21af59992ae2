//! A story as the index has it.

use gazette_domain::{Label, LabelKind, Language, Story};
use tantivy::TantivyDocument;

use crate::search::plain_text::plain_text;
use crate::search::schema::Fields;
use crate::search::stems::Stems;
use crate::search::word_list::WordLister;

/// Makes the document of a story. `site` is the language of a story that names none.
pub(super) fn document(story: &Story, fields: &Fields, site: &Language) -> TantivyDocument {
    let teaser = &story.teaser;
    let language = teaser.language.as_ref().unwrap_or(site).primary();
    let mut lister = WordLister::new(Stems::of_story(teaser.language.as_ref(), site));
    let names: Vec<&str> = [LabelKind::Section, LabelKind::Tag, LabelKind::Author]
        .into_iter()
        .flat_map(|kind| teaser.labels(kind).iter().map(label_name))
        .collect();
    let headline = lister.list(&[teaser.headline.as_str()]);
    let names = lister.list(&names);
    let summary = lister.list(&[teaser.summary.as_str()]);
    let body = lister.list(&[&plain_text(&story.body)]);
    // Words of the summary count twice, which saves a field.
    let all = [headline.as_str(), &names, &summary, &summary, &body].concat();
    let mut document = TantivyDocument::new();
    document.add_text(fields.id, teaser.id.to_string());
    document.add_text(fields.section, teaser.section.slug.as_str());
    document.add_text(fields.language, language);
    document.add_i64(fields.published_at, teaser.published_at.as_second());
    let end = teaser.unpublish_at.map_or(i64::MAX, jiff::Timestamp::as_second);
    document.add_i64(fields.ends_at, end);
    document.add_text(fields.headline, headline);
    document.add_text(fields.names, names);
    document.add_text(fields.text, all);
    document
}

fn label_name(label: &Label) -> &str {
    &label.name
}
