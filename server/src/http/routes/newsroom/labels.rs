//! Sections, tags and authors: their list, and renaming.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Redirect, Response};
use gazette_app::pages::{self, Notice, RefusedName};
use gazette_domain::{DeskError, Endpoint, Label, LabelKind, Limit, Slug};
use serde::Deserialize;

use crate::http::reply::AppError;
use crate::http::request::{Form, PageQuery, RequestContext, run_detached, set_flash, take_flash};
use crate::http::state::AppState;

/// Parameters of the page.
#[derive(Deserialize)]
pub(in crate::http) struct Parameters {
    kind: Option<String>,
    /// Slug after which the page begins.
    cursor: Option<String>,
}

/// Fields of the form that renames.
#[derive(Deserialize)]
pub(in crate::http) struct RenameFields {
    kind: String,
    slug: String,
    name: String,
    /// Set to ask before two labels become one.
    #[serde(default)]
    confirm: String,
}

/// `GET /desk/labels`.
pub(in crate::http) async fn page(
    State(app): State<AppState>,
    context: RequestContext,
    PageQuery(parameters): PageQuery<Parameters>,
) -> Result<Response, AppError> {
    let kind = parameters.kind.and_then(|kind| kind.parse().ok()).unwrap_or(LabelKind::Section);
    let after = parameters.cursor.and_then(|slug| slug.parse().ok());
    let notice = take_flash(context.session.as_ref()).await?;
    show(&app, &context, kind, after, notice, None).await
}

/// `POST /desk/labels`: renames a label, or merges it into another.
pub(in crate::http) async fn rename(
    State(app): State<AppState>,
    context: RequestContext,
    Form(fields): Form<RenameFields>,
) -> Result<Response, AppError> {
    let unknown = || AppError::bad_request("Unknown label. Reload the page and try again.");
    let kind: LabelKind = fields.kind.parse().map_err(|_| unknown())?;
    let slug: Slug = fields.slug.parse().map_err(|_| unknown())?;
    if fields.confirm == pages::ASK_TO_MERGE
        && let Some((label, into)) = merged(&app, &context, kind, &slug, &fields.name).await?
    {
        return Ok(context.page(&app, |_| pages::confirm_merge(kind, &label, &into)).await);
    }
    let (desk, caller) = (context.desk(&app), context.caller.clone());
    let (typed, of) = (fields.name.clone(), slug.clone());
    let renaming = async move {
        match desk.rename_label(&caller, kind, &slug, &fields.name).await {
            Err(DeskError::Unacceptable(errors)) => Ok(Err(errors)),
            outcome => outcome.map(Ok),
        }
    };
    let renamed = match run_detached(renaming).await? {
        Ok(renamed) => renamed,
        Err(errors) => {
            let reasons: Vec<_> = errors.into_iter().map(|error| error.message).collect();
            let error = format!("The name {}.", reasons.join(", and "));
            let refused = RefusedName { slug: of, name: typed, error };
            let mut response = show(&app, &context, kind, None, None, Some(refused)).await?;
            *response.status_mut() = StatusCode::UNPROCESSABLE_ENTITY;
            return Ok(response);
        }
    };
    tracing::info!(slug = %renamed.label.slug, stories = renamed.stories, "label renamed");
    set_flash(context.session.as_ref(), Notice::LabelRenamed(renamed.stories)).await;
    let path = format!("{}?kind={}", Endpoint::Labels.path(), kind.as_str());
    Ok(Redirect::to(&path).into_response())
}

/// Returns a label and the other one that already has its new name.
async fn merged(
    app: &AppState,
    context: &RequestContext,
    kind: LabelKind,
    slug: &Slug,
    name: &str,
) -> Result<Option<(Label, Label)>, AppError> {
    let Some(wanted) = Label::new(name) else { return Ok(None) };
    let other = app.desk.label(&context.caller, kind, &wanted.slug).await?;
    let Some(other) = other.filter(|other| other.slug != *slug) else { return Ok(None) };
    let label = app.desk.label(&context.caller, kind, slug).await?;
    Ok(label.filter(|label| label.slug == *slug).map(|label| (label, other)))
}

async fn show(
    app: &AppState,
    context: &RequestContext,
    kind: LabelKind,
    after: Option<Slug>,
    notice: Option<Notice>,
    refused: Option<RefusedName>,
) -> Result<Response, AppError> {
    let page = app.desk.labels(&context.caller, kind, after.as_ref(), Limit::MAX).await?;
    let first = after.is_none();
    Ok(context.page(app, |frame| pages::labels(frame, kind, &page, first, notice, refused)).await)
}
