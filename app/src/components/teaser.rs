//! The teaser: a story in a list, with headline, summary and picture.

use gazette_domain::{Label, Teaser};
use leptos::prelude::*;

use crate::components::language::TextLanguage;
use crate::components::picture::{Sources, sources};
use crate::components::time::{brief_time, time};
use crate::frame::Frame;
use crate::markup::{IntoMarkup as _, Markup};

/// Size and position of a teaser. The style sheet has the sizes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Prominence {
    /// Main story of the front page.
    Lead,
    /// Next to the lead, with a picture.
    Side,
    /// Headline below the lead.
    Sub,
    /// Line of the latest stories; `true` if it has room for a summary.
    Latest(bool),
    /// Main story of a section.
    Big,
    /// Quarter of the page width, with a picture.
    Quarter,
    /// Row without a picture, beside others.
    Text,
    /// First of a short list, with a small picture.
    Thumb,
    /// Row of a short list.
    Short,
    /// Full row of a list.
    Row,
}

impl Prominence {
    fn class(self) -> &'static str {
        match self {
            Self::Lead => "card lead-card",
            Self::Side => "card upright",
            Self::Sub => "card sub",
            Self::Latest(_) => "card line",
            Self::Big => "card big",
            Self::Quarter => "card upright quarter",
            Self::Text | Self::Short => "card",
            Self::Thumb => "card thumb",
            Self::Row => "card row",
        }
    }

    /// Returns the width of the picture, as the style sheet sets it; `None` for teasers without.
    fn sizes(self) -> Option<&'static str> {
        Some(match self {
            Self::Lead => "(min-width: 61.25em) 38rem, (min-width: 46.25em) 60vw, 100vw",
            Self::Side => "(min-width: 61.25em) 16rem, (min-width: 46.25em) 33vw, 7.5rem",
            Self::Big => "(min-width: 46.25em) 50vw, 100vw",
            Self::Quarter => "(min-width: 61.25em) 18rem, (min-width: 46.25em) 50vw, 7.5rem",
            Self::Thumb => "7.5rem",
            Self::Row => "(min-width: 46.25em) 15rem, 7.5rem",
            Self::Sub | Self::Latest(_) | Self::Text | Self::Short => return None,
        })
    }

    fn has_summary(self) -> bool {
        match self {
            Self::Lead | Self::Big | Self::Text | Self::Row | Self::Latest(true) => true,
            Self::Side
            | Self::Sub
            | Self::Latest(false)
            | Self::Quarter
            | Self::Thumb
            | Self::Short => false,
        }
    }

    /// Returns the label above the headline: the section; in a band of a section, the first tag.
    fn kicker(self, story: &Teaser, in_section: bool) -> Option<&Label> {
        match self {
            Self::Sub | Self::Latest(_) => None,
            _ if !in_section => Some(&story.section),
            _ => story.tags.iter().find(|tag| tag.slug != story.section.slug),
        }
    }
}

/// Shows the items of a list of stories. `in_section` is true if the list is that of their section.
///
/// Only the headline is a link; the style sheet extends it over the teaser.
pub fn teasers<'s>(
    frame: &Frame,
    stories: impl IntoIterator<Item = &'s Teaser>,
    prominence: Prominence,
    in_section: bool,
) -> Vec<Markup> {
    let item = |story| {
        let content = content(frame, story, prominence, in_section);
        view! { <li class=prominence.class()>{content}</li> }.into_markup()
    };
    stories.into_iter().map(item).collect()
}

/// Shows a story by itself, outside a list. `in_section` is true in a band of its section.
pub fn single_teaser(
    frame: &Frame,
    story: &Teaser,
    prominence: Prominence,
    in_section: bool,
) -> impl IntoView + use<> {
    view! {
        <article class=prominence.class()>
            {content(frame, story, prominence, in_section)}
        </article>
    }
}

fn content(
    frame: &Frame,
    story: &Teaser,
    prominence: Prominence,
    in_section: bool,
) -> impl IntoView + use<> {
    let kicker = prominence.kicker(story, in_section).map(|label| {
        view! { <span class="kicker" dir="auto">{label.name.clone()}</span> }
    });
    let is_line = matches!(prominence, Prominence::Latest(_));
    let before = is_line.then(|| brief_time(frame, story.published_at));
    let after = (!is_line).then(|| meta(frame, story, prominence));
    view! {
        {media(story, prominence)}
        {kicker}
        {before}
        {heading(story, prominence)}
        {summary(story, prominence)}
        {after}
    }
}

fn media(story: &Teaser, prominence: Prominence) -> impl IntoView + use<> {
    let lead = prominence == Prominence::Lead;
    story.image.as_ref().zip(prominence.sizes()).map(|(image, sizes)| {
        let Sources { src, srcset, sizes } = sources(image, sizes);
        // The picture is decorative here, because the headline next to it names the story.
        view! {
            <div class="media">
                <img
                    src=src
                    srcset=srcset
                    sizes=sizes
                    width=image.width.to_string()
                    height=image.height.to_string()
                    alt=""
                    loading=(!lead).then_some("lazy")
                    decoding=(!lead).then_some("async")
                    fetchpriority=lead.then_some("high")
                />
            </div>
        }
    })
}

/// Shows the headline, one level below the heading of the list.
fn heading(story: &Teaser, prominence: Prominence) -> impl IntoView + use<> {
    let TextLanguage { lang, dir } = TextLanguage::of_story(story);
    let link = view! { <a href=story.path()>{story.headline.clone()}</a> };
    match prominence {
        Prominence::Row => view! { <h2 lang=lang dir=dir>{link}</h2> }.into_markup(),
        _ => view! { <h3 lang=lang dir=dir>{link}</h3> }.into_markup(),
    }
}

fn summary(story: &Teaser, prominence: Prominence) -> impl IntoView + use<> {
    let TextLanguage { lang, dir } = TextLanguage::of_story(story);
    (prominence.has_summary() && !story.summary.is_empty())
        .then(|| view! { <p lang=lang dir=dir>{story.summary.clone()}</p> })
}

/// Shows the time; for the main story also who wrote it and how long it takes to read.
fn meta(frame: &Frame, story: &Teaser, prominence: Prominence) -> impl IntoView + use<> {
    let is_lead = prominence == Prominence::Lead;
    let author = story.authors.first().filter(|_| is_lead).map(|author| {
        view! { <span dir="auto">{author.name.clone()}</span> " \u{b7} " }
    });
    let language = TextLanguage::interface(frame);
    let minutes = is_lead.then(|| {
        let minutes = format!("{} min read", story.reading_minutes);
        view! { " \u{b7} " <span lang=language.lang dir=language.dir>{minutes}</span> }
    });
    view! { <span class="meta">{author} {time(frame, story.published_at)} {minutes}</span> }
}
