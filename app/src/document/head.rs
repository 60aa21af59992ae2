//! The `head` element: title, metadata, style sheet and the island script.

use gazette_domain::{Endpoint, FeedFormat};
use leptos::prelude::*;

use crate::document::metadata::metadata;
use crate::frame::{Asset, Frame, IslandAssets, Theme};
use crate::page::{FeedLinks, Page};

/// Shows the `head` of a page.
pub(super) fn head(frame: &Frame, page: &Page) -> impl IntoView + use<> {
    let title = if page.title == frame.site.title {
        page.title.clone()
    } else {
        format!("{} \u{2014} {}", page.title, frame.site.title)
    };
    let canonical = page.canonical.as_ref().map(|path| {
        let href = frame.absolute(path);
        view! { <link rel="canonical" href=href /> }
    });
    let description =
        page.description.clone().map(|text| view! { <meta name="description" content=text /> });
    let robots = if page.indexed { "max-image-preview:large" } else { "noindex" };
    let metadata = metadata(frame, page);
    let feeds = page.feeds.as_ref().map(|feeds| feed_links(frame, feeds));
    let stylesheet = stylesheet_link(&frame.site.stylesheet);
    // Only pages of the newsroom and of an account have no canonical URL.
    let newsroom =
        page.canonical.is_none().then(|| stylesheet_link(&frame.site.newsroom_stylesheet));
    view! {
        <head>
            <meta charset="utf-8" />
            <meta name="viewport" content="width=device-width, initial-scale=1" />
            <title>{title}</title>
            {description}
            {canonical}
            {feeds}
            {font_preload()}
            {stylesheet}
            {newsroom}
            {icons_and_colors(frame.theme)}
            <meta name="robots" content=robots />
            {metadata}
        </head>
    }
}

fn stylesheet_link(asset: &Asset) -> impl IntoView + use<> {
    let Asset { href, integrity } = asset.clone();
    view! { <link rel="stylesheet" href=href integrity=integrity /> }
}

fn feed_links(frame: &Frame, feeds: &FeedLinks) -> impl IntoView + use<> {
    let site = &frame.site.title;
    let list = feeds.title.as_ref().map_or(site.clone(), |list| format!("{list} \u{2014} {site}"));
    let link = |format: FeedFormat| {
        let title = format!("{list} ({})", format.name());
        let (media_type, href) = (format.media_type(), format.path(&feeds.list));
        view! { <link rel="alternate" r#type=media_type title=title href=href /> }
    };
    FeedFormat::ALL.map(link).collect_view()
}

fn font_preload() -> impl IntoView {
    view! {
        <link
            rel="preload"
            href="/fonts/source-serif-4-latin-wght-normal.woff2"
            r#as="font"
            r#type="font/woff2"
            crossorigin="anonymous"
        />
    }
}

fn icons_and_colors(theme: Option<Theme>) -> impl IntoView {
    view! {
        <link rel="icon" href="/favicon.ico" sizes="32x32" />
        <link rel="icon" href="/favicon.svg" r#type="image/svg+xml" />
        <link rel="apple-touch-icon" href="/apple-touch-icon.png" />
        <link rel="manifest" href=Endpoint::Manifest.path() />
        {theme_color(Theme::Light, theme)}
        {theme_color(Theme::Dark, theme)}
    }
}

/// Shows the color of the browser's own bars for a theme, unless the reader chose the other one.
fn theme_color(theme: Theme, chosen: Option<Theme>) -> Option<impl IntoView> {
    let (color, media) = match theme {
        Theme::Light => ("#ffffff", "(prefers-color-scheme: light)"),
        Theme::Dark => ("#121212", "(prefers-color-scheme: dark)"),
    };
    let media = match chosen {
        None => Some(media),
        Some(chosen) if chosen == theme => None,
        Some(_) => return None,
    };
    // The view macro has no `media` attribute for `meta`.
    Some(leptos::html::meta().name("theme-color").attr("content", color).attr("media", media))
}

pub(crate) fn island_script(islands: IslandAssets) -> impl IntoView {
    view! {
        <link rel="modulepreload" href=islands.module.clone() />
        <script
            r#type="module"
            src=islands.boot.href
            integrity=islands.boot.integrity
            data-module=islands.module
            data-wasm=islands.wasm
        ></script>
    }
}
