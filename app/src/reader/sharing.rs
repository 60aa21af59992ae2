//! Metadata of a story for other sites and search engines.

use gazette_domain::{Endpoint, Label, Language, Story, count_words};
use serde_json::{Value, json};

use crate::document::publisher;
use crate::frame::Frame;
use crate::page::{SharedPicture, Sharing, json_ld};
use crate::reader::corrections;

/// Returns the metadata of a public story.
pub(super) fn sharing(frame: &Frame, whole: &Story) -> Sharing {
    let story = &whole.teaser;
    let site = &frame.site;
    let author_url = |author: &Label| frame.absolute(&Endpoint::Author.path_with(&author.slug));
    Sharing {
        locale: open_graph_locale(site.language_of(story)),
        image: story.image.as_ref().and_then(|image| site.shared_picture(image)),
        published_at: story.published_at,
        updated_at: story.updated_for_readers(),
        section: story.section.name.clone(),
        authors: story.authors.iter().map(author_url).collect(),
        tags: story.tags.iter().map(|tag| tag.name.clone()).collect(),
        structured_data: vec![
            json_ld(&news_article(frame, whole)),
            json_ld(&breadcrumbs(frame, whole)),
        ],
    }
}

/// Describes the story with every field that Google lists for news.
fn news_article(frame: &Frame, whole: &Story) -> Value {
    let story = &whole.teaser;
    let site = &frame.site;
    let url = frame.absolute(&story.path());
    let author = |author: &Label| {
        json!({
            "@type": "Person",
            "name": author.name,
            "url": frame.absolute(&Endpoint::Author.path_with(&author.slug)),
        })
    };
    let image = |picture: &SharedPicture| {
        json!({
            "@type": "ImageObject",
            "url": frame.absolute(&picture.path),
            "width": picture.width,
            "height": picture.height,
        })
    };
    let images = story.image.iter().flat_map(|image| site.raster_pictures(image));
    let mut data = json!({
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "@id": url,
        "url": url,
        "mainEntityOfPage": { "@type": "WebPage", "@id": url },
        "headline": story.headline,
        "description": story.summary,
        "image": images.map(|picture| image(&picture)).collect::<Vec<_>>(),
        "datePublished": story.published_at,
        "dateModified": story.updated_for_readers(),
        "author": story.authors.iter().map(author).collect::<Vec<_>>(),
        "publisher": publisher(site),
        "articleSection": story.section.name,
        "keywords": story.tags.iter().map(|tag| &tag.name).collect::<Vec<_>>(),
        "inLanguage": site.language_of(story).as_str(),
        "wordCount": count_words(&whole.body),
        "isAccessibleForFree": true,
    });
    corrections::add_structured_data(&mut data, whole);
    data
}

/// Describes the way to the story: the front page, and its section.
fn breadcrumbs(frame: &Frame, whole: &Story) -> Value {
    let story = &whole.teaser;
    let item = |position: u32, name: &str, path: &str| {
        json!({
            "@type": "ListItem",
            "position": position,
            "name": name,
            "item": frame.absolute(path),
        })
    };
    json!({
        "@context": "https://schema.org",
        "@type": "BreadcrumbList",
        "itemListElement": [
            item(1, &frame.site.title, Endpoint::FrontPage.path()),
            item(2, &story.section.name, &Endpoint::Section.path_with(&story.section.slug)),
            item(3, &story.headline, &story.path()),
        ],
    })
}

/// Returns the language with its region as Open Graph writes it; the format requires a region.
fn open_graph_locale(language: &Language) -> Option<String> {
    language.region().map(|region| format!("{}_{region}", language.primary()))
}
