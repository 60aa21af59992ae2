//! The saved form of a browser and the person who is signed in on it.

use axum::http::HeaderMap;

use crate::auth::SavedForm;
use crate::http::reply::AppError;
use crate::http::request::context::RequestContext;
use crate::http::request::cookies::secret_cookie;
use crate::http::state::AppState;

/// Returns the form that the person may see.
pub(in crate::http) async fn saved_form(
    app: &AppState,
    context: &RequestContext,
    headers: &HeaderMap,
) -> Result<Option<SavedForm>, AppError> {
    let Some(browser) = secret_cookie(headers, &app.cookies.saved_form) else { return Ok(None) };
    let sub = &context.identity()?.claims().sub;
    Ok(app.saved_forms.find(&browser, sub).await?.map(|(form, _)| form))
}
