//! Files about the site for programs, made of its configuration.

use axum::extract::State;
use axum::response::Response;
use gazette_domain::{Endpoint, Feed, FeedFormat, Limit, ListQuery};
use jiff::{Timestamp, ToSpan as _, Zoned};
use serde_json::json;

use crate::http::reply::{self, AppError};
use crate::http::request::RequestContext;
use crate::http::state::AppState;

const TEXT: &str = "text/plain; charset=utf-8";
const MANIFEST: &str = "application/manifest+json";
/// Colours of the page, as the style sheet has them.
const LIGHT: &str = "#ffffff";
/// Months after which the contact for security must be looked up again; the standard advises less
/// than a year.
const SECURITY_MONTHS: i64 = 6;
/// Stories that the file for language models lists.
const MAX_STORIES: usize = 20;

/// Paths that crawlers need not ask for: they are private, or the same in another order.
const DISALLOWED: [&str; 5] = ["/auth/", "/account", "/desk", "/saved", "/search"];

/// `GET /robots.txt`.
pub(in crate::http) async fn robots(State(app): State<AppState>) -> Response {
    let disallowed = DISALLOWED.map(|path| format!("Disallow: {path}\n")).concat();
    let sitemaps = [Endpoint::Sitemap, Endpoint::NewsSitemap]
        .map(|endpoint| format!("Sitemap: {}\n", absolute(&app, endpoint)))
        .concat();
    let text = format!("User-agent: *\n{disallowed}Allow: /\n\n{sitemaps}");
    reply::public_file(text.into(), TEXT)
}

/// `GET /manifest.webmanifest`.
pub(in crate::http) async fn manifest(State(app): State<AppState>) -> Response {
    let site = &app.site;
    let icon = |path: &str, size: u32, purpose: &str| {
        json!({
            "src": path,
            "sizes": format!("{size}x{size}"),
            "type": "image/png",
            "purpose": purpose,
        })
    };
    let manifest = json!({
        "id": "/",
        "name": site.title,
        "short_name": site.title,
        "lang": site.language.as_str(),
        "dir": site.language.direction().as_str(),
        "start_url": Endpoint::FrontPage.path(),
        "scope": "/",
        "display": "minimal-ui",
        "background_color": LIGHT,
        "theme_color": LIGHT,
        "categories": ["news"],
        "icons": [
            icon("/icon-192.png", 192, "any"),
            icon("/icon-512.png", 512, "any"),
            icon("/icon-maskable-512.png", 512, "maskable"),
        ],
    });
    reply::public_file(manifest.to_string().into(), MANIFEST)
}

/// `GET /.well-known/security.txt` (RFC 9116).
pub(in crate::http) async fn security(State(app): State<AppState>) -> Response {
    let site = &app.site;
    let canonical = absolute(&app, Endpoint::SecurityContact);
    let contact = app.security_contact.clone();
    // Without a contact of its own, the site names the page about it.
    let contact = contact.unwrap_or_else(|| format!("{}/about", site.public_url));
    let text = format!(
        "Contact: {contact}\nExpires: {}\nPreferred-Languages: {}\nCanonical: {canonical}\n",
        expires(app.clock.now()).strftime("%Y-%m-%dT%H:%M:%SZ"),
        site.language,
    );
    reply::public_file(text.into(), TEXT)
}

/// Returns the start of a month to come, so that the file changes only once a month.
fn expires(now: Timestamp) -> Timestamp {
    let now = now.to_zoned(jiff::tz::TimeZone::UTC);
    let expires = now.first_of_month().and_then(|day| day.start_of_day());
    let expires = expires.and_then(|day| day.checked_add(SECURITY_MONTHS.months()));
    expires.as_ref().map_or(Timestamp::MAX, Zoned::timestamp)
}

/// `GET /llms.txt`: what the site has, for programs that read text.
pub(in crate::http) async fn llms(
    State(app): State<AppState>,
    context: RequestContext,
) -> Result<Response, AppError> {
    let site = &app.site;
    let sections = app.desk.sections(&context.caller).await?;
    let limit = Limit::try_from(MAX_STORIES).unwrap_or(Limit::DEFAULT);
    let stories = app.desk.list(&context.caller, &ListQuery::newest(Feed::All, limit)).await?;
    let link = |name: &str, path: &str, words: &str| {
        let words = if words.is_empty() { String::new() } else { format!(": {}", one_line(words)) };
        format!("- [{}]({}{path}){words}\n", escaped(name), site.public_url)
    };
    let feeds = FeedFormat::ALL
        .map(|format| link(format.name(), &format.path(""), "full texts of the newest stories"));
    let sections: String = sections
        .iter()
        .map(|section| link(&section.name, &Endpoint::Section.path_with(&section.slug), ""))
        .collect();
    let stories: String = stories
        .items
        .iter()
        .map(|story| link(&story.headline, &story.path(), &story.summary))
        .collect();
    let title = one_line(&site.title);
    let text = format!(
        "# {title}\n\n> The latest news from {title}.\n\nEach story is a page; with \
         `Accept: application/json` its address returns the text as Markdown. `GET /news` lists \
         stories as JSON.\n\n## Feeds\n\n{}{}\n## Sections\n\n{sections}\n## Latest stories\n\n{stories}",
        feeds.concat(),
        link("Sitemap", Endpoint::Sitemap.path(), "all stories by month"),
    );
    Ok(reply::public_file(text.into(), TEXT))
}

fn absolute(app: &AppState, endpoint: Endpoint) -> String {
    format!("{}{}", app.site.public_url, endpoint.path())
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Escapes the text of a link in Markdown.
fn escaped(text: &str) -> String {
    one_line(text).replace('\\', "\\\\").replace('[', "\\[").replace(']', "\\]")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_contact_for_security_is_good_for_about_half_a_year() {
        let expires = |now: &str| expires(now.parse().expect("a time")).to_string();
        assert_eq!(expires("2026-11-26T18:00:00Z"), "2027-05-01T00:00:00Z");
        assert_eq!(expires("2026-11-01T00:00:00Z"), "2027-05-01T00:00:00Z");
        assert_eq!(expires("2026-12-31T23:59:59Z"), "2027-06-01T00:00:00Z");
    }

    #[test]
    fn headlines_cannot_end_a_link() {
        assert_eq!(escaped("A ](x)\n[b\\"), "A \\](x) \\[b\\\\");
    }
}
