//! Metadata of a page for other sites and search engines: Open Graph, Twitter and JSON-LD.

use gazette_domain::Endpoint;
use leptos::prelude::*;
use serde_json::{Value, json};

use crate::frame::{Frame, Site};
use crate::page::{Page, SharedPicture, Sharing, json_ld};

/// Icon of the site, shown for pages without a picture. Its sides have as many pixels as
/// its name says.
const LOGO: (&str, u32) = ("/icon-512.png", 512);

/// Shows the metadata of a page that search engines may list; nothing for others.
pub(super) fn metadata(frame: &Frame, page: &Page) -> Option<impl IntoView + use<>> {
    let path = page.canonical.as_deref().filter(|_| page.indexed)?;
    let site = &frame.site;
    let sharing = page.sharing.as_ref();
    let picture = sharing.and_then(|sharing| sharing.image.clone());
    let is_large = picture.is_some();
    let picture = picture.unwrap_or_else(|| logo(site));
    let card = if is_large { "summary_large_image" } else { "summary" };
    let kind = if sharing.is_some() { "article" } else { "website" };
    let title = page.title.clone();
    let description = page.description.clone().filter(|text| !text.is_empty());
    let image_url = frame.absolute(&picture.path);
    let description_tags = description
        .map(|text| (property("og:description", text.clone()), named("twitter:description", text)));
    let organization =
        (path == Endpoint::FrontPage.path()).then(|| script(json_ld(&organization(frame))));
    let of_story = sharing.map(article_tags);
    Some(view! {
        {property("og:type", kind.to_owned())}
        {property("og:site_name", site.title.clone())}
        {property("og:title", title.clone())}
        {property("og:url", frame.absolute(path))}
        {property("og:image", image_url.clone())}
        {property("og:image:type", picture.media_type().to_owned())}
        {property("og:image:width", picture.width.to_string())}
        {property("og:image:height", picture.height.to_string())}
        {property("og:image:alt", picture.alt.clone())}
        {named("twitter:card", card.to_owned())}
        {named("twitter:title", title)}
        {named("twitter:image", image_url)}
        {named("twitter:image:alt", picture.alt)}
        {description_tags}
        {of_story}
        {organization}
    })
}

/// Describes the publisher of the stories.
pub(crate) fn publisher(site: &Site) -> Value {
    let (path, width) = LOGO;
    json!({
        "@type": "NewsMediaOrganization",
        "@id": format!("{}/#publisher", site.public_url),
        "name": site.title,
        "url": format!("{}/", site.public_url),
        "logo": {
            "@type": "ImageObject",
            "url": format!("{}{path}", site.public_url),
            "width": width,
            "height": width,
        },
    })
}

/// Describes the publisher, for the front page.
fn organization(frame: &Frame) -> Value {
    let mut data = publisher(&frame.site);
    if let Some(data) = data.as_object_mut() {
        data.insert("@context".to_owned(), "https://schema.org".into());
        let corrections = frame.absolute(Endpoint::Corrections.path());
        data.insert("correctionsPolicy".to_owned(), corrections.into());
    }
    data
}

fn logo(site: &Site) -> SharedPicture {
    let (path, width) = LOGO;
    SharedPicture { path: path.to_owned(), width, height: width, alt: site.title.clone() }
}

fn article_tags(sharing: &Sharing) -> impl IntoView + use<> {
    let many = |name, values: &[String]| {
        values.iter().map(|value| property(name, value.clone())).collect_view()
    };
    view! {
        {sharing.locale.clone().map(|locale| property("og:locale", locale))}
        {property("article:published_time", sharing.published_at.to_string())}
        {property("article:modified_time", sharing.updated_at.to_string())}
        {property("article:section", sharing.section.clone())}
        {many("article:author", &sharing.authors)}
        {many("article:tag", &sharing.tags)}
        {sharing.structured_data.iter().cloned().map(script).collect_view()}
    }
}

fn script(json_ld: String) -> impl IntoView {
    view! { <script r#type="application/ld+json" inner_html=json_ld></script> }
}

/// Shows an Open Graph tag. The view macro has no `property` attribute.
fn property(name: &'static str, content: String) -> impl IntoView {
    leptos::html::meta().attr("property", name).attr("content", content)
}

fn named(name: &'static str, content: String) -> impl IntoView {
    leptos::html::meta().name(name).attr("content", content)
}
