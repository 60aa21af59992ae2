//! Search, as a page and as JSON.

use axum::extract::{FromRequestParts as _, Request, State};
use axum::http::StatusCode;
use axum::response::Response;
use gazette_app::pages::{
    self, MarkedPart, SearchForm, SearchOutcome, SearchResult, SearchResults,
};
use gazette_app::wire::{FoundStories, FoundStory, StoryItem};
use gazette_domain::{Limit, ListQuery, Slug, Teaser};
use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde::Deserialize;

use crate::http::reply::{self, AppError};
use crate::http::request::{FormQuery, PageQuery, Preference, RequestContext};
use crate::http::state::AppState;
use crate::search::{
    Found, Leniency, MAX_PAGE, MAX_QUERY, RESULTS_PER_PAGE, SearchQuery, TextPart,
};

/// Stories that the page shows when it has no results.
const SUGGESTIONS: usize = 6;
/// Length of a date such as `2026-11-01`.
const DATE_LENGTH: usize = 10;

/// Parameters of the search.
#[derive(Default, Deserialize)]
pub(in crate::http) struct SearchParameters {
    q: Option<String>,
    section: Option<String>,
    from: Option<String>,
    to: Option<String>,
    page: Option<String>,
}

/// A parameter that is wrong, and what to do.
struct InvalidField(&'static str, String);

/// `GET /search`.
pub(in crate::http) async fn search(
    State(app): State<AppState>,
    context: RequestContext,
    request: Request,
) -> Result<Response, AppError> {
    let (mut parts, _) = request.into_parts();
    if Preference::of(&parts.headers) == Preference::Json {
        let parameters = FormQuery::<SearchParameters>::from_request_parts(&mut parts, &app).await;
        return json(&app, &context, &parameters?.0).await;
    }
    let PageQuery(parameters) = PageQuery::from_request_parts(&mut parts, &app).await?;
    page(&app, &context, parameters).await
}

async fn json(
    app: &AppState,
    context: &RequestContext,
    parameters: &SearchParameters,
) -> Result<Response, AppError> {
    let query = query(parameters, &app.site.time_zone)
        .map_err(|InvalidField(_, message)| AppError::bad_request(message))?;
    let page = query.page;
    let (results, total) = if is_empty(&query) {
        (Vec::new(), 0)
    } else {
        let (found, results) = results(app, context, query).await?;
        (results, found.total)
    };
    let items = results.into_iter().map(|result| FoundStory {
        item: StoryItem::new(&result.story, &app.site),
        snippet: result.snippet.into_iter().map(|part| part.text).collect(),
    });
    let found = FoundStories { items: items.collect(), total, page };
    let body = serde_json::to_vec(&found).map_err(AppError::internal)?;
    Ok(reply::public(body.into(), "application/json"))
}

async fn page(
    app: &AppState,
    context: &RequestContext,
    parameters: SearchParameters,
) -> Result<Response, AppError> {
    let query = query(&parameters, &app.site.time_zone);
    let SearchParameters { q, section, from, to, .. } = parameters;
    let [q, section, from, to] = [q, section, from, to].map(Option::unwrap_or_default);
    let form = SearchForm { q, section, from, to };
    let query = match query {
        Ok(query) => query,
        Err(InvalidField("page", message)) => return Err(AppError::bad_request(message)),
        Err(InvalidField(field, message)) => {
            let outcome = SearchOutcome::Invalid(field, message);
            let make = |frame: &_| pages::search(frame, &form, &outcome);
            let (html, _) = context.html(app, make).await;
            let mut response = reply::page(html, false);
            *response.status_mut() = StatusCode::BAD_REQUEST;
            return Ok(response);
        }
    };
    let outcome = outcome(app, context, query).await?;
    Ok(context.page(app, |frame| pages::search(frame, &form, &outcome)).await)
}

async fn outcome(
    app: &AppState,
    context: &RequestContext,
    query: SearchQuery,
) -> Result<SearchOutcome, AppError> {
    if is_empty(&query) {
        return Ok(SearchOutcome::Nothing(latest(app, context).await?));
    }
    let page = query.page;
    let is_long = query.text.chars().count() > MAX_QUERY;
    let (found, items) = results(app, context, query).await?;
    if found.total == 0 {
        return Ok(SearchOutcome::NotFound(latest(app, context).await?));
    }
    let note = match found.leniency {
        _ if is_long => Some("Only the first 200 characters were searched for."),
        Leniency::All => None,
        Leniency::Similar => Some("Includes stories with similar words."),
        Leniency::Some => Some("No story has all of these words; these have some of them."),
    };
    let has_more = page < MAX_PAGE && page * RESULTS_PER_PAGE < found.total;
    Ok(SearchOutcome::Found(SearchResults { items, total: found.total, page, has_more, note }))
}

/// Finds stories, and reads their current texts through the desk, which decides what readers see.
async fn results(
    app: &AppState,
    context: &RequestContext,
    query: SearchQuery,
) -> Result<(Found, Vec<SearchResult>), AppError> {
    let section = query.section.clone();
    let found = app.search.find(query).await?;
    let mut stories = app.desk.public_stories(&context.caller, &found.stories).await?;
    // The index may be of a moment ago.
    stories.retain(|story| section.as_ref().is_none_or(|slug| story.teaser.section.slug == *slug));
    let results = stories.into_iter().map(|story| {
        let shown = found.marks.show(&story, &app.site.language);
        let [headline, snippet] = [shown.headline, shown.snippet].map(marked);
        SearchResult { story: story.teaser, headline, snippet }
    });
    let results = results.collect();
    Ok((found, results))
}

fn marked(parts: Vec<TextPart>) -> Vec<MarkedPart> {
    let part = |TextPart { text, is_match }| MarkedPart { text, is_match };
    parts.into_iter().map(part).collect()
}

async fn latest(app: &AppState, context: &RequestContext) -> Result<Vec<Teaser>, AppError> {
    let limit = Limit::try_from(SUGGESTIONS).unwrap_or(Limit::DEFAULT);
    let query = ListQuery { limit, ..ListQuery::default() };
    Ok(app.desk.list(&context.caller, &query).await?.items)
}

/// Checks whether nothing is searched for.
fn is_empty(query: &SearchQuery) -> bool {
    query.text.trim().is_empty()
        && query.section.is_none()
        && query.from.is_none()
        && query.until.is_none()
}

fn query(parameters: &SearchParameters, zone: &TimeZone) -> Result<SearchQuery, InvalidField> {
    let given = |value: &Option<String>| value.clone().filter(|value| !value.trim().is_empty());
    let section = given(&parameters.section);
    let from = given(&parameters.from).map(|day| date("from", &day)).transpose()?;
    let to = given(&parameters.to).map(|day| date("to", &day)).transpose()?;
    if from.zip(to).is_some_and(|(from, to)| from > to) {
        let message = "The last day is before the first. Choose a later one.";
        return Err(InvalidField("to", message.to_owned()));
    }
    let start_of =
        |day: Date| day.to_zoned(zone.clone()).ok().map(|day| day.timestamp().as_second());
    Ok(SearchQuery {
        text: parameters.q.clone().unwrap_or_default(),
        section: section.map(|section| section_slug(&section)).transpose()?,
        from: from.and_then(start_of),
        until: to.and_then(|day| day.tomorrow().ok()).and_then(start_of),
        page: page_number(parameters.page.as_deref())?,
    })
}

fn section_slug(text: &str) -> Result<Slug, InvalidField> {
    let slug = Slug::from_other_spelling(text.trim());
    slug.ok_or_else(|| InvalidField("section", "Choose a section from the list.".to_owned()))
}

fn date(field: &'static str, text: &str) -> Result<Date, InvalidField> {
    let text = text.trim();
    let date = text.parse().ok().filter(|_| text.len() == DATE_LENGTH);
    date.ok_or_else(|| {
        let message = format!("\"{field}\" must be a day such as 2026-11-01.");
        InvalidField(field, message)
    })
}

fn page_number(text: Option<&str>) -> Result<usize, InvalidField> {
    let Some(text) = text.filter(|text| !text.is_empty()) else { return Ok(1) };
    let is_number = text.len() <= 2 && text.bytes().all(|byte| byte.is_ascii_digit());
    let page = text.parse().ok().filter(|page| is_number && (1..=MAX_PAGE).contains(page));
    page.ok_or_else(|| {
        let message = format!("\"page\" must be a whole number from 1 to {MAX_PAGE}.");
        InvalidField("page", message)
    })
}
