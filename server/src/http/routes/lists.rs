//! Lists of stories: the latest, a section, a tag, an author.

use axum::extract::{FromRequestParts as _, Request, State};
use axum::response::Response;
use gazette_app::backend::list_query;
use gazette_app::pages::{self, Listing};
use gazette_domain::{Endpoint, Feed, Limit, ListQuery, Slug, StoryPage, Teaser};

use crate::http::reply::{self, AppError};
use crate::http::request::{
    FeedParameters, ListParameters, PageQuery, Preference, Query, RequestContext, Segment,
    call_server_function,
};
use crate::http::state::AppState;

/// `GET /news`: the page for browsers, the server function `list_news` for programs.
pub(in crate::http) async fn latest(
    State(app): State<AppState>,
    context: RequestContext,
    request: Request,
) -> Result<Response, AppError> {
    let (mut parts, body) = request.into_parts();
    if Preference::of(&parts.headers) == Preference::Html {
        let PageQuery(parameters) = PageQuery::from_request_parts(&mut parts, &app).await?;
        return latest_page(&app, &context, parameters).await;
    }
    Query::<ListParameters>::from_request_parts(&mut parts, &app).await?;
    let json = call_server_function(&app, &context, Request::from_parts(parts, body)).await?;
    Ok(reply::public(json, "application/json"))
}

/// `GET /section/{slug}`.
pub(in crate::http) async fn section(
    State(app): State<AppState>,
    context: RequestContext,
    Segment(slug): Segment,
    PageQuery(parameters): PageQuery<FeedParameters>,
) -> Result<Response, AppError> {
    let slug = parse_slug(&slug)?;
    let query = feed_query(Feed::Section(slug.clone()), parameters)?;
    let stories = stories_of_label(&app, &context, &query).await?;
    let name = stories.items.first().map(|story| story.section.name.clone());
    let path = Endpoint::Section.path_with(&slug);
    let listing = listing(&query, name.unwrap_or_else(|| slug.to_string()), "Section", path);
    Ok(context.page(&app, |frame| pages::latest(frame, &listing, &stories)).await)
}

/// `GET /tag/{slug}`.
pub(in crate::http) async fn tag(
    State(app): State<AppState>,
    context: RequestContext,
    Segment(slug): Segment,
    PageQuery(parameters): PageQuery<FeedParameters>,
) -> Result<Response, AppError> {
    let slug = parse_slug(&slug)?;
    let query = feed_query(Feed::Tag(slug.clone()), parameters)?;
    let stories = stories_of_label(&app, &context, &query).await?;
    let name = stories.items.first().and_then(|story: &Teaser| {
        story.tags.iter().find(|tag| tag.slug == slug).map(|tag| tag.name.clone())
    });
    let path = Endpoint::Tag.path_with(&slug);
    let listing = listing(&query, name.unwrap_or_else(|| slug.to_string()), "Tag", path);
    Ok(context.page(&app, |frame| pages::latest(frame, &listing, &stories)).await)
}

/// `GET /author/{slug}`.
pub(in crate::http) async fn author(
    State(app): State<AppState>,
    context: RequestContext,
    Segment(slug): Segment,
    PageQuery(parameters): PageQuery<FeedParameters>,
) -> Result<Response, AppError> {
    let slug = parse_slug(&slug)?;
    let query = feed_query(Feed::Author(slug.clone()), parameters)?;
    let stories = stories_of_label(&app, &context, &query).await?;
    let name = stories.items.first().map(|story| story.author.name.clone());
    let path = Endpoint::Author.path_with(&slug);
    let listing = listing(&query, name.unwrap_or_else(|| slug.to_string()), "Author", path);
    Ok(context.page(&app, |frame| pages::latest(frame, &listing, &stories)).await)
}

async fn latest_page(
    app: &AppState,
    context: &RequestContext,
    parameters: ListParameters,
) -> Result<Response, AppError> {
    let ListParameters { limit, cursor, section, tag, month } = parameters;
    // A form of a page sends its empty fields, too.
    let [limit, cursor, section, tag, month] =
        [limit, cursor, section, tag, month].map(|value| value.filter(|value| !value.is_empty()));
    let filters = [("limit", &limit), ("section", &section), ("tag", &tag), ("month", &month)]
        .into_iter()
        .filter_map(|(name, value)| Some((name, value.clone()?)))
        .collect();
    let query = list_query(limit, cursor, section, tag, month)?;
    let stories = app.desk.list(&context.caller, &query).await?;
    let listing = Listing {
        title: "Latest news".to_owned(),
        kind: None,
        path: Endpoint::ListNews.path().to_owned(),
        filters,
        first: query.cursor.is_none(),
    };
    Ok(context.page(app, |frame| pages::latest(frame, &listing, &stories)).await)
}

/// Lists the stories of a section, tag or author. Without a public story the page does not exist.
async fn stories_of_label(
    app: &AppState,
    context: &RequestContext,
    query: &ListQuery,
) -> Result<StoryPage, AppError> {
    let stories = app.desk.list(&context.caller, query).await?;
    if stories.items.is_empty() { Err(AppError::not_found()) } else { Ok(stories) }
}

fn listing(query: &ListQuery, title: String, kind: &'static str, path: String) -> Listing {
    Listing { title, kind: Some(kind), path, filters: Vec::new(), first: query.cursor.is_none() }
}

fn feed_query(feed: Feed, parameters: FeedParameters) -> Result<ListQuery, AppError> {
    let cursor = parameters.cursor.filter(|cursor| !cursor.is_empty());
    let cursor = cursor.map(|cursor| cursor.parse()).transpose()?;
    Ok(ListQuery { cursor, ..ListQuery::newest(feed, Limit::DEFAULT) })
}

fn parse_slug(slug: &str) -> Result<Slug, AppError> {
    slug.parse().map_err(|_| AppError::not_found())
}
