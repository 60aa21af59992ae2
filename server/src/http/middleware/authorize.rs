//! The policy, asked before the handler: the route table names the action of each route.

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use gazette_domain::Action;

use crate::config::TrafficClass;
use crate::http::middleware::admission::refuse_person;
use crate::http::reply::AppError;
use crate::http::request::RequestContext;
use crate::http::state::AppState;

/// Reason in the metrics: the groups that the session had allowed it, those of now do not, or could
/// not be confirmed.
const GROUPS_CHANGED: &str = "deny.groups-not-confirmed";

/// Rule of a route, for the policy.
#[derive(Clone, Copy, Debug)]
pub(in crate::http) struct Rule {
    /// Action of the route.
    pub(in crate::http) action: Action,
    /// Maximum age of the caller's groups in seconds, if they count.
    pub(in crate::http) max_groups_age: Option<i64>,
    /// Class of the route's requests.
    pub(in crate::http) class: TrafficClass,
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
    pass(&app, rule, context, request, next).await
}

/// Lets the request of a caller pass if the policy allows it. Its context may have newer groups then.
pub(super) async fn pass(
    app: &AppState,
    rule: Rule,
    context: RequestContext,
    mut request: Request,
    next: Next,
) -> Response {
    if let Some(identity) = context.caller.identity()
        && let Some(response) = refuse_person(app, rule.class, &request, &identity.claims().sub)
    {
        return response;
    }
    let reason = app.desk.policy().decide(&context.caller, rule.action);
    match context.require_fresh(app, rule.action, rule.max_groups_age).await {
        Ok(context) => {
            app.metrics.decisions.add(reason.as_str());
            request.extensions_mut().insert(context);
        }
        Err(error) => {
            let reason = if reason.is_allowed() { GROUPS_CHANGED } else { reason.as_str() };
            app.metrics.decisions.add(reason);
            return error.into_response();
        }
    }
    next.run(request).await
}
