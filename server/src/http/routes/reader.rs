//! The pages for readers.

use axum::Extension;
use axum::extract::State;
use axum::http::{HeaderMap, Uri};
use axum::response::Response;
use gazette_app::pages::{self, Listing};
use gazette_domain::{Feed, Limit, ListQuery, Slug, Teaser};

use crate::http::caller::RequestContext;
use crate::http::error::AppError;
use crate::http::extract::Segment;
use crate::http::reply;
use crate::http::state::AppState;

/// How many stories the front page is made of.
const FRONT_PAGE_STORIES: usize = 60;

/// `GET /`.
pub(super) async fn front(
    State(app): State<AppState>,
    Extension(context): Extension<RequestContext>,
    headers: HeaderMap,
) -> Result<Response, AppError> {
    let limit = Limit::try_from(FRONT_PAGE_STORIES).unwrap_or(Limit::DEFAULT);
    let newest = app.desk.list(&context.caller, &ListQuery::newest(Feed::All, limit)).await;
    let newest = newest.map_err(|error| AppError::desk(&error, &context))?;
    let frame = context.frame(&app).await;
    let page = pages::front(&frame, &newest.items);
    Ok(reply::page(&frame, page, &context, &headers))
}

/// `GET /news` as a page.
pub(super) async fn latest(
    app: &AppState,
    context: &RequestContext,
    query: Option<&str>,
    headers: &HeaderMap,
) -> Result<Response, AppError> {
    let parameter = |wanted: &str| parameter(query, wanted);
    let filters = ["limit", "section", "tag", "month"]
        .into_iter()
        .filter_map(|name| parameter(name).map(|value| (name, value)))
        .collect();
    let query = gazette_app::backend::list_query(
        parameter("limit"),
        parameter("cursor"),
        parameter("section"),
        parameter("tag"),
        parameter("month"),
    );
    let query = query.map_err(|error| AppError::wire(&error, context))?;
    let listing = Listing {
        title: "Latest news".to_owned(),
        kind: None,
        path: "/news".to_owned(),
        filters,
        first: query.cursor.is_none(),
    };
    list(app, context, headers, query, |_| listing).await
}

/// `GET /section/{slug}`.
pub(super) async fn section(
    State(app): State<AppState>,
    Extension(context): Extension<RequestContext>,
    Segment(slug): Segment,
    uri: Uri,
    headers: HeaderMap,
) -> Result<Response, AppError> {
    let slug = parse(&slug)?;
    let section = app
        .desk
        .section(&context.caller, &slug)
        .await
        .map_err(|error| AppError::desk(&error, &context))?;
    let section = section.ok_or_else(AppError::not_found)?;
    let query = query(Feed::Section(slug.clone()), &uri)?;
    let listing = Listing {
        title: section.name,
        kind: Some("Section"),
        path: format!("/section/{slug}"),
        filters: Vec::new(),
        first: query.cursor.is_none(),
    };
    list(&app, &context, &headers, query, |_| listing).await
}

/// `GET /tag/{slug}`.
pub(super) async fn tag(
    State(app): State<AppState>,
    Extension(context): Extension<RequestContext>,
    Segment(slug): Segment,
    uri: Uri,
    headers: HeaderMap,
) -> Result<Response, AppError> {
    let slug = parse(&slug)?;
    let query = query(Feed::Tag(slug.clone()), &uri)?;
    let first = query.cursor.is_none();
    list(&app, &context, &headers, query, |story| {
        let named = story.and_then(|story| story.tags.iter().find(|tag| tag.slug == slug));
        let title = named.map_or_else(|| slug.to_string(), |tag| tag.name.clone());
        let path = format!("/tag/{slug}");
        Listing { title, kind: Some("Tag"), path, filters: Vec::new(), first }
    })
    .await
}

/// `GET /author/{slug}`.
pub(super) async fn author(
    State(app): State<AppState>,
    Extension(context): Extension<RequestContext>,
    Segment(slug): Segment,
    uri: Uri,
    headers: HeaderMap,
) -> Result<Response, AppError> {
    let slug = parse(&slug)?;
    let query = query(Feed::Author(slug.clone()), &uri)?;
    let first = query.cursor.is_none();
    list(&app, &context, &headers, query, |story| {
        let title = story.map_or_else(|| slug.to_string(), |story| story.author.name.clone());
        let path = format!("/author/{slug}");
        Listing { title, kind: Some("Author"), path, filters: Vec::new(), first }
    })
    .await
}

/// Any method that an address does not take.
pub(super) async fn method_not_allowed() -> AppError {
    AppError::method_not_allowed()
}

/// Shows one page of a list; what it is called may depend on its first story.
async fn list(
    app: &AppState,
    context: &RequestContext,
    headers: &HeaderMap,
    query: ListQuery,
    listing: impl FnOnce(Option<&Teaser>) -> Listing,
) -> Result<Response, AppError> {
    let news = app.desk.list(&context.caller, &query).await;
    let news = news.map_err(|error| AppError::desk(&error, context))?;
    let listing = listing(news.items.first());
    // A tag or author without a story is an address that nothing links to.
    if news.items.is_empty() && matches!(query.feed, Feed::Tag(_) | Feed::Author(_)) {
        return Err(AppError::not_found());
    }
    let frame = context.frame(app).await;
    let page = pages::latest(&frame, &listing, &news);
    Ok(reply::page(&frame, page, context, headers))
}

fn parse(slug: &str) -> Result<Slug, AppError> {
    slug.parse().map_err(|_| AppError::not_found())
}

/// The page of a feed that the address asks for.
fn query(feed: Feed, uri: &Uri) -> Result<ListQuery, AppError> {
    let cursor = parameter(uri.query(), "cursor").map(|cursor| cursor.parse()).transpose();
    let cursor = cursor.map_err(|error| AppError::bad_request(format!("{error}")))?;
    Ok(ListQuery { cursor, ..ListQuery::newest(feed, Limit::DEFAULT) })
}

/// The first value of a parameter of the query.
pub(super) fn parameter(query: Option<&str>, wanted: &str) -> Option<String> {
    url::form_urlencoded::parse(query.unwrap_or_default().as_bytes())
        .find(|(name, _)| name == wanted)
        .map(|(_, value)| value.into_owned())
}
