//! The page of a story.

use gazette_domain::{Endpoint, Status, Story, Teaser};
use leptos::prelude::*;

use crate::components::{Sources, TextLanguage, long_form, sources};
use crate::frame::Frame;
use crate::markup::IntoMarkup as _;
use crate::member::{ReadingListNotice, reading_list_notice};
use crate::page::Page;
use crate::reader::acts::{acts, newsroom_acts};
use crate::reader::byline::{author_lines, byline};
use crate::reader::corrections;
use crate::reader::more::{MoreStories, more};
use crate::reader::sharing::sharing;

/// Body of a story, rendered for the page.
pub struct Body {
    /// Sanitized HTML.
    pub html: String,
    /// The body begins with the text of the summary, so the page omits the summary.
    pub begins_with_summary: bool,
}

/// Content of a story's page besides the story.
#[derive(Clone, Debug, Default)]
pub struct StoryExtras {
    /// The story is on the viewer's list of saved stories.
    pub saved: bool,
    /// Outcome of the form that led here.
    pub notice: Option<ReadingListNotice>,
    /// Other stories.
    pub more: MoreStories,
}

/// Shows a story.
pub fn story(frame: &Frame, story: &Story, body: Body, extras: &StoryExtras) -> Page {
    let teaser = &story.teaser;
    let notice = extras.notice.map(|notice| reading_list_notice(frame, notice));
    let content = view! {
        {notice}
        {article(frame, story, body, Within::OwnPage { saved: extras.saved })}
        {more(frame, &teaser.section, &extras.more)}
    };
    if !story.is_public(frame.now) {
        let page = Page::private(teaser.headline.clone(), content.into_markup());
        return Page { is_interface: false, ..page };
    }
    Page {
        description: (!teaser.summary.is_empty()).then(|| teaser.summary.clone()),
        sharing: Some(sharing(frame, story)),
        ..Page::public(teaser.headline.clone(), &teaser.path(), content.into_markup())
    }
}

/// Page that a story is a part of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Within {
    /// Its own page, whose heading is that of the story.
    OwnPage {
        /// The story is on the viewer's list of saved stories.
        saved: bool,
    },
    /// The editor, which has a heading of its own.
    Editor,
}

/// Shows a story without the page around it. The preview of the editor shows the same, but for its
/// buttons and the level of the headline: headings of the text are below it in both.
pub(crate) fn article(
    frame: &Frame,
    story: &Story,
    body: Body,
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
        Within::OwnPage { .. } => view! { <h1 dir=dir>{headline}</h1> }.into_markup(),
        Within::Editor => {
            view! { <h2 class="story-headline" dir=dir>{headline}</h2> }.into_markup()
        }
    };
    let (acts, newsroom_acts) = match within {
        Within::OwnPage { saved } => {
            (Some(acts(frame, story, saved)), Some(newsroom_acts(frame, story)))
        }
        Within::Editor => (None, None),
    };
    view! {
        <article class="story" lang=language.lang dir=language.dir>
            {status_notice(frame, story)}
            <header>
                <a class="kicker" dir="auto" href=section>{teaser.section.name.clone()}</a>
                {headline}
                {standfirst}
                <div class="byline">
                    {byline(frame, story)}
                    {acts}
                </div>
            </header>
            {figure(teaser)}
            <div class="body" dir=dir inner_html=html></div>
            {corrections::of_story(frame, story)}
            {tags(teaser)}
            {author_lines(frame, story)}
            {newsroom_acts}
        </article>
    }
}

fn figure(story: &Teaser) -> impl IntoView + use<> {
    story.image.as_ref().map(|image| {
        let Sources { src, srcset, sizes } = sources(image, "(min-width: 60em) 60rem, 100vw");
        let part = |text: &Option<String>, class: &'static str| {
            text.clone().map(|text| view! { <span class=class dir="auto">{text}</span> })
        };
        let caption = (image.caption.is_some() || image.credit.is_some()).then(|| {
            let (caption, credit) =
                (part(&image.caption, "caption"), part(&image.credit, "credit"));
            view! { <figcaption>{caption} {credit}</figcaption> }
        });
        view! {
            <figure class="wide">
                <img
                    src=src
                    srcset=srcset
                    sizes=sizes
                    width=image.width.to_string()
                    height=image.height.to_string()
                    alt=image.alt.clone()
                    fetchpriority="high"
                />
                {caption}
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

/// Returns the attributes for English text inside the article.
fn interface_inside(frame: &Frame, story: &Story) -> TextLanguage {
    TextLanguage::interface_inside(frame.site.language_of(&story.teaser))
}
