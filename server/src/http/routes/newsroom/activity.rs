//! The audit log: its page, and its downloads.

use axum::body::Body;
use axum::extract::State;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse as _, Response};
use futures_util::stream::{self, Stream};
use gazette_app::pages::{self, Activity, ActivityForm, act_of};
use gazette_domain::{AuditFilter, AuditPosition, AuditedStory, Caller, DeskError};
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde::Deserialize;

use crate::audit_export::AuditFormat;
use crate::http::reply::{AppError, private};
use crate::http::request::{PageQuery, RequestContext};
use crate::http::state::AppState;

/// Lines of a page: requests, each with all its records.
const BATCHES_PER_PAGE: usize = 50;
/// Longest text of a field, in bytes.
const MAX_TEXT_BYTES: usize = 300;

/// Parameters of the page and of the downloads.
#[derive(Deserialize)]
pub(in crate::http) struct Parameters {
    person: Option<String>,
    act: Option<String>,
    story: Option<String>,
    from: Option<String>,
    to: Option<String>,
    /// Position from which the page goes back in time.
    before: Option<String>,
}

/// `GET /desk/audit`.
pub(in crate::http) async fn page(
    State(app): State<AppState>,
    context: RequestContext,
    PageQuery(parameters): PageQuery<Parameters>,
) -> Result<Response, AppError> {
    let position = parameters.before.as_deref().map(str::parse::<AuditPosition>).transpose();
    let position = position.map_err(|error| {
        AppError::bad_request(format!(
            "`before` is wrong: {error}. Omit it for the latest entries."
        ))
    })?;
    let mut form = form(parameters);
    let filter = match filter(&form, &app.site.time_zone) {
        Ok(filter) => filter,
        Err(error) => {
            form.error = Some(error);
            let shown = Activity { form, ..Activity::default() };
            let mut response = context.page(&app, |frame| pages::activity(frame, shown)).await;
            *response.status_mut() = StatusCode::BAD_REQUEST;
            return Ok(response);
        }
    };
    let log = app.desk.search_audit(&context.caller, &filter, position.as_ref(), BATCHES_PER_PAGE);
    let shown = Activity { form, page: Some(log.await?), is_first: position.is_none() };
    Ok(context.page(&app, |frame| pages::activity(frame, shown)).await)
}

/// `GET /desk/audit.csv`.
pub(in crate::http) async fn csv(
    State(app): State<AppState>,
    context: RequestContext,
    PageQuery(parameters): PageQuery<Parameters>,
) -> Result<Response, AppError> {
    download(app, context, parameters, AuditFormat::Csv).await
}

/// `GET /desk/audit.ndjson`.
pub(in crate::http) async fn ndjson(
    State(app): State<AppState>,
    context: RequestContext,
    PageQuery(parameters): PageQuery<Parameters>,
) -> Result<Response, AppError> {
    download(app, context, parameters, AuditFormat::Ndjson).await
}

/// Responds with every record that meets the filter. Holds the records of one read at a time.
async fn download(
    app: AppState,
    context: RequestContext,
    parameters: Parameters,
    format: AuditFormat,
) -> Result<Response, AppError> {
    let filter = filter(&form(parameters), &app.site.time_zone);
    let filter = filter
        .map_err(|(field, error)| AppError::bad_request(format!("`{field}` is wrong: {error}")))?;
    let mut export = Export { app, caller: context.caller, filter, format };
    // The first read is done now, so that its error is a response.
    let (text, next) = export.read(None).await?;
    let first = format.header() + &text;
    let mut response = Body::from_stream(export.stream(first, next)).into_response();
    private(&mut response);
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(format.content_type()));
    headers.insert(CONTENT_DISPOSITION, HeaderValue::from_static(format.disposition()));
    Ok(response)
}

/// Download in progress.
struct Export {
    app: AppState,
    caller: Caller,
    filter: AuditFilter,
    format: AuditFormat,
}

/// The next step of a download.
enum Step {
    Send(String, Option<AuditPosition>),
    Read(AuditPosition),
}

impl Export {
    /// Reads a part of the log. Returns its text and the position of the next part.
    async fn read(
        &mut self,
        position: Option<&AuditPosition>,
    ) -> Result<(String, Option<AuditPosition>), DeskError> {
        let desk = &self.app.desk;
        let page = desk.search_audit(&self.caller, &self.filter, position, usize::MAX).await?;
        let mut text = String::new();
        self.format.write(&mut text, &page.records, &self.app.site.time_zone);
        Ok((text, page.next))
    }

    /// Sends the first text, then the rest. After an error the response breaks off, so that the
    /// client does not take it for complete.
    fn stream(
        self,
        first: String,
        next: Option<AuditPosition>,
    ) -> impl Stream<Item = Result<String, DeskError>> {
        let start = Some((self, Step::Send(first, next)));
        stream::try_unfold(start, |state| async {
            let Some((mut export, step)) = state else { return Ok(None) };
            let (text, next) = match step {
                Step::Send(text, next) => (text, next),
                Step::Read(position) => {
                    export.read(Some(&position)).await.inspect_err(|error| {
                        tracing::error!(%error, "a download of the audit log broke off");
                    })?
                }
            };
            Ok(Some((text, next.map(|position| (export, Step::Read(position))))))
        })
    }
}

fn form(parameters: Parameters) -> ActivityForm {
    let text = |field: Option<String>| field.unwrap_or_default().trim().to_owned();
    ActivityForm {
        person: text(parameters.person),
        act: text(parameters.act),
        story: text(parameters.story),
        from: text(parameters.from),
        to: text(parameters.to),
        error: None,
    }
}

/// Field of the form and what is wrong with it.
type FieldFault = (&'static str, String);

/// Reads the filter; days are those of the site's zone.
fn filter(form: &ActivityForm, zone: &TimeZone) -> Result<AuditFilter, FieldFault> {
    for (field, text) in [("person", &form.person), ("story", &form.story)] {
        if text.len() > MAX_TEXT_BYTES {
            return Err((field, "Use at most 300 characters.".to_owned()));
        }
    }
    let action =
        match form.act.as_str() {
            "" => None,
            name => Some(act_of(name).ok_or_else(|| {
                ("act", "There is no such act. Choose one of the list.".to_owned())
            })?),
        };
    let from = day("from", &form.from)?;
    let to = day("to", &form.to)?;
    if let (Some(from), Some(to)) = (from, to)
        && to < from
    {
        return Err(("to", "This day is before the first one. Swap the two.".to_owned()));
    }
    let until = to.map(Date::tomorrow).transpose().map_err(|_| not_a_day("to"))?;
    Ok(AuditFilter {
        person: (!form.person.is_empty()).then(|| form.person.clone()),
        action,
        story: AuditedStory::parse(&form.story),
        from: from.map(|day| midnight("from", day, zone)).transpose()?,
        until: until.map(|day| midnight("to", day, zone)).transpose()?,
    })
}

fn day(field: &'static str, text: &str) -> Result<Option<Date>, FieldFault> {
    if text.is_empty() {
        return Ok(None);
    }
    text.parse().map(Some).map_err(|_| not_a_day(field))
}

/// Returns the first moment of a day in the zone.
fn midnight(field: &'static str, day: Date, zone: &TimeZone) -> Result<Timestamp, FieldFault> {
    let start = day.to_zoned(zone.clone()).and_then(|start| start.start_of_day());
    start.map(|start| start.timestamp()).map_err(|_| not_a_day(field))
}

fn not_a_day(field: &'static str) -> FieldFault {
    (field, "Write the day as in 2026-11-26.".to_owned())
}
