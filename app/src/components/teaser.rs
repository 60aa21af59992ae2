//! The teaser that stands for a story in lists.

use gazette_domain::Teaser;
use jiff::Timestamp;
use leptos::prelude::*;

use crate::components::time;

/// How much room a teaser takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Prominence {
    /// The first story of the front page.
    Lead,
    /// Beside the lead.
    Side,
    /// One of four in a row.
    Quarter,
    /// A row of a list.
    Row,
}

impl Prominence {
    fn class(self) -> &'static str {
        match self {
            Self::Lead => "card lead",
            Self::Side => "card compact",
            Self::Quarter => "card quarter compact",
            Self::Row => "card row compact",
        }
    }
}

/// Shows a story in a list; only the headline is a link, and it covers the teaser.
pub fn teaser(story: &Teaser, prominence: Prominence, now: Timestamp) -> impl IntoView + use<> {
    let lead = prominence == Prominence::Lead;
    let media = story.image.as_ref().map(|image| {
        // Decorative here: the headline beside it says what the story is about.
        view! {
            <div class="media">
                <img
                    src=image.url.clone()
                    width=image.width.to_string()
                    height=image.height.to_string()
                    alt=""
                    loading=(!lead).then_some("lazy")
                    decoding=(!lead).then_some("async")
                    fetchpriority=lead.then_some("high")
                />
            </div>
        }
    });
    // Without a picture the words fill its place.
    let with_summary = match prominence {
        Prominence::Lead | Prominence::Row => true,
        Prominence::Side => false,
        Prominence::Quarter => story.image.is_none(),
    };
    let summary = (with_summary && !story.summary.is_empty())
        .then(|| view! { <p>{story.summary.clone()}</p> });
    view! {
        <li class=prominence.class()>
            {media}
            {kicker(story, prominence)}
            {heading(story, prominence)}
            {summary}
            <span class="meta">{time(story.published_at, now)}</span>
        </li>
    }
}

/// The section; within a section, where that goes without saying, what the story is about.
fn kicker(story: &Teaser, prominence: Prominence) -> impl IntoView + use<> {
    let label = match prominence {
        Prominence::Quarter => story.tags.first(),
        Prominence::Lead | Prominence::Side | Prominence::Row => Some(&story.section),
    };
    label.map(|label| view! { <span class="kicker">{label.name.clone()}</span> })
}

/// The headline, one level below what stands over the list.
fn heading(story: &Teaser, prominence: Prominence) -> impl IntoView + use<> {
    let link = view! { <a href=story.path()>{story.headline.clone()}</a> };
    match prominence {
        Prominence::Row => view! { <h2>{link}</h2> }.into_any(),
        Prominence::Lead | Prominence::Side | Prominence::Quarter => {
            view! { <h3>{link}</h3> }.into_any()
        }
    }
}
