//! The teaser: a story in a list, with headline, summary and picture.

use gazette_domain::Teaser;
use leptos::prelude::*;

use crate::components::language::TextLanguage;
use crate::components::picture::{Sources, sources};
use crate::components::time::time;
use crate::frame::Frame;

/// Size and position of a teaser.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Prominence {
    /// Main story of the front page.
    Lead,
    /// Next to the lead.
    Side,
    /// Quarter of the page width.
    Quarter,
    /// Full row of a list.
    Row,
}

impl Prominence {
    fn class(self) -> &'static str {
        match self {
            Self::Lead => "teaser lead",
            Self::Side => "teaser compact",
            Self::Quarter => "teaser quarter compact",
            Self::Row => "teaser row compact",
        }
    }
}

impl Prominence {
    /// Returns the width of the picture, as the style sheet sets it.
    fn sizes(self) -> &'static str {
        match self {
            Self::Lead => "(min-width: 46.25em) 50rem, 100vw",
            Self::Side => "(min-width: 46.25em) 25rem, 100vw",
            Self::Quarter => "(min-width: 61.25em) 18rem, (min-width: 46.25em) 50vw, 100vw",
            Self::Row => "(min-width: 46.25em) 15rem, 100vw",
        }
    }
}

/// Shows a story in a list. Only the headline is a link; the style sheet extends it over the teaser.
pub fn teaser(frame: &Frame, story: &Teaser, prominence: Prominence) -> impl IntoView + use<> {
    view! {
        <li class=prominence.class()>
            {media(story, prominence)}
            {kicker(story, prominence)}
            {heading(story, prominence)}
            {summary(story, prominence)}
            <span class="meta">{time(frame, story.published_at)}</span>
        </li>
    }
}

fn media(story: &Teaser, prominence: Prominence) -> impl IntoView + use<> {
    let lead = prominence == Prominence::Lead;
    story.image.as_ref().map(|image| {
        let Sources { src, srcset, sizes } = sources(image, prominence.sizes());
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

/// Shows the section; inside a section's own list, the first tag instead.
fn kicker(story: &Teaser, prominence: Prominence) -> impl IntoView + use<> {
    let label = match prominence {
        Prominence::Quarter => story.tags.first(),
        Prominence::Lead | Prominence::Side | Prominence::Row => Some(&story.section),
    };
    label.map(|label| view! { <span class="kicker" dir="auto">{label.name.clone()}</span> })
}

/// Shows the headline, one level below the heading of the list.
fn heading(story: &Teaser, prominence: Prominence) -> impl IntoView + use<> {
    let TextLanguage { lang, dir } = TextLanguage::of_story(story);
    let link = view! { <a href=story.path()>{story.headline.clone()}</a> };
    match prominence {
        Prominence::Row => view! { <h2 lang=lang dir=dir>{link}</h2> }.into_any(),
        Prominence::Lead | Prominence::Side | Prominence::Quarter => {
            view! { <h3 lang=lang dir=dir>{link}</h3> }.into_any()
        }
    }
}

fn summary(story: &Teaser, prominence: Prominence) -> impl IntoView + use<> {
    let shown = match prominence {
        Prominence::Lead | Prominence::Row => true,
        Prominence::Side => false,
        // A quarter has room for a summary only when it has no picture.
        Prominence::Quarter => story.image.is_none(),
    };
    let TextLanguage { lang, dir } = TextLanguage::of_story(story);
    (shown && !story.summary.is_empty())
        .then(|| view! { <p lang=lang dir=dir>{story.summary.clone()}</p> })
}
