//! The description of the API, for programs and for people.

use axum::extract::State;
use axum::response::Response;
use gazette_app::pages::{self, ApiGroup, ApiOperation};
use gazette_domain::{Method, ROUTES, Route};

use crate::http::openapi::{
    Content, INPUT_EXAMPLE, Operation, document_text, needs, operation, parameter, path_parameters,
    statuses,
};
use crate::http::reply;
use crate::http::request::RequestContext;
use crate::http::state::AppState;

/// `GET /openapi.json`.
pub(in crate::http) async fn document() -> Response {
    reply::public_file(document_text().into(), "application/json")
}

/// `GET /docs`.
pub(in crate::http) async fn page(
    State(app): State<AppState>,
    context: RequestContext,
) -> Response {
    let groups = groups(&app.site.public_url);
    context.page(&app, |frame| pages::api_docs(frame, groups)).await
}

/// Returns the operations in the order of the route table, by group.
fn groups(public_url: &str) -> Vec<ApiGroup> {
    let mut groups: Vec<ApiGroup> = Vec::new();
    for route in ROUTES {
        let Some(operation) = operation(route.endpoint) else { continue };
        let shown = shown(route, &operation, public_url);
        match groups.iter_mut().find(|group| group.title == operation.group) {
            Some(group) => group.operations.push(shown),
            None => groups.push(ApiGroup { title: operation.group, operations: vec![shown] }),
        }
    }
    groups
}

fn shown(route: &Route, operation: &Operation, public_url: &str) -> ApiOperation {
    let mut parameters = path_parameters(route);
    parameters.extend(operation.query.iter().map(|name| (*name, parameter(name).1)));
    parameters.extend(operation.headers.iter().map(|name| (*name, meaning(name))));
    let mut all = statuses(route, operation);
    all.sort_unstable();
    all.dedup();
    let others: Vec<String> = all.iter().map(u16::to_string).collect();
    ApiOperation {
        name: format!("{:?}", route.endpoint),
        method: route.method.names().first().copied().unwrap_or_default(),
        path: route.path,
        summary: operation.summary,
        access: needs(route.action),
        parameters,
        statuses: format!("{}, or {}", operation.status, others.join(", ")),
        command: command(route, operation, public_url),
    }
}

/// Returns what a header of a request does.
fn meaning(header: &str) -> &'static str {
    match header {
        "If-Match" => "Entity tag of the version that you have seen; 412 if it has changed since.",
        "If-None-Match" => "Entity tag of your copy; 304 if it is current.",
        _ => "Any text of your own: a repeated request with it does nothing twice.",
    }
}

/// Returns a command line that sends the request.
fn command(route: &Route, operation: &Operation, public_url: &str) -> String {
    // In capitals, since curl reads braces as a list.
    let is_slug = route.method == Method::Get;
    let path = route.path.replace("{name}", if is_slug { "SLUG" } else { "ID" });
    let path = path.replace("{slug}", "SLUG").replace("{part}", "PART").replace("{file}", "FILE");
    let mut lines = vec![format!("curl -i '{public_url}{path}'")];
    if route.method == Method::Put || route.method == Method::Delete {
        let method = route.method.names().first().copied().unwrap_or_default();
        lines.push(format!("-X {method}"));
    }
    if route.action.is_some_and(|action| !action.is_public()) {
        lines.push("-H \"Authorization: Bearer $TOKEN\"".to_owned());
    }
    // Where there is a page, too, the request says which of the two it wants.
    if operation.answers.contains(&Content::Page) {
        lines.push("-H 'Accept: application/json'".to_owned());
    }
    if operation.headers.contains(&"If-Match") && operation.body.is_some() {
        lines.push("-H 'If-Match: \"ETAG\"'".to_owned());
    }
    match operation.body {
        Some(Content::Picture) => lines.push("-F file=@bridge.jpg -F alt='The new bridge'".into()),
        Some(_) => {
            let is_correction = route.path.ends_with("/corrections");
            let body =
                if is_correction { r#"{"text":"It has five arches."}"# } else { INPUT_EXAMPLE };
            lines.push("-H 'Content-Type: application/json'".to_owned());
            lines.push(format!("-d '{body}'"));
        }
        None => {}
    }
    lines.join(" \\\n  ")
}
