//! The history of a story: its versions, their differences, and restoring one.

use axum::extract::State;
use axum::response::{IntoResponse as _, Redirect, Response};
use gazette_app::pages::{self, EditorNotice, History};
use gazette_domain::{Endpoint, HistoryEntry, HistoryKind, StoryForm, StoryId, readable_value};
use serde::Deserialize;

use crate::http::reply::AppError;
use crate::http::request::{Form, PageQuery, RequestContext, Segment, run_detached, set_flash};
use crate::http::state::AppState;
use crate::text_difference::{Difference, difference};

/// Parameters of the page.
#[derive(Deserialize)]
pub(in crate::http) struct Parameters {
    /// Version to show; the latest by default.
    version: Option<String>,
    /// `present` to compare with the present text instead of the version before; `note` to compare
    /// the version that was sent back with it.
    with: Option<String>,
}

/// Fields of the form that restores.
#[derive(Deserialize)]
pub(in crate::http) struct RestoreFields {
    #[serde(default)]
    version: String,
}

/// `GET /desk/{id}/history`.
pub(in crate::http) async fn page(
    State(app): State<AppState>,
    context: RequestContext,
    Segment(id): Segment,
    PageQuery(parameters): PageQuery<Parameters>,
) -> Result<Response, AppError> {
    let id: StoryId = id.parse().map_err(|_| AppError::not_found())?;
    let versions = app.desk.history(&context.caller, id).await?;
    let story = app.desk.story(&context.caller, id).await?;
    let latest = versions.first().map_or(story.version, |entry| entry.version);
    let with = parameters.with.as_deref();
    let sent_back = versions.iter().find(|it| it.kind == HistoryKind::SentBack);
    let sent_back = sent_back.filter(|_| with == Some("note")).map(|entry| entry.version);
    let shown = match parameters.version {
        Some(version) => version.parse().map_err(|_| AppError::not_found())?,
        None => sent_back.unwrap_or(latest),
    };
    let is_with_present = matches!(with, Some("present" | "note")) && shown != latest;
    let compared = if is_with_present { Some(latest) } else { before(&versions, shown) };
    let form = form_of(&app, &context, id, shown).await?;
    let other = match compared {
        Some(version) => form_of(&app, &context, id, version).await?,
        None => StoryForm::default(),
    };
    let headline = form.headline.trim().to_owned();
    let (one, two) = if is_with_present { (form, other) } else { (other, form) };
    let Difference { fields, is_rough } = compare(one, two).await?;
    let history = History {
        id,
        headline: if headline.is_empty() { "an untitled story".to_owned() } else { headline },
        versions,
        shown,
        compared,
        is_with_present,
        changes: fields,
        is_rough,
    };
    Ok(context.page(&app, |frame| pages::history(frame, &history)).await)
}

/// `POST /desk/{id}/history`: puts an earlier version into the editor.
pub(in crate::http) async fn restore(
    State(app): State<AppState>,
    context: RequestContext,
    Segment(id): Segment,
    Form(fields): Form<RestoreFields>,
) -> Result<Response, AppError> {
    let id: StoryId = id.parse().map_err(|_| AppError::not_found())?;
    let unknown = "Unknown version. Reload the page and try again.";
    let version: u64 = fields.version.parse().map_err(|_| AppError::bad_request(unknown))?;
    let (desk, caller) = (context.desk(&app), context.caller.clone());
    let zone = app.site.time_zone.clone();
    run_detached(async move { desk.restore_form(&caller, id, version, &zone).await }).await?;
    set_flash(context.session.as_ref(), EditorNotice::Restored).await;
    Ok(Redirect::to(&Endpoint::EditStory.path_with(id)).into_response())
}

async fn form_of(
    app: &AppState,
    context: &RequestContext,
    id: StoryId,
    version: u64,
) -> Result<StoryForm, AppError> {
    let zone = &app.site.time_zone;
    Ok(app.desk.history_form(&context.caller, id, version, zone).await?)
}

/// Returns the version before another one in a list with the latest first.
fn before(versions: &[HistoryEntry], version: u64) -> Option<u64> {
    versions.iter().map(|entry| entry.version).find(|earlier| *earlier < version)
}

/// Compares two forms on a thread of its own, which may take a while.
async fn compare(before: StoryForm, after: StoryForm) -> Result<Difference, AppError> {
    let (before, after) = (readable(before), readable(after));
    tokio::task::spawn_blocking(move || difference(&before, &after))
        .await
        .map_err(AppError::internal)
}

/// Returns a form with its times as people read them.
fn readable(mut form: StoryForm) -> StoryForm {
    for (field, value) in StoryForm::FIELDS.into_iter().zip(form.values_mut()) {
        *value = readable_value(field, value);
    }
    form
}
