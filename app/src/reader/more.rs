//! Other stories below a story.

use gazette_domain::{Endpoint, Label, Teaser};
use leptos::prelude::*;

use crate::components::{Prominence, TextLanguage, teasers};
use crate::frame::Frame;
use crate::markup::IntoMarkup as _;

/// Stories that the row has.
const ROW: usize = 4;

/// Stories to read after a story.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MoreStories {
    /// Other stories of the section, newest first.
    pub of_section: Vec<Teaser>,
    /// Other stories of any section, for a section that has too few; newest first.
    pub of_site: Vec<Teaser>,
}

/// Shows a row of stories: those of the section if they fill it, else of the whole site.
pub(super) fn more(frame: &Frame, section: &Label, more: &MoreStories) -> impl IntoView + use<> {
    let MoreStories { of_section, of_site } = more;
    let in_section = of_section.len() >= ROW;
    let stories: Vec<&Teaser> = if in_section { of_section } else { of_site }.iter().collect();
    let (stories, prominence) = row(&stories);
    let class = if prominence == Prominence::Quarter { "four" } else { "headlines fours" };
    let teasers = teasers(frame, stories, prominence, in_section);
    let header = header(frame, in_section.then_some(section));
    (!teasers.is_empty()).then(|| {
        view! {
            <section class="band more-stories" aria-labelledby="more">
                {header}
                <ul class=class>{teasers}</ul>
            </section>
        }
    })
}

/// Chooses the stories of the row: with pictures if there are enough of them, else all without.
/// A single story makes no row.
fn row<'a>(stories: &[&'a Teaser]) -> (Vec<&'a Teaser>, Prominence) {
    let pictured: Vec<&Teaser> =
        stories.iter().copied().filter(|story| story.image.is_some()).take(ROW).collect();
    if pictured.len() == ROW {
        return (pictured, Prominence::Quarter);
    }
    let count = if stories.len() < 2 { 0 } else { ROW.min(stories.len()) };
    (stories.iter().copied().take(count).collect(), Prominence::Text)
}

fn header(frame: &Frame, section: Option<&Label>) -> impl IntoView + use<> {
    let TextLanguage { lang, dir } = TextLanguage::interface(frame);
    let (title, all, href) = match section {
        Some(section) => {
            let name = section.name.clone();
            let title = view! { "More in " <bdi>{name.clone()}</bdi> }.into_markup();
            let all = view! { "All " <bdi>{name}</bdi> " stories" }.into_markup();
            (title, all, Endpoint::Section.path_with(&section.slug))
        }
        None => (
            "More news".into_markup(),
            "All stories".into_markup(),
            Endpoint::ListNews.path().to_owned(),
        ),
    };
    view! {
        <header class="band-head" lang=lang dir=dir>
            <h2 id="more">{title}</h2>
            <a class="more" href=href>{all}</a>
        </header>
    }
}
