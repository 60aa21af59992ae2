//! The page of a story.

use gazette_domain::{Endpoint, Label, Status, Story, Teaser};
use leptos::prelude::*;

use crate::components::{Sources, TextLanguage, full_time, long_form, sources};
use crate::frame::Frame;
use crate::page::Page;
use crate::reader::corrections;
use crate::reader::sharing::sharing;

/// Body of a story, rendered for the page.
pub struct Body {
    /// Sanitized HTML.
    pub html: String,
    /// The body begins with the text of the summary, so the page omits the summary.
    pub begins_with_summary: bool,
}

/// Shows a story. `saved` is true if it is on the viewer's list of saved stories.
pub fn story(frame: &Frame, story: &Story, body: Body, saved: bool) -> Page {
    let teaser = &story.teaser;
    let content = article(frame, story, body, saved, Within::OwnPage);
    if !story.is_public(frame.now) {
        let page = Page::private(teaser.headline.clone(), content.into_any());
        return Page { is_interface: false, ..page };
    }
    Page {
        description: (!teaser.summary.is_empty()).then(|| teaser.summary.clone()),
        sharing: Some(sharing(frame, story)),
        ..Page::public(teaser.headline.clone(), &teaser.path(), content.into_any())
    }
}

/// Page that a story is a part of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Within {
    /// Its own page, whose heading is that of the story.
    OwnPage,
    /// The editor, which has a heading of its own.
    Editor,
}

/// Shows a story without the page around it. The preview of the editor shows the same, but for the
/// level of the headline: headings of the text are below it in both.
pub(crate) fn article(
    frame: &Frame,
    story: &Story,
    body: Body,
    saved: bool,
    within: Within,
) -> impl IntoView + use<> {
    let teaser = &story.teaser;
    let language = teaser.language.as_ref().map(TextLanguage::of).unwrap_or_default();
    // Without a known language, each text has the direction of its first letter.
    let dir = teaser.language.is_none().then_some("auto");
    let Body { html, begins_with_summary } = body;
    let standfirst = (!teaser.summary.is_empty() && !begins_with_summary)
        .then(|| view! { <p class="standfirst" dir=dir>{teaser.summary.clone()}</p> });
    let section = Endpoint::Section.path_with(&teaser.section.slug);
    let headline = teaser.headline.clone();
    let headline = match within {
        Within::OwnPage => view! { <h1 dir=dir>{headline}</h1> }.into_any(),
        Within::Editor => view! { <h2 class="story-headline" dir=dir>{headline}</h2> }.into_any(),
    };
    view! {
        <article class="story" lang=language.lang dir=language.dir>
            {status_notice(frame, story)}
            <a class="kicker" dir="auto" href=section>{teaser.section.name.clone()}</a>
            {headline}
            {standfirst}
            {byline(frame, story)}
            {figure(teaser)}
            <div class="body" dir=dir inner_html=html></div>
            {corrections::of_story(frame, story)}
            {tags(teaser)}
            {tools(frame, story, saved)}
        </article>
    }
}

fn byline(frame: &Frame, whole: &Story) -> impl IntoView + use<> {
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
        <div class="byline">
            <address lang=lang.clone() dir=dir>
                "By " {authors}
            </address>
            {full_time(frame, story.published_at, language)}
            <span class="meta" lang=lang dir=dir>{format!("{} min read", story.reading_minutes)}</span>
            {updated}
            {corrections::link(frame, whole)}
        </div>
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

fn figure(story: &Teaser) -> impl IntoView + use<> {
    story.image.as_ref().map(|image| {
        let Sources { src, srcset, sizes } = sources(image, "(min-width: 45em) 42.5rem, 100vw");
        let credit = image.credit.clone().map(|credit| view! { <figcaption>{credit}</figcaption> });
        view! {
            <figure>
                <img
                    src=src
                    srcset=srcset
                    sizes=sizes
                    width=image.width.to_string()
                    height=image.height.to_string()
                    alt=image.alt.clone()
                    fetchpriority="high"
                />
                {credit}
            </figure>
        }
    })
}

fn tags(story: &Teaser) -> impl IntoView + use<> {
    let tags = story
        .tags
        .iter()
        .map(|tag| view! { <li><a dir="auto" href=Endpoint::Tag.path_with(&tag.slug)>{tag.name.clone()}</a></li> })
        .collect_view();
    (!story.tags.is_empty()).then(|| view! { <ul class="tags" aria-label="Tags">{tags}</ul> })
}

/// Shows why readers cannot see the story. Renders nothing for a public story.
fn status_notice(frame: &Frame, story: &Story) -> impl IntoView + use<> {
    let text = match story.status {
        _ if story.is_public(frame.now) => return None,
        _ if story.has_ended(frame.now) => {
            "No longer public \u{2013} visible to the newsroom only.".to_owned()
        }
        Status::Draft => "Draft \u{2013} visible to the newsroom only.".to_owned(),
        Status::Review => "In review \u{2013} visible to the newsroom only.".to_owned(),
        Status::Published if story.teaser.published_at <= frame.now => {
            "No longer published \u{2013} visible to the newsroom only.".to_owned()
        }
        Status::Published => {
            format!("Scheduled for {}.", long_form(frame, story.teaser.published_at))
        }
    };
    let TextLanguage { lang, dir } = interface_inside(frame, story);
    Some(view! { <p class="notice" lang=lang dir=dir>{text}</p> })
}

/// Shows the buttons to save, to correct and to delete the story, as the viewer's permissions allow.
fn tools(frame: &Frame, story: &Story, saved: bool) -> impl IntoView + use<> {
    let teaser = &story.teaser;
    let viewer = frame.viewer.as_ref()?;
    let (endpoint, label) = if saved {
        (Endpoint::RemoveSavedStory, "Remove from saved")
    } else {
        (Endpoint::SaveStory, "Save for later")
    };
    let save = story.is_public(frame.now).then(|| {
        view! {
            <form method="post" action=endpoint.path()>
                <input type="hidden" name="id" value=teaser.id.to_string() />
                <input type="hidden" name="story" value=teaser.slug.to_string() />
                <button class="btn quiet">{label}</button>
            </form>
        }
    });
    let correct = (viewer.may_publish && story.is_public(frame.now)).then(|| {
        let href = Endpoint::StoryCorrections.path_with(teaser.id);
        view! { <a class="btn quiet" href=href>"Add a correction"</a> }
    });
    // Of stories that are not public, others than editors see only their own.
    let may_edit =
        viewer.may_publish || (viewer.may_open_desk && story.status != Status::Published);
    let edit = may_edit.then(|| {
        let href = Endpoint::EditStory.path_with(teaser.id);
        view! { <a class="btn quiet" href=href>"Edit"</a> }
    });
    let delete = viewer.may_delete.then(|| {
        let href = format!("{}?id={}", Endpoint::ConfirmDelete.path(), teaser.id);
        view! { <a class="btn danger" href=href>"Delete this story"</a> }
    });
    let lang = interface_inside(frame, story).lang;
    Some(view! { <div class="tools" lang=lang>{save}{edit}{correct}{delete}</div> })
}

/// Returns the attributes for English text inside the article.
fn interface_inside(frame: &Frame, story: &Story) -> TextLanguage {
    TextLanguage::interface_inside(frame.site.language_of(&story.teaser))
}
