//! The frame around every page: head, masthead, navigation and footer.

use leptos::prelude::*;

use crate::frame::{Frame, IslandAssets};
use crate::pages::{Page, Sharing};

/// The whole document of a page.
pub fn document(frame: &Frame, page: Page) -> impl IntoView + use<> {
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
    let islands = page.has_islands.then(|| frame.site.islands.clone()).flatten().map(island_boot);
    let sharing = page.sharing.clone().map(|sharing| sharing_tags(frame, &page.title, sharing));
    let stylesheet = frame.site.stylesheet.clone();
    view! {
        <html lang="en">
            <head>
                <meta charset="utf-8" />
                <meta name="viewport" content="width=device-width, initial-scale=1" />
                <title>{title}</title>
                {description}
                {canonical}
                <link
                    rel="preload"
                    href="/fonts/source-serif-4-latin-wght-normal.woff2"
                    r#as="font"
                    r#type="font/woff2"
                    crossorigin="anonymous"
                />
                <link rel="stylesheet" href=stylesheet.href integrity=stylesheet.integrity />
                <link rel="icon" href="/favicon.ico" sizes="32x32" />
                <link rel="icon" href="/favicon.svg" r#type="image/svg+xml" />
                <link rel="apple-touch-icon" href="/apple-touch-icon.png" />
                <meta
                    name="theme-color"
                    content="#ffffff"
                    media="(prefers-color-scheme: light)"
                />
                <meta name="theme-color" content="#121212" media="(prefers-color-scheme: dark)" />
                <meta name="robots" content=robots />
                {sharing}
                {islands}
            </head>
            <body>
                <a class="skip" href="#main">"Skip to main content"</a>
                {masthead(frame)}
                <main id="main" tabindex="-1">
                    <div class="wrap">{frame.unsure.then(unsure_notice)} {page.content}</div>
                </main>
                {footer(frame)}
            </body>
        </html>
    }
}

fn unsure_notice() -> impl IntoView {
    view! {
        <p class="notice" role="status">
            "Who is signed in cannot be read right now, so this page is shown as to anybody. You are not signed out."
        </p>
    }
}

fn island_boot(islands: IslandAssets) -> impl IntoView {
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

fn sharing_tags(frame: &Frame, title: &str, sharing: Sharing) -> impl IntoView + use<> {
    let image = sharing.image.map(|path| property("og:image", frame.absolute(&path)));
    view! {
        {property("og:type", "article".to_owned())}
        {property("og:site_name", frame.site.title.clone())}
        {property("og:title", title.to_owned())}
        {property("og:url", frame.absolute(&sharing.path))}
        {property("article:published_time", sharing.published_at.to_string())}
        {property("article:modified_time", sharing.updated_at.to_string())}
        {image}
        <script r#type="application/ld+json" inner_html=sharing.structured_data></script>
    }
}

/// An Open Graph property; the view macro knows no `property` attribute.
fn property(name: &'static str, content: String) -> impl IntoView {
    leptos::html::meta().attr("property", name).attr("content", content)
}

fn masthead(frame: &Frame) -> impl IntoView + use<> {
    let current = frame.path.split('?').next().unwrap_or_default().to_owned();
    let links = std::iter::once(("Latest".to_owned(), "/news".to_owned()))
        .chain(
            frame
                .sections
                .iter()
                .map(|section| (section.name.clone(), format!("/section/{}", section.slug))),
        )
        .map(|(name, href)| {
            let here = (href == current).then_some("page");
            view! { <li><a href=href aria-current=here>{name}</a></li> }
        })
        .collect_view();
    view! {
        <header class="mast">
            <div class="wrap">
                <a class="brand" href="/">{frame.site.title.clone()}</a>
                <ul class="util">{account_links(frame)}</ul>
                <nav class="nav" aria-label="Sections"><ul>{links}</ul></nav>
            </div>
        </header>
    }
}

fn account_links(frame: &Frame) -> impl IntoView + use<> {
    match &frame.viewer {
        None => {
            let href = crate::pages::sign_in_href(&frame.path);
            view! { <li><a href=href rel="nofollow">"Sign in"</a></li> }.into_any()
        }
        Some(viewer) => {
            let desk =
                viewer.may_open_desk.then(|| view! { <li><a href="/desk">"Newsroom"</a></li> });
            view! {
                {desk}
                <li><a href="/saved">"Saved"</a></li>
                <li><a href="/account">{viewer.username.clone()}</a></li>
            }
            .into_any()
        }
    }
}

fn footer(frame: &Frame) -> impl IntoView + use<> {
    view! {
        <footer class="site">
            <div class="wrap">
                <nav aria-label="Footer">
                    <ul>
                        <li><a href="/">"Front page"</a></li>
                        <li><a href="/news">"Latest news"</a></li>
                    </ul>
                </nav>
                <p>
                    {frame.site.title.clone()}
                    " sets a cookie only when you sign in, and follows nobody."
                </p>
            </div>
        </footer>
    }
}
