//! The trash: looking, restoring and emptying.

use axum::Extension;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Redirect, Response};
use gazette_app::pages::{self, Notice};
use gazette_domain::{Action, JobId, Limit};
use tower_sessions::Session;

use crate::auth::Flash;
use crate::http::caller::RequestContext;
use crate::http::change::run;
use crate::http::desk::{said, say_next};
use crate::http::error::AppError;
use crate::http::extract::FormBody;
use crate::http::fields::Fields;
use crate::http::reply;
use crate::http::state::AppState;

const TRASH: &str = "/desk/trash";
/// The word that must be typed to erase everything.
const WORD: &str = "erase";

/// `GET /desk/trash`.
pub(super) async fn page(
    State(app): State<AppState>,
    Extension(context): Extension<RequestContext>,
    session: Session,
    request: Request,
) -> Result<Response, AppError> {
    context.require(app.desk.policy(), Action::RestoreNews)?;
    let fields = Fields::of_query(&request);
    let notice = said(&session).await?.or(fields.one("chosen").map(|_| Notice::NothingChosen));
    show(&app, &context, request.headers(), notice).await
}

/// `POST /desk/restore`: brings back the chosen stories, or those of one deletion of everything.
pub(super) async fn restore(
    State(app): State<AppState>,
    Extension(context): Extension<RequestContext>,
    session: Session,
    FormBody(body): FormBody,
) -> Result<Response, AppError> {
    let context = context.require_fresh(&app, Action::RestoreNews).await?;
    let fields = Fields::parse(&body);
    let job = fields.one("job").map(str::parse::<JobId>).transpose();
    let job = job.map_err(|error| AppError::bad_request(format!("job: {error}")))?;
    let ids = fields.ids()?;
    if job.is_none() && ids.is_empty() {
        return Ok(Redirect::to("/desk/trash?chosen=none").into_response());
    }
    let restored = run(context.desk(&app), {
        let caller = context.caller.clone();
        move |desk| async move {
            match job {
                Some(job) => desk.restore_job(&caller, job).await,
                None => desk.restore(&caller, &ids).await,
            }
        }
    });
    let restored = restored.await?.map_err(|error| AppError::desk(&error, &context))?;
    tracing::info!(restored, "stories came back from the trash");
    say_next(&session, Flash::Restored(restored)).await;
    Ok(Redirect::to(TRASH).into_response())
}

/// `POST /desk/trash/empty`: erases what lies there for good.
pub(super) async fn empty(
    State(app): State<AppState>,
    Extension(context): Extension<RequestContext>,
    session: Session,
    headers: HeaderMap,
    FormBody(body): FormBody,
) -> Result<Response, AppError> {
    let context = context.require_fresh(&app, Action::EraseNews).await?;
    if Fields::parse(&body).one("word").map(str::trim) != Some(WORD) {
        let mut response = show(&app, &context, &headers, Some(Notice::WrongWord)).await?;
        *response.status_mut() = StatusCode::UNPROCESSABLE_ENTITY;
        return Ok(response);
    }
    let erased = run(context.desk(&app), {
        let caller = context.caller.clone();
        move |desk| async move { desk.empty_trash(&caller).await }
    });
    let erased = erased.await?.map_err(|error| AppError::desk(&error, &context))?;
    tracing::info!(erased, "the trash was emptied");
    say_next(&session, Flash::Erased(erased)).await;
    Ok(Redirect::to(TRASH).into_response())
}

async fn show(
    app: &AppState,
    context: &RequestContext,
    headers: &HeaderMap,
    notice: Option<Notice>,
) -> Result<Response, AppError> {
    let entries = app.desk.trash(&context.caller, Limit::MAX).await;
    let entries = entries.map_err(|error| AppError::desk(&error, context))?;
    let frame = context.frame(app).await;
    let page = pages::trash(&frame, &entries, notice);
    Ok(reply::page(&frame, page, context, headers))
}
