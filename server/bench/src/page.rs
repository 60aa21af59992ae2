//! The front page as maud writes it: the same text and nearly the same markup, from the same data.

use jiff::Timestamp;
use jiff::tz::TimeZone;
use maud::{DOCTYPE, Markup, PreEscaped, html};
use serde::{Deserialize, Serialize};

/// Data of the page.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(crate) struct FrontPage {
    pub(crate) title: String,
    pub(crate) origin: String,
    pub(crate) username: String,
    pub(crate) stylesheet: (String, String),
    /// Paths and names.
    pub(crate) sections: Vec<(String, String)>,
    pub(crate) bands: Vec<Band>,
}

/// Stories below one heading.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Band {
    pub(crate) id: String,
    pub(crate) title: String,
    /// Path of all of its stories.
    pub(crate) more: Option<String>,
    pub(crate) teasers: Vec<Teaser>,
}

/// A story.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Teaser {
    pub(crate) class: String,
    pub(crate) kicker: Option<String>,
    pub(crate) path: String,
    pub(crate) headline: String,
    pub(crate) summary: Option<String>,
    pub(crate) author: Option<String>,
    pub(crate) published_at: Timestamp,
    pub(crate) picture: Option<Picture>,
}

/// Picture of a story.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Picture {
    pub(crate) src: String,
    pub(crate) srcset: Option<String>,
    pub(crate) sizes: Option<String>,
    pub(crate) width: u32,
    pub(crate) height: u32,
}

impl FrontPage {
    /// Writes the page for a person, at this time.
    pub(crate) fn render(&self) -> String {
        let now = Timestamp::now();
        let page = html! {
            (DOCTYPE)
            html lang="en" dir="ltr" {
                (self.head())
                body {
                    a.skip href="#main" { "Skip to main content" }
                    a.skip href="#sections" { "Skip to navigation" }
                    (self.masthead(now))
                    main #main tabindex="-1" {
                        div.wrap {
                            h1.visually-hidden { (self.title) ": latest news" }
                            @for band in &self.bands { (band.markup(now)) }
                        }
                    }
                    (self.footer())
                }
            }
        };
        page.into_string()
    }

    fn head(&self) -> Markup {
        let (href, integrity) = &self.stylesheet;
        let feeds = [
            ("application/atom+xml", "Atom", "/feed.atom"),
            ("application/rss+xml", "RSS", "/feed.rss"),
            ("application/feed+json", "JSON Feed", "/feed.json"),
        ];
        html! {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                title { (self.title) }
                meta name="description" content=(format!("The latest news from {}.", self.title));
                link rel="canonical" href=(format!("{}/", self.origin));
                @for (kind, name, path) in feeds {
                    link rel="alternate" type=(kind) title=(format!("{} ({name})", self.title)) href=(path);
                }
                link rel="preload" href="/fonts/source-serif-4-latin-wght-normal.woff2" as="font"
                    type="font/woff2" crossorigin="anonymous";
                link rel="stylesheet" href=(href) integrity=(integrity);
                link rel="icon" href="/favicon.ico" sizes="32x32";
                link rel="icon" href="/favicon.svg" type="image/svg+xml";
                link rel="apple-touch-icon" href="/apple-touch-icon.png";
                link rel="manifest" href="/manifest.webmanifest";
                meta name="theme-color" content="#ffffff" media="(prefers-color-scheme: light)";
                meta name="theme-color" content="#121212" media="(prefers-color-scheme: dark)";
                meta name="robots" content="max-image-preview:large";
                (self.sharing())
            }
        }
    }

    fn sharing(&self) -> Markup {
        let (title, description) = (&self.title, format!("The latest news from {}.", self.title));
        let picture = format!("{}/icon-512.png", self.origin);
        let properties = [
            ("og:type", "website"),
            ("og:site_name", title),
            ("og:title", title),
            ("og:url", &self.origin),
            ("og:image", &picture),
            ("og:image:type", "image/png"),
            ("og:image:width", "512"),
            ("og:image:height", "512"),
            ("og:image:alt", title),
            ("og:description", &description),
        ];
        let names = [
            ("twitter:card", "summary"),
            ("twitter:title", title),
            ("twitter:image", &picture),
            ("twitter:image:alt", title),
            ("twitter:description", &description),
        ];
        let publisher = serde_json::json!({
            "@context": "https://schema.org",
            "@id": format!("{}/#publisher", self.origin),
            "@type": "NewsMediaOrganization",
            "correctionsPolicy": format!("{}/corrections", self.origin),
            "logo": { "@type": "ImageObject", "height": 512, "url": picture, "width": 512 },
            "name": title,
            "url": format!("{}/", self.origin),
        });
        html! {
            @for (property, content) in properties { meta property=(property) content=(content); }
            @for (name, content) in names { meta name=(name) content=(content); }
            script type="application/ld+json" { (PreEscaped(publisher.to_string())) }
        }
    }

    fn masthead(&self, now: Timestamp) -> Markup {
        let today = now.to_zoned(TimeZone::UTC).strftime("%A %-d %B %Y").to_string();
        html! {
            header.masthead {
                div."wrap top" {
                    a.brand dir="auto" href="/" { (self.title) }
                    span.today { (today) }
                    form.find role="search" action="/search" {
                        label.visually-hidden for="find" { "Search stories" }
                        input #find name="q" type="search" placeholder="Search" maxlength="200"
                            autocomplete="off";
                        button.visually-hidden { "Search" }
                    }
                    ul.account-links {
                        li.phone-only { a href="/search" { "Search" } }
                        li { a href="/desk" { "Newsroom" } }
                        li { a href="/saved" { "Saved" } }
                        li { a dir="auto" href="/account" { (self.username) } }
                    }
                }
                nav.nav #sections tabindex="-1" aria-label="Sections" {
                    ul.wrap { li { a href="/news" { "Latest" } } (self.section_links()) }
                }
            }
        }
    }

    fn section_links(&self) -> Markup {
        html! {
            @for (path, name) in &self.sections { li { a dir="auto" href=(path) { (name) } } }
        }
    }

    fn footer(&self) -> Markup {
        html! {
            footer.site {
                div.wrap {
                    div.columns {
                        nav.many aria-labelledby="footer-sections" {
                            h2 #footer-sections { "All sections" }
                            ul lang="en" { (self.section_links()) }
                        }
                        nav aria-labelledby="footer-follow" {
                            h2 #footer-follow { "Follow" }
                            ul {
                                li { a href="/news" { "Latest news" } }
                                li { a href="/feed.atom" { "Atom" } }
                                li { a href="/feed.rss" { "RSS" } }
                                li { a href="/feed.json" { "JSON Feed" } }
                                li { a href="/archive" { "Archive" } }
                            }
                        }
                        nav aria-labelledby="footer-about" {
                            h2 #footer-about dir="auto" { (self.title) }
                            ul {
                                li { a href="/about" { "About us" } }
                                li { a href="/corrections" { "Corrections" } }
                                li { a href="/privacy" { "Privacy" } }
                                li { a href="/accessibility" { "Accessibility" } }
                            }
                        }
                    }
                    (theme_choice())
                    p { span { "No tracking. We set a cookie only when you sign in or choose a theme." } }
                }
            }
        }
    }
}

fn theme_choice() -> Markup {
    html! {
        form #theme method="post" action="/theme" {
            input type="hidden" name="return_to" value="/";
            fieldset.theme {
                legend { "Theme" }
                @for (value, label) in [("auto", "Automatic"), ("light", "Light"), ("dark", "Dark")] {
                    button name="theme" value=(value) aria-pressed=(value == "auto") { (label) }
                }
            }
        }
    }
}
