//! Lists of stories: the latest, a section, a tag, an author.

use axum::extract::{FromRequestParts as _, Request, State};
use axum::response::Response;
use gazette_app::backend::list_query;
use gazette_app::pages::{self, Listing};
use gazette_domain::{Endpoint, Feed, Limit, ListQuery, Slug, Teaser};

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
    label_page(&app, &context, &slug, parameters, &SECTION).await
}

/// `GET /tag/{slug}`.
pub(in crate::http) async fn tag(
    State(app): State<AppState>,
    context: RequestContext,
    Segment(slug): Segment,
    PageQuery(parameters): PageQuery<FeedParameters>,
) -> Result<Response, AppError> {
    label_page(&app, &context, &slug, parameters, &TAG).await
}

/// `GET /author/{slug}`.
pub(in crate::http) async fn author(
    State(app): State<AppState>,
    context: RequestContext,
    Segment(slug): Segment,
    PageQuery(parameters): PageQuery<FeedParameters>,
) -> Result<Response, AppError> {
    label_page(&app, &context, &slug, parameters, &AUTHOR).await
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

/// Differences between the pages of sections, tags and authors.
struct Label {
    kind: &'static str,
    endpoint: Endpoint,
    feed: fn(Slug) -> Feed,
    /// Returns the name of the label as a story shows it.
    name: fn(&Teaser, &Slug) -> Option<String>,
}

const SECTION: Label = Label {
    kind: "Section",
    endpoint: Endpoint::Section,
    feed: Feed::Section,
    name: |story, _| Some(story.section.name.clone()),
};

const TAG: Label = Label {
    kind: "Tag",
    endpoint: Endpoint::Tag,
    feed: Feed::Tag,
    name: |story, slug| story.tags.iter().find(|tag| tag.slug == *slug).map(|tag| tag.name.clone()),
};

const AUTHOR: Label = Label {
    kind: "Author",
    endpoint: Endpoint::Author,
    feed: Feed::Author,
    name: |story, _| Some(story.author.name.clone()),
};

/// Shows the stories of a label. Without a public story the page does not exist.
async fn label_page(
    app: &AppState,
    context: &RequestContext,
    slug: &str,
    parameters: FeedParameters,
    label: &Label,
) -> Result<Response, AppError> {
    let slug: Slug = slug.parse().map_err(|_| AppError::not_found())?;
    let query = feed_query((label.feed)(slug.clone()), parameters)?;
    let stories = app.desk.list(&context.caller, &query).await?;
    let first = stories.items.first().ok_or_else(AppError::not_found)?;
    let listing = Listing {
        title: (label.name)(first, &slug).unwrap_or_else(|| slug.to_string()),
        kind: Some(label.kind),
        path: label.endpoint.path_with(&slug),
        filters: Vec::new(),
        first: query.cursor.is_none(),
    };
    Ok(context.page(app, |frame| pages::latest(frame, &listing, &stories)).await)
}

fn feed_query(feed: Feed, parameters: FeedParameters) -> Result<ListQuery, AppError> {
    let cursor = parameters.cursor.filter(|cursor| !cursor.is_empty());
    let cursor = cursor.map(|cursor| cursor.parse()).transpose()?;
    Ok(ListQuery { cursor, ..ListQuery::newest(feed, Limit::DEFAULT) })
}
