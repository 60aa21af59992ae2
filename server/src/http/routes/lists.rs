//! Lists of stories: the latest, a section, a tag, an author.

use axum::extract::{FromRequestParts as _, Request, State};
use axum::response::Response;
use gazette_app::backend::list_query;
use gazette_app::pages::{self, Listing};
use gazette_domain::{Endpoint, LabelKind, LabelLookup, Limit, Slug};

use crate::http::reply::{self, AppError};
use crate::http::request::{
    FeedParameters, ListParameters, PageQuery, Preference, Query, RequestContext, Segment,
    SharedPage, call_server_function,
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
    label_page(&app, &context, &slug, parameters, LabelKind::Section).await
}

/// `GET /tag/{slug}`.
pub(in crate::http) async fn tag(
    State(app): State<AppState>,
    context: RequestContext,
    Segment(slug): Segment,
    PageQuery(parameters): PageQuery<FeedParameters>,
) -> Result<Response, AppError> {
    label_page(&app, &context, &slug, parameters, LabelKind::Tag).await
}

/// `GET /author/{slug}`.
pub(in crate::http) async fn author(
    State(app): State<AppState>,
    context: RequestContext,
    Segment(slug): Segment,
    PageQuery(parameters): PageQuery<FeedParameters>,
) -> Result<Response, AppError> {
    label_page(&app, &context, &slug, parameters, LabelKind::Author).await
}

async fn latest_page(
    app: &AppState,
    context: &RequestContext,
    parameters: ListParameters,
) -> Result<Response, AppError> {
    let page = SharedPage::of(app, context);
    if let Some(cached) = page.cached().await {
        return Ok(cached);
    }
    let ListParameters { limit, cursor, section, tag, month } = parameters;
    // A form of a page sends its empty fields, too.
    let [limit, cursor, section, tag, month] =
        [limit, cursor, section, tag, month].map(|value| value.filter(|value| !value.is_empty()));
    let filters = [("limit", &limit), ("section", &section), ("tag", &tag), ("month", &month)]
        .into_iter()
        .filter_map(|(name, value)| Some((name, value.clone()?)))
        .collect();
    let query = list_query(limit, cursor, section, tag, month)?;
    let stories = app.desk.list(SharedPage::READER, &query).await?;
    let listing = Listing {
        title: "Latest news".to_owned(),
        kind: None,
        path: Endpoint::ListNews.path().to_owned(),
        filters,
        first: query.cursor.is_none(),
        months: app.desk.months(SharedPage::READER).await?.to_vec(),
        month_filter: None,
    };
    Ok(page.make(|frame| pages::latest(frame, &listing, &stories)).await)
}

/// Shows the stories of a label. Without a public story the page does not exist.
async fn label_page(
    app: &AppState,
    context: &RequestContext,
    slug: &str,
    parameters: FeedParameters,
    kind: LabelKind,
) -> Result<Response, AppError> {
    let page = SharedPage::of(app, context);
    if let Some(cached) = page.cached().await {
        return Ok(cached);
    }
    let given = slug;
    let slug = Slug::from_other_spelling(given).ok_or_else(AppError::not_found)?;
    let cursor = parameters.cursor.filter(|cursor| !cursor.is_empty());
    let cursor = cursor.map(|cursor| cursor.parse()).transpose()?;
    let first = cursor.is_none();
    let desk = &app.desk;
    let found = desk.stories_of_label(SharedPage::READER, kind, &slug, Limit::DEFAULT, cursor);
    let (label, stories) = match found.await? {
        LabelLookup::Found(label, stories) => (label, stories),
        LabelLookup::Moved(slug) => return Ok(reply::moved(&kind.endpoint().path_with(slug))),
        LabelLookup::Missing => return Err(AppError::not_found()),
    };
    let path = kind.endpoint().path_with(&slug);
    if slug.as_str() != given {
        return Ok(reply::moved(&path));
    }
    let months = app.desk.months_of_label(SharedPage::READER, kind, &slug).await?.to_vec();
    let month_filter = match kind {
        LabelKind::Section => Some(("section", slug.to_string())),
        LabelKind::Tag => Some(("tag", slug.to_string())),
        LabelKind::Author => None,
    };
    let listing = Listing {
        title: label.name,
        kind: Some(kind),
        path,
        filters: Vec::new(),
        first,
        months,
        month_filter,
    };
    Ok(page.make(|frame| pages::latest(frame, &listing, &stories)).await)
}
