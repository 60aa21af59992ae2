//! Authors and times of a story: the line below the headline, and the lines below the text.

use gazette_domain::{Endpoint, Label, Story};
use leptos::prelude::*;

use crate::components::{TextLanguage, full_time, long_form};
use crate::frame::Frame;
use crate::reader::corrections;

/// Shows the authors, the times and the corrections.
pub(super) fn byline(frame: &Frame, whole: &Story) -> impl IntoView + use<> {
    let story = &whole.teaser;
    let language = frame.site.language_of(story);
    let TextLanguage { lang, dir } = TextLanguage::interface_inside(language);
    let authors = author_links(&story.authors);
    let updated = (story.updated_at > story.published_at).then(|| {
        view! {
            <details class="meta" lang=lang.clone() dir=dir>
                <summary>"Updated"</summary>
                {long_form(frame, story.updated_at)}
            </details>
        }
    });
    view! {
        <address lang=lang.clone() dir=dir>
            "By " {authors}
        </address>
        {full_time(frame, story.published_at, language)}
        <span class="meta" lang=lang dir=dir>{format!("{} min read", story.reading_minutes)}</span>
        {updated}
        {corrections::link(frame, whole)}
    }
}

/// Shows links to the authors: "A", "A and B", "A, B and C".
fn author_links(authors: &[Label]) -> impl IntoView + use<> {
    let last = authors.len().saturating_sub(1);
    let link = |(index, author): (usize, &Label)| {
        let separator = match index {
            0 => "",
            index if index == last => " and ",
            _ => ", ",
        };
        let href = Endpoint::Author.path_with(&author.slug);
        view! { {separator} <a rel="author" dir="auto" href=href>{author.name.clone()}</a> }
    };
    authors.iter().enumerate().map(link).collect_view()
}

/// Shows a line for each author below the text, with a link to their stories.
pub(super) fn author_lines(frame: &Frame, story: &Story) -> impl IntoView + use<> {
    let language = frame.site.language_of(&story.teaser);
    let TextLanguage { lang, dir } = TextLanguage::interface_inside(language);
    let line = |author: &Label| {
        let href = Endpoint::Author.path_with(&author.slug);
        view! {
            <li>
                <span class="avatar" aria-hidden="true">{initials(&author.name)}</span>
                <span>
                    <strong><bdi>{author.name.clone()}</bdi></strong>
                    <a href=href>"More by " <bdi>{author.name.clone()}</bdi></a>
                </span>
            </li>
        }
    };
    let lines = story.teaser.authors.iter().map(line).collect_view();
    view! { <ul class="authors" lang=lang dir=dir aria-label="Authors">{lines}</ul> }
}

/// Returns the first letters of the first and the last name.
fn initials(name: &str) -> String {
    let mut words = name.split_whitespace().filter_map(|word| word.chars().next());
    let first = words.next();
    first.into_iter().chain(words.next_back()).flat_map(char::to_uppercase).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn initials_are_of_the_first_and_the_last_name() {
        for (name, expected) in [
            ("Maren Ashlock", "MA"),
            ("Ludwig van Beethoven", "LB"),
            ("editor", "E"),
            ("\u{4f50}\u{85e4} \u{82b1}\u{5b50}", "\u{4f50}\u{82b1}"),
            ("", ""),
        ] {
            assert_eq!(initials(name), expected);
        }
    }
}
