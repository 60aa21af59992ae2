//! The `OpenAPI` 3.1 document.

use std::sync::LazyLock;

use gazette_domain::{Action, Area, Endpoint, Method, ROUTES, Route};
use serde_json::{Map, Value, json};

use super::operation::{Content, Operation};
use super::operations::operation;
use super::parameters::{parameter, path_parameters};
use super::schemas::{schemas, set};

const LICENSE: &str = "MIT OR Apache-2.0";
const ID_FORM: &str = "^[0-9a-fA-F-]{36}$";

static DOCUMENT: LazyLock<String> = LazyLock::new(|| {
    let mut text = serde_json::to_string_pretty(&document()).unwrap_or_default();
    text.push('\n');
    text
});

/// Returns the document, the same for every site: its server is the origin that it came from.
pub(crate) fn document_text() -> &'static str {
    &DOCUMENT
}

fn document() -> Value {
    let mut paths: Map<String, Value> = Map::new();
    for route in ROUTES {
        let Some(operation) = operation(route.endpoint) else { continue };
        let method = route.method.names().first().copied().unwrap_or_default().to_ascii_lowercase();
        let item = paths.entry(route.path).or_insert_with(|| json!({}));
        set(item, "", &method, operation_object(route, &operation));
    }
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "Gazette",
            "version": env!("CARGO_PKG_VERSION"),
            "description": "Read the news without a token; write with a bearer token of the user pool.",
            "license": { "name": LICENSE, "identifier": LICENSE },
        },
        "servers": [{ "url": "/" }],
        "paths": paths,
        "components": {
            "schemas": schemas(),
            "responses": { "Error": {
                "description": "What was wrong, and what to do; a page for requests that prefer HTML.",
                "content": {
                    "application/json": { "schema": reference("Error") },
                    "text/html": { "schema": { "type": "string" } },
                },
            }},
            "securitySchemes": { "token": {
                "type": "http",
                "scheme": "bearer",
                "bearerFormat": "JWT",
                "description": "Access token of the user pool.",
            }},
        },
    })
}

fn operation_object(route: &Route, operation: &Operation) -> Value {
    let mut object = json!({
        "operationId": format!("{:?}", route.endpoint),
        "tags": [operation.group],
        "summary": operation.summary,
        "description": needs(route.action),
        "parameters": parameters(route, operation),
        "responses": responses(route, operation),
        "security": security(route.action),
    });
    if let Some(body) = operation.body {
        let body = json!({ "required": true, "content": content(&[body]) });
        set(&mut object, "", "requestBody", body);
    }
    object
}

/// Returns who may send the request, as a sentence.
pub(in crate::http) fn needs(action: Option<Action>) -> String {
    match action {
        Some(action) if !action.is_public() => match action.role() {
            Some(role) => format!("Needs the role {}.", role.as_str()),
            None => "Needs a token.".to_owned(),
        },
        Some(_) | None => "Needs no token.".to_owned(),
    }
}

fn security(action: Option<Action>) -> Value {
    match action {
        Some(action) if !action.is_public() => json!([{ "token": [] }]),
        Some(_) | None => json!([{}, { "token": [] }]),
    }
}

fn parameters(route: &Route, operation: &Operation) -> Vec<Value> {
    let in_path = path_parameters(route).into_iter().map(|(name, meaning)| {
        let schema = match route.method {
            Method::Put | Method::Delete => json!({ "type": "string", "pattern": ID_FORM }),
            Method::Get | Method::GetOnly | Method::Post => {
                json!({ "type": "string", "minLength": 1 })
            }
        };
        json!({ "name": name, "in": "path", "required": true, "description": meaning, "schema": schema })
    });
    let in_query = operation.query.iter().map(|name| {
        let (schema, description) = parameter(name);
        json!({ "name": name, "in": "query", "description": description, "schema": schema })
    });
    let in_headers = operation.headers.iter().map(|name| {
        let is_required = operation.others.contains(&428) && *name == "If-Match";
        json!({ "name": name, "in": "header", "required": is_required, "schema": header(name) })
    });
    in_path.chain(in_query).chain(in_headers).collect()
}

fn header(name: &str) -> Value {
    match name {
        "Idempotency-Key" => json!({ "type": "string", "pattern": "^[!-~]{1,255}$" }),
        // Entity tags, or a star. What is neither names no version.
        _ => json!({ "type": "string" }),
    }
}

fn responses(route: &Route, operation: &Operation) -> Value {
    let mut success = json!({ "description": operation.summary });
    if !operation.answers.is_empty() {
        set(&mut success, "", "content", content(&operation.answers));
    }
    let mut responses = Map::new();
    responses.insert(operation.status.to_string(), success);
    for status in statuses(route, operation) {
        let response = match status {
            301 => json!({ "description": "It has another address." }),
            304 => json!({ "description": "Your copy is current." }),
            _ => json!({ "$ref": "#/components/responses/Error" }),
        };
        responses.insert(status.to_string(), response);
    }
    if route.endpoint == Endpoint::Readiness {
        let content = content(&[Content::Json("Readiness")]);
        let unready = json!({ "description": "What is missing.", "content": content });
        responses.insert("503".to_owned(), unready);
    }
    Value::Object(responses)
}

/// Returns the statuses besides success: those that follow from what is read, and its own.
pub(in crate::http) fn statuses(route: &Route, operation: &Operation) -> Vec<u16> {
    let mut statuses: Vec<u16> = operation.others.to_vec();
    // Any request may be too much, or have a token while there are no keys.
    statuses.extend([400, 429, 503]);
    if route.action.is_some_and(|action| !action.is_public()) {
        statuses.extend([401, 403]);
    } else if route.area != Area::Machine {
        statuses.push(401);
    }
    if route.path.contains('{') {
        statuses.push(404);
    }
    if operation.headers.contains(&"If-Match") {
        statuses.push(412);
    }
    if operation.body.is_some() {
        statuses.extend([413, 415, 422]);
    }
    statuses
}

fn content(contents: &[Content]) -> Value {
    let media_types = contents.iter().map(|content| {
        let (media_type, schema) = match content {
            Content::Json(schema) => ("application/json", reference(schema)),
            Content::Typed(media_type, schema) => (*media_type, reference(schema)),
            Content::File(media_type) => (*media_type, json!({})),
            Content::Page => ("text/html", json!({ "type": "string" })),
            Content::Picture => ("multipart/form-data", picture_form()),
        };
        (media_type.to_owned(), json!({ "schema": schema }))
    });
    Value::Object(media_types.collect())
}

fn picture_form() -> Value {
    json!({
        "type": "object",
        "properties": {
            "file": { "type": "string", "contentMediaType": "application/octet-stream" },
            "alt": { "type": "string" },
            "credit": { "type": "string" },
        },
        "required": ["file"],
    })
}

fn reference(schema: &str) -> Value {
    json!({ "$ref": format!("#/components/schemas/{schema}") })
}
