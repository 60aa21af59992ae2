//! The policy, asked before the handler: the route table names the action of each route.

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use gazette_domain::Route;

use crate::http::reply::AppError;
use crate::http::request::RequestContext;
use crate::http::state::AppState;

/// Lets the request pass if the policy allows the route's action.
pub(in crate::http) async fn authorize(
    State((app, route)): State<(AppState, &'static Route)>,
    context: Option<axum::Extension<RequestContext>>,
    mut request: Request,
    next: Next,
) -> Response {
    let Some(action) = route.action else { return next.run(request).await };
    let Some(axum::Extension(context)) = context else {
        return AppError::internal("the route is outside the caller middleware").into_response();
    };
    let max_groups_age = if route.method.is_safe() {
        action.max_groups_age_for_reading_seconds()
    } else {
        action.max_groups_age_seconds()
    };
    match context.require_fresh(&app, action, max_groups_age).await {
        Ok(context) => request.extensions_mut().insert(context),
        Err(error) => return error.into_response(),
    };
    next.run(request).await
}
