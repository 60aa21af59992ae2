//! The policy, asked before the handler: the route table names the action of each route.

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use gazette_domain::Action;

use crate::http::reply::AppError;
use crate::http::request::RequestContext;
use crate::http::state::AppState;

/// Rule of a route, for the policy.
#[derive(Clone, Copy, Debug)]
pub(in crate::http) struct Rule {
    /// Action of the route.
    pub(in crate::http) action: Action,
    /// Maximum age of the caller's groups in seconds, if they count.
    pub(in crate::http) max_groups_age: Option<i64>,
}

/// Lets the request pass if the policy allows the action of its route.
pub(in crate::http) async fn authorize(
    State((app, rule)): State<(AppState, Rule)>,
    mut request: Request,
    next: Next,
) -> Response {
    let Some(context) = request.extensions_mut().remove::<RequestContext>() else {
        return AppError::internal("the route is outside the caller middleware").into_response();
    };
    match context.require_fresh(&app, rule.action, rule.max_groups_age).await {
        Ok(context) => request.extensions_mut().insert(context),
        Err(error) => return error.into_response(),
    };
    next.run(request).await
}
