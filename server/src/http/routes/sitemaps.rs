//! Sitemaps: an index of months, their stories, the other pages, and the news of two days.

use axum::extract::State;
use axum::response::Response;
use gazette_domain::{Endpoint, Feed, Limit, ListQuery, Teaser};
use jiff::{SignedDuration, Timestamp};

use crate::feeds::{self, PAGES_PART, STORIES_PER_PART, SitemapPage, SitemapPart};
use crate::http::reply::{self, AppError};
use crate::http::request::{RequestContext, Segment};
use crate::http::state::AppState;

const XML: &str = "application/xml; charset=utf-8";
/// Age of the oldest story in the sitemap of the news.
const NEWS_AGE: SignedDuration = SignedDuration::from_hours(48);
/// Stories that the sitemap of the news may have.
const MAX_NEWS: usize = 1_000;

/// `GET /sitemap.xml`: the index of the parts.
pub(in crate::http) async fn index(
    State(app): State<AppState>,
    context: RequestContext,
) -> Result<Response, AppError> {
    let months = app.desk.months(&context.caller).await?;
    let part = Endpoint::SitemapPart.path();
    let folder = format!("{}{}", app.site.public_url, part.split("/{").next().unwrap_or(part));
    Ok(reply::public_file(feeds::write_index(&folder, &months).into(), XML))
}

/// `GET /sitemaps/{part}`: the pages of a part.
pub(in crate::http) async fn part(
    State(app): State<AppState>,
    context: RequestContext,
    Segment(name): Segment,
) -> Result<Response, AppError> {
    let pages = if name == PAGES_PART {
        pages(&app, &context).await?
    } else {
        let part = SitemapPart::of_name(&name).ok_or_else(AppError::not_found)?;
        stories(&app, &context, &part).await?
    };
    // A part without stories is in no index.
    if pages.is_empty() {
        return Err(AppError::not_found());
    }
    Ok(reply::public_file(feeds::write_part(&pages).into(), XML))
}

/// `GET /sitemap-news.xml`: the stories of the last two days.
pub(in crate::http) async fn news(
    State(app): State<AppState>,
    context: RequestContext,
) -> Result<Response, AppError> {
    let oldest = app.clock.now().saturating_sub(NEWS_AGE).unwrap_or(Timestamp::MIN);
    let mut stories: Vec<Teaser> = Vec::new();
    let mut query = ListQuery::newest(Feed::All, Limit::MAX);
    loop {
        let page = app.desk.list(&context.caller, &query).await?;
        let is_last = page.items.last().is_some_and(|story| story.published_at < oldest);
        stories.extend(page.items.into_iter().filter(|story| story.published_at >= oldest));
        query.cursor = page.next;
        if is_last || query.cursor.is_none() || stories.len() >= MAX_NEWS {
            break;
        }
    }
    stories.truncate(MAX_NEWS);
    let site = &app.site;
    let body =
        feeds::write_news(&site.public_url, &site.title, &stories, |story| site.language_of(story));
    Ok(reply::public_file(body.into(), XML))
}

/// Lists the pages that are not stories.
async fn pages(app: &AppState, context: &RequestContext) -> Result<Vec<SitemapPage>, AppError> {
    let fixed = [
        Endpoint::FrontPage,
        Endpoint::ListNews,
        Endpoint::Archive,
        Endpoint::Corrections,
        Endpoint::About,
        Endpoint::Privacy,
        Endpoint::Accessibility,
    ];
    let fixed = fixed.map(|endpoint| endpoint.path().to_owned());
    let sections = app.desk.sections(&context.caller).await?;
    let sections = sections.iter().map(|section| Endpoint::Section.path_with(&section.slug));
    let page =
        |path| SitemapPage { url: format!("{}{path}", app.site.public_url), updated_at: None };
    Ok(fixed.into_iter().chain(sections).map(page).collect())
}

/// Lists the stories of a part.
async fn stories(
    app: &AppState,
    context: &RequestContext,
    part: &SitemapPart,
) -> Result<Vec<SitemapPage>, AppError> {
    let newest = ListQuery::newest(Feed::All, Limit::MAX);
    let mut query = ListQuery { month: Some(part.month), ..newest };
    let mut pages = Vec::new();
    let mut skip = part.skipped();
    while pages.len() < STORIES_PER_PART {
        let page = app.desk.list(&context.caller, &query).await?;
        let skipped = skip.min(page.items.len());
        skip -= skipped;
        pages.extend(page.items.iter().skip(skipped).map(|story| SitemapPage {
            url: format!("{}{}", app.site.public_url, story.path()),
            updated_at: Some(story.updated_for_readers()),
        }));
        query.cursor = page.next;
        if query.cursor.is_none() {
            break;
        }
    }
    pages.truncate(STORIES_PER_PART);
    Ok(pages)
}
