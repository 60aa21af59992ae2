//! The description of the API for people.

use gazette_domain::Endpoint;
use leptos::prelude::*;

use crate::components::TextLanguage;
use crate::frame::Frame;
use crate::markup::IntoMarkup as _;
use crate::page::Page;

/// Operations under one heading.
pub struct ApiGroup {
    /// Heading.
    pub title: &'static str,
    /// Operations.
    pub operations: Vec<ApiOperation>,
}

/// Request that programs can send.
pub struct ApiOperation {
    /// Name, for links.
    pub name: String,
    /// HTTP method.
    pub method: &'static str,
    /// Path; a segment in braces is a variable.
    pub path: &'static str,
    /// Summary in one line.
    pub summary: &'static str,
    /// Callers that are allowed to send it.
    pub access: String,
    /// Parameters and headers, each with what it means.
    pub parameters: Vec<(&'static str, &'static str)>,
    /// Statuses of the answer.
    pub statuses: String,
    /// Command line that sends it.
    pub command: String,
}

/// Shows every operation of the API, with a command line that tries it.
pub fn api_docs(frame: &Frame, groups: Vec<ApiGroup>) -> Page {
    let TextLanguage { lang, dir } = TextLanguage::interface(frame);
    let title = frame.site.title.clone();
    let contents = groups.iter().flat_map(|group| &group.operations).map(entry).collect_view();
    let groups = groups.into_iter().map(group).collect_view();
    let content = view! {
        <div class="panel prose api" lang=lang dir=dir>
            <h1>"The API"</h1>
            <p>
                "Programs can read and write the news of " <bdi>{title.clone()}</bdi>
                " with plain HTTP and JSON. The same description for programs, as OpenAPI 3.1, is "
                <a href=Endpoint::OpenApi.path()>"openapi.json"</a> "."
            </p>
            <p>
                "Where a token is needed, send an access token of the user pool as "
                <code>"Authorization: Bearer TOKEN"</code>
                ". The examples take it from the variable " <code>"TOKEN"</code>
                ". Errors are JSON with a " <code>"message"</code>
                " that says what to do. Too many requests are 429, and "
                <code>"Retry-After"</code> " says when to send the next one."
            </p>
            <nav aria-label="Operations">
                <ul class="api-contents">{contents}</ul>
            </nav>
            {groups}
        </div>
    };
    let description = format!("How programs read and write the news of {title}.");
    let page = Page::public("The API", Endpoint::ApiDocs.path(), content.into_markup());
    Page { description: Some(description), is_interface: true, ..page }
}

fn entry(operation: &ApiOperation) -> impl IntoView + use<> {
    let (method, path, summary) = (operation.method, operation.path, operation.summary);
    view! {
        <li>
            <a href=format!("#{}", operation.name)>
                <code>{method} " " {path}</code>
            </a>
            <span>{summary}</span>
        </li>
    }
}

fn group(group: ApiGroup) -> impl IntoView {
    let operations = group.operations.into_iter().map(operation).collect_view();
    view! {
        <section>
            <h2>{group.title}</h2>
            {operations}
        </section>
    }
}

fn operation(operation: ApiOperation) -> impl IntoView {
    let ApiOperation { name, method, path, summary, access, parameters, statuses, command } =
        operation;
    let parameters = (!parameters.is_empty()).then(|| {
        let rows = parameters
            .into_iter()
            .map(|(name, meaning)| view! { <dt><code>{name}</code></dt><dd>{meaning}</dd> })
            .collect_view();
        view! { <dl class="facts">{rows}</dl> }
    });
    let label = format!("Command for {method} {path}");
    view! {
        <h3 id=name><code>{method} " " {path}</code></h3>
        <p>{summary} ". " {access} " Answers " {statuses} "."</p>
        {parameters}
        <pre tabindex="0" role="group" aria-label=label><code>{command}</code></pre>
    }
}
