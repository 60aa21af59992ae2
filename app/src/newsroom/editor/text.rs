//! The pane of the text: headline, standfirst and body.

use gazette_domain::{count_words, reading_minutes};
use leptos::prelude::*;

use super::bar::narrow_acts;
use super::fields::Field;
use super::model::{Editor, Stage};
use super::toolbar::toolbar;
use crate::islands::StoryEditor;
use crate::markup::IntoMarkup as _;

/// Shows the fields of the text.
pub(super) fn text_pane(editor: &Editor) -> impl IntoView + use<> {
    let (form, errors) = (&editor.form, editor.errors.as_slice());
    let words = count_words(&form.body);
    let minutes = (words > 0).then(|| format!("{} min read", reading_minutes(&form.body)));
    let tools = view! {
        {toolbar()}
        {markdown_help()}
        <StoryEditor />
    };
    let is_blank = editor.stage == Stage::New && !editor.is_unsaved;
    view! {
        <section class="pane text" aria-label="Text">
            {Field::new("headline", &form.headline, errors).focus(is_blank).area(2, "headline")}
            {Field::new("summary", &form.summary, errors).area(2, "standfirst")}
            {Field::new("body", &form.body, errors).area_with(18, "markdown", Some(tools.into_markup()))}
            <div class="count">
                <span id="words">{words_text(words)}</span>
                <span id="minutes">{minutes}</span>
            </div>
            {narrow_acts(editor)}
        </section>
    }
}

fn words_text(words: usize) -> String {
    if words == 1 { "1 word".to_owned() } else { format!("{words} words") }
}

fn markdown_help() -> impl IntoView {
    let rows = [
        ("## Heading", "a heading"),
        ("**bold**, *italic*", "emphasis"),
        ("> quoted", "a quotation"),
        ("- item", "a list"),
        ("[words](https://example.com)", "a link"),
        ("![what it shows](/images/\u{2026})", "a picture"),
        ("`code`", "code"),
    ]
    .map(|(typed, meaning)| view! { <div><dt><code>{typed}</code></dt><dd>{meaning}</dd></div> });
    view! {
        <details class="markdown-help">
            <summary>"Markdown help"</summary>
            <dl>{rows.collect_view()}</dl>
        </details>
    }
}
