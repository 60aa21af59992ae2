//! Parameters of the API. Which ones a request takes is read off its handler; this is what they
//! mean.

use gazette_domain::{Action, Endpoint, Method, Route};
use serde_json::{Value, json};

use crate::search::MAX_PAGE;

/// Schema and meaning of a parameter of the query.
pub(in crate::http) fn parameter(name: &str) -> (Value, &'static str) {
    let text = || json!({ "type": "string", "minLength": 1 });
    let slug = || json!({ "type": "string" });
    // Fields of a form that were left empty count as absent.
    let day = || json!({ "type": "string", "pattern": "^([0-9]{4}-[0-9]{2}-[0-9]{2})?$" });
    match name {
        "limit" => (
            json!({ "type": "integer", "minimum": 1, "maximum": 100, "default": 20 }),
            "Number of stories, 1 to 100.",
        ),
        "cursor" => (text(), "Value of next_cursor of the previous page."),
        "section" => (slug(), "Slug of a section."),
        "tag" => (slug(), "Slug of a tag."),
        "month" => (
            json!({ "type": "string", "pattern": "^[0-9]{4}-(0[1-9]|1[0-2])$" }),
            "Month of publication such as 2026-11, in the time zone of the site.",
        ),
        "q" => (json!({ "type": "string" }), "Words to look for."),
        "from" => (day(), "First day, such as 2026-11-01, in the time zone of the site."),
        "to" => (day(), "Last day."),
        "page" => (
            json!({ "type": "integer", "minimum": 1, "maximum": MAX_PAGE, "default": 1 }),
            "Number of the page.",
        ),
        "checks" => (
            json!({ "type": "string", "enum": ["editorial"] }),
            "With the value editorial, what the editor would ask about before publishing is 422.",
        ),
        "ids" => (text(), "Ids of stories, separated by commas. Without them, all published news."),
        "reason" => (
            json!({ "type": "string", "minLength": 1, "maxLength": 300 }),
            "Why the story was removed; readers see it.",
        ),
        "action" => (
            json!({ "type": "string", "enum": Action::ALL.map(Action::as_str) }),
            "Action to decide on. Without it, being signed in is enough.",
        ),
        "person" => (json!({ "type": "string" }), "Name or id of a person."),
        "act" => (json!({ "type": "string" }), "Name of an act, as the log has it."),
        "story" => (json!({ "type": "string" }), "Slug or id of a story."),
        "before" => (json!({ "type": "string" }), "Position in the log from which to go back."),
        _ => (json!({ "type": "string" }), ""),
    }
}

/// Names and meanings of the variables in the path of a route.
pub(in crate::http) fn path_parameters(route: &Route) -> Vec<(&'static str, &'static str)> {
    let segments = route.path.split('/');
    let names = segments.filter_map(|segment| segment.strip_prefix('{')?.strip_suffix('}'));
    names.map(|name| (name, meaning(name, route))).collect()
}

fn meaning(name: &str, route: &Route) -> &'static str {
    match (name, route.method) {
        ("name", Method::Get) => "Slug of a story.",
        ("name", _) => "Id of a story.",
        ("part", _) => "Name of a file of the index.",
        ("file", _) => "Name of the file.",
        ("slug", _) if route.path.starts_with(Endpoint::Tag.path()) => "Slug of a tag.",
        ("slug", _) if route.path.starts_with(Endpoint::Author.path()) => "Slug of an author.",
        ("slug", _) => "Slug of a section.",
        _ => "",
    }
}
