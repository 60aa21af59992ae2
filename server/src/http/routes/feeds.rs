//! Feeds of the site, and of each section, tag and author.

use axum::extract::State;
use axum::http::Uri;
use axum::response::Response;
use gazette_domain::{
    DeskError, Endpoint, Feed, FeedFormat, LabelKind, LabelLookup, Limit, ListQuery, Slug, Story,
    Teaser,
};
use jiff::Timestamp;

use crate::feeds::{self, Channel, Entry};
use crate::http::reply::{self, AppError};
use crate::http::request::{RequestContext, Segment};
use crate::http::state::AppState;

/// Stories in a feed.
const MAX_STORIES: usize = 30;
/// Stories that are read at a time, each with a text of up to 256 KiB.
const STORIES_PER_READ: usize = 5;
/// The largest text that is written in full, in bytes of HTML.
const MAX_STORY_BYTES: usize = 256 * 1024;
/// The size of all texts together; the stories after them have their summaries only.
const MAX_TEXT_BYTES: usize = 1024 * 1024;

/// A list of stories, and the feed that it becomes.
struct List {
    channel: Channel,
    stories: Vec<Teaser>,
    /// Time of the last change of the news. Read before the stories, so that none of its changes
    /// is missing in them.
    last_change: Option<Timestamp>,
}

/// `GET /feed.atom`, `GET /feed.rss` and `GET /feed.json`.
pub(in crate::http) async fn site(
    State(app): State<AppState>,
    context: RequestContext,
    uri: Uri,
) -> Result<Response, AppError> {
    let last_change = app.desk.last_change(&context.caller).await?;
    let newest = ListQuery::newest(Feed::All, max_stories());
    let stories = app.desk.list(&context.caller, &newest).await?.items;
    let title = app.site.title.clone();
    let channel = Channel {
        description: format!("The latest news from {title}."),
        title,
        page_path: Endpoint::FrontPage.path().to_owned(),
        list: String::new(),
        ..channel(&app)
    };
    feed(&app, &context, &uri, List { channel, stories, last_change }).await
}

/// `GET /section/{slug}/feed.atom`, and in the other formats.
pub(in crate::http) async fn section(
    State(app): State<AppState>,
    context: RequestContext,
    Segment(slug): Segment,
    uri: Uri,
) -> Result<Response, AppError> {
    label(&app, &context, &uri, LabelKind::Section, &slug).await
}

/// `GET /tag/{slug}/feed.atom`, and in the other formats.
pub(in crate::http) async fn tag(
    State(app): State<AppState>,
    context: RequestContext,
    Segment(slug): Segment,
    uri: Uri,
) -> Result<Response, AppError> {
    label(&app, &context, &uri, LabelKind::Tag, &slug).await
}

/// `GET /author/{slug}/feed.atom`, and in the other formats.
pub(in crate::http) async fn author(
    State(app): State<AppState>,
    context: RequestContext,
    Segment(slug): Segment,
    uri: Uri,
) -> Result<Response, AppError> {
    label(&app, &context, &uri, LabelKind::Author, &slug).await
}

async fn label(
    app: &AppState,
    context: &RequestContext,
    uri: &Uri,
    kind: LabelKind,
    given: &str,
) -> Result<Response, AppError> {
    let slug = Slug::from_other_spelling(given).ok_or_else(AppError::not_found)?;
    let moved = |slug: &Slug| {
        let list = kind.endpoint().path_with(slug);
        Ok(reply::moved(&format_of(uri)?.path(&list)))
    };
    let last_change = app.desk.last_change(&context.caller).await?;
    let found = app.desk.stories_of_label(&context.caller, kind, &slug, max_stories(), None);
    let (label, stories) = match found.await? {
        LabelLookup::Found(label, page) if slug.as_str() == given => (label, page.items),
        LabelLookup::Found(..) => return moved(&slug),
        LabelLookup::Moved(slug) => return moved(&slug),
        LabelLookup::Missing => return Err(AppError::not_found()),
    };
    let title = format!("{} \u{2014} {}", label.name, app.site.title);
    let list = kind.endpoint().path_with(&slug);
    let channel = Channel {
        description: format!("The latest stories: {title}."),
        title,
        page_path: list.clone(),
        list,
        ..channel(app)
    };
    feed(app, context, uri, List { channel, stories, last_change }).await
}

fn max_stories() -> Limit {
    Limit::try_from(MAX_STORIES).unwrap_or(Limit::DEFAULT)
}

fn format_of(uri: &Uri) -> Result<FeedFormat, AppError> {
    FeedFormat::of_path(uri.path()).ok_or_else(AppError::not_found)
}

/// Returns what all feeds of the site have in common.
fn channel(app: &AppState) -> Channel {
    Channel {
        title: String::new(),
        description: String::new(),
        language: app.site.language.to_string(),
        site_url: app.site.public_url.clone(),
        page_path: String::new(),
        list: String::new(),
        updated_at: Timestamp::UNIX_EPOCH,
    }
}

async fn feed(
    app: &AppState,
    context: &RequestContext,
    uri: &Uri,
    list: List,
) -> Result<Response, AppError> {
    let format = format_of(uri)?;
    let List { channel, stories, last_change } = list;
    let newest = stories.iter().map(Teaser::updated_for_readers).max();
    let channel = Channel { updated_at: newest.unwrap_or(channel.updated_at), ..channel };
    let entries = entries(app, context, &channel, stories).await?;
    let body = feeds::write(format, &channel, &entries).map_err(AppError::internal)?;
    let last_modified = last_change.max(newest).map(|time| time.min(app.clock.now()));
    Ok(reply::public_file_since(body.into(), feeds::content_type(format), last_modified))
}

/// Adds the texts of the stories, as far as they fit.
async fn entries(
    app: &AppState,
    context: &RequestContext,
    channel: &Channel,
    stories: Vec<Teaser>,
) -> Result<Vec<Entry>, DeskError> {
    let mut entries = Vec::new();
    let mut left = MAX_TEXT_BYTES;
    for some in stories.chunks(STORIES_PER_READ) {
        if left == 0 {
            entries.extend(some.iter().cloned().map(Entry::summary));
            continue;
        }
        let ids: Vec<_> = some.iter().map(|story| story.id).collect();
        for story in app.desk.public_stories(&context.caller, &ids).await? {
            let full = if left == 0 { None } else { full_entry(app, channel, &story).await };
            // A text that does not fit ends the full texts, so that no more are rendered in vain.
            left = left.saturating_sub(full.as_ref().map_or(0, Entry::html_bytes));
            let full = full.filter(|_| left > 0);
            entries.push(full.unwrap_or_else(|| Entry::summary(story.teaser)));
        }
    }
    Ok(entries)
}

/// Returns the entry with the full text; `None` if the text is too long or cannot be rendered.
async fn full_entry(app: &AppState, channel: &Channel, story: &Story) -> Option<Entry> {
    let html = app.body_renderer.render(&story.body).await;
    let html = &html.rendered().ok()?.html;
    let is_short = html.len() <= MAX_STORY_BYTES;
    is_short.then(|| Entry::full(story.teaser.clone(), html, channel))
}
