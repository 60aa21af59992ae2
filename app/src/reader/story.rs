//! The page of a story.

use gazette_domain::{Endpoint, Status, Story, Teaser};
use leptos::prelude::*;
use serde_json::json;

use crate::components::{Sources, long_form, sources};
use crate::frame::Frame;
use crate::page::{Page, Sharing};

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
    let Body { html, begins_with_summary } = body;
    let standfirst = (!teaser.summary.is_empty() && !begins_with_summary)
        .then(|| view! { <p class="standfirst">{teaser.summary.clone()}</p> });
    let section = Endpoint::Section.path_with(&teaser.section.slug);
    let content = view! {
        <article class="story">
            {status_notice(frame, story)}
            <a class="kicker" href=section>{teaser.section.name.clone()}</a>
            <h1>{teaser.headline.clone()}</h1>
            {standfirst}
            {byline(teaser)}
            {figure(teaser)}
            <div class="body" inner_html=html></div>
            {tags(teaser)}
            {tools(frame, story, saved)}
        </article>
    };
    if !story.is_public(frame.now) {
        return Page::private(teaser.headline.clone(), content.into_any());
    }
    Page {
        description: (!teaser.summary.is_empty()).then(|| teaser.summary.clone()),
        sharing: Some(sharing(frame, teaser)),
        ..Page::public(teaser.headline.clone(), &teaser.path(), content.into_any())
    }
}

fn byline(story: &Teaser) -> impl IntoView + use<> {
    let author = Endpoint::Author.path_with(&story.author.slug);
    let updated = (story.updated_at > story.published_at).then(|| {
        view! {
            <details class="meta">
                <summary>"Updated"</summary>
                {long_form(story.updated_at)}
            </details>
        }
    });
    view! {
        <div class="byline">
            <address>"By " <a rel="author" href=author>{story.author.name.clone()}</a></address>
            <time datetime=story.published_at.to_string()>{long_form(story.published_at)}</time>
            <span class="meta">{format!("{} min read", story.reading_minutes)}</span>
            {updated}
        </div>
    }
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
        .map(|tag| view! { <li><a href=Endpoint::Tag.path_with(&tag.slug)>{tag.name.clone()}</a></li> })
        .collect_view();
    (!story.tags.is_empty()).then(|| view! { <ul class="tags" aria-label="Tags">{tags}</ul> })
}

/// Shows why readers cannot see the story. Renders nothing for a public story.
fn status_notice(frame: &Frame, story: &Story) -> impl IntoView + use<> {
    let text = match story.status {
        _ if story.is_public(frame.now) => return None,
        Status::Draft => "Draft \u{2013} visible to the newsroom only.".to_owned(),
        Status::Published => format!("Scheduled for {}.", long_form(story.teaser.published_at)),
    };
    Some(view! { <p class="notice">{text}</p> })
}

/// Shows the buttons to save and to delete the story, as the viewer's permissions allow.
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
    let delete = viewer.may_delete.then(|| {
        let href = format!("{}?id={}", Endpoint::ConfirmDelete.path(), teaser.id);
        view! { <a class="btn danger" href=href>"Delete this story"</a> }
    });
    Some(view! { <div class="tools">{save}{delete}</div> })
}

fn sharing(frame: &Frame, story: &Teaser) -> Sharing {
    let site = &frame.site;
    let data = json!({
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "headline": story.headline,
        "description": story.summary,
        "image": story.image.iter().map(|image| frame.absolute(&image.url)).collect::<Vec<_>>(),
        "datePublished": story.published_at,
        "dateModified": story.updated_at,
        "articleSection": story.section.name,
        "keywords": story.tags.iter().map(|tag| &tag.name).collect::<Vec<_>>(),
        "inLanguage": "en",
        "author": [{
            "@type": "Person",
            "name": story.author.name,
            "url": frame.absolute(&Endpoint::Author.path_with(&story.author.slug)),
        }],
        "publisher": { "@type": "NewsMediaOrganization", "name": site.title, "url": site.public_url },
        "mainEntityOfPage": frame.absolute(&story.path()),
    });
    Sharing {
        path: story.path(),
        image: story.image.as_ref().map(|image| image.url.clone()),
        published_at: story.published_at,
        updated_at: story.updated_at,
        // Inside a script element, only `<` can end the element or open a comment.
        structured_data: data.to_string().replace('<', "\\u003c"),
    }
}
