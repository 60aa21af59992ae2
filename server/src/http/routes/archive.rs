//! The archive.

use axum::extract::{Path, State};
use axum::response::Response;
use gazette_app::pages::{self, ArchiveMonth};
use gazette_domain::{Cursor, Feed, Limit, ListQuery, Month};
use serde::Deserialize;

use crate::http::reply::{self, AppError};
use crate::http::request::{PageQuery, RequestContext, SharedPage};
use crate::http::state::AppState;

/// Parameters of the page of a month.
#[derive(Deserialize)]
pub(in crate::http) struct ArchiveParameters {
    cursor: Option<String>,
    day: Option<String>,
}

/// `GET /archive`.
pub(in crate::http) async fn years(
    State(app): State<AppState>,
    context: RequestContext,
) -> Result<Response, AppError> {
    let page = SharedPage::of(&app, &context);
    if let Some(cached) = page.cached().await {
        return Ok(cached);
    }
    let months = app.desk.months(SharedPage::READER).await?;
    Ok(page.make(|frame| pages::archive(frame, &months)).await)
}

/// `GET /archive/{year}/{month}`. A month without a public story has no page.
pub(in crate::http) async fn month(
    State(app): State<AppState>,
    context: RequestContext,
    Path((year, month)): Path<(String, String)>,
    PageQuery(parameters): PageQuery<ArchiveParameters>,
) -> Result<Response, AppError> {
    let page = SharedPage::of(&app, &context);
    if let Some(cached) = page.cached().await {
        return Ok(cached);
    }
    let parsed: Month = format!("{year}-{month:0>2}").parse().map_err(|_| AppError::not_found())?;
    let months = app.desk.months(SharedPage::READER).await?;
    let index = months.iter().position(|it| it.month == parsed).ok_or_else(AppError::not_found)?;
    let path = parsed.path();
    if path != format!("/archive/{year}/{month}") {
        return Ok(reply::moved(&path));
    }
    let [cursor, day] =
        [parameters.cursor, parameters.day].map(|value| value.filter(|value| !value.is_empty()));
    let day = day.map(|day| day_of(parsed, &day)).transpose()?;
    let cursor: Option<Cursor> = cursor.map(|cursor| cursor.parse()).transpose()?;
    let is_continued = cursor.is_some();
    let start = day.and_then(|day| Cursor::at_end_of(day, &app.site.time_zone));
    let newest = ListQuery::newest(Feed::All, Limit::MAX);
    let query = ListQuery { month: Some(parsed), cursor: cursor.or(start), ..newest };
    let news = app.desk.list(SharedPage::READER, &query).await?;
    let neighbour = |index: Option<usize>| Some(months.get(index?)?.month);
    let stories = months.get(index).and_then(|month| month.stories);
    let shown = ArchiveMonth {
        month: parsed,
        stories,
        previous: neighbour(index.checked_add(1)),
        next: neighbour(index.checked_sub(1)),
        day,
        is_continued,
        has_pages: stories.map_or(news.next.is_some(), |stories| stories > Limit::MAX.get()),
    };
    Ok(page.make(|frame| pages::archive_month(frame, &shown, &news)).await)
}

fn day_of(month: Month, day: &str) -> Result<jiff::civil::Date, AppError> {
    let wrong = || AppError::bad_request("day must be a day of the month, such as 7");
    let number = day.parse().map_err(|_| wrong())?;
    month.first_day().with().day(number).build().map_err(|_| wrong())
}
