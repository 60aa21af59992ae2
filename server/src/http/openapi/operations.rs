//! What each route for programs reads and answers.

use gazette_domain::{Endpoint, FeedFormat};

use super::operation::{Content, Operation};
use crate::http::request::ListParameters;
use crate::http::routes::delete_api::{DeleteOneParameters, DeleteParameters};
use crate::http::routes::identity::VerifyParameters;
use crate::http::routes::newsroom::activity;
use crate::http::routes::search::SearchParameters;
use crate::http::routes::write_api;

const NEWS: &str = "Read the news";
const WRITING: &str = "Write, correct and remove";
const FEEDS: &str = "Feeds";
const IDENTITY: &str = "Who am I?";
const LOG: &str = "Audit log";
const FILES: &str = "Files for programs";
const HEALTH: &str = "Health";

/// Returns the operation of an endpoint; `None` for pages and their forms.
pub(in crate::http) fn operation(endpoint: Endpoint) -> Option<Operation> {
    reading(endpoint)
        .or_else(|| writing(endpoint))
        .or_else(|| identity(endpoint))
        .or_else(|| file(endpoint))
        .or_else(|| feed(endpoint))
}

fn reading(endpoint: Endpoint) -> Option<Operation> {
    let operation = |summary| Operation::new(NEWS, summary).others(&[304]);
    Some(match endpoint {
        Endpoint::ListNews => operation("List stories, newest first")
            .query::<ListParameters>()
            .headers(&["If-None-Match"])
            .json("StoryList")
            .answers(Content::Page)
            .others(&[304]),
        Endpoint::ReadStory => operation("Read a story")
            .headers(&["If-None-Match"])
            .json("Story")
            .answers(Content::Page)
            .others(&[301, 304, 410]),
        Endpoint::Search => operation("Search the stories, best first")
            .query::<SearchParameters>()
            .json("FoundStories")
            .answers(Content::Page),
        _ => return None,
    })
}

fn writing(endpoint: Endpoint) -> Option<Operation> {
    let operation = |summary| Operation::new(WRITING, summary);
    Some(match endpoint {
        Endpoint::CreateStory => operation("Write a new story")
            .query::<write_api::Parameters>()
            .headers(&["Idempotency-Key"])
            .body(Content::Json("StoryInput"))
            .status(201)
            .json("WrittenStory")
            .others(&[409]),
        Endpoint::ReplaceStory => operation("Write the next version of a story")
            .query::<write_api::Parameters>()
            .headers(&["If-Match"])
            .body(Content::Json("StoryChange"))
            .json("WrittenStory")
            .others(&[409, 410, 428]),
        Endpoint::AddCorrection => operation("Add a correction that readers see")
            .headers(&["If-Match", "Idempotency-Key"])
            .body(Content::Json("CorrectionInput"))
            .status(201)
            .json("Corrections")
            .others(&[409, 410]),
        Endpoint::DeleteStory => operation("Move a story to the trash")
            .query::<DeleteOneParameters>()
            .headers(&["If-Match"])
            .status(204)
            .others(&[410, 422]),
        Endpoint::DeleteNews => operation("Move all published news, or some, to the trash")
            .query::<DeleteParameters>()
            .json("Deleted")
            .others(&[412, 422]),
        Endpoint::UploadImage => {
            operation("Upload a picture").body(Content::Picture).status(201).json("UploadedImage")
        }
        Endpoint::Image => operation("Get a picture that was uploaded")
            .answers(Content::File("image/*"))
            .others(&[304]),
        _ => return None,
    })
}

fn identity(endpoint: Endpoint) -> Option<Operation> {
    let operation = |summary| Operation::new(IDENTITY, summary);
    Some(match endpoint {
        Endpoint::Me => operation("See who the token is for").json("Me"),
        Endpoint::Explain => operation("See what the caller may do, each with the reason")
            .json("Explanation")
            .others(&[403]),
        Endpoint::Verify => operation("Decide on an action, for a proxy")
            .query::<VerifyParameters>()
            .status(202)
            .others(&[401, 403]),
        Endpoint::ActivityCsv => Operation::new(LOG, "Download the audit log as CSV")
            .query::<activity::Parameters>()
            .answers(Content::File("text/csv")),
        Endpoint::ActivityNdjson => Operation::new(LOG, "Download the audit log as JSON lines")
            .query::<activity::Parameters>()
            .answers(Content::File("application/x-ndjson")),
        Endpoint::Health => {
            Operation::new(HEALTH, "See whether the process answers").json("Health")
        }
        Endpoint::Readiness => {
            Operation::new(HEALTH, "See whether the site is ready, and what is missing")
                .json("Readiness")
        }
        _ => return None,
    })
}

fn file(endpoint: Endpoint) -> Option<Operation> {
    let file = |summary, media_type| {
        Operation::new(FILES, summary).answers(Content::File(media_type)).others(&[304])
    };
    Some(match endpoint {
        Endpoint::Sitemap => file("Index of the sitemaps", "application/xml"),
        Endpoint::NewsSitemap => file("Stories of the last 48 hours", "application/xml"),
        Endpoint::SitemapPart => file("Sitemap of a month", "application/xml"),
        Endpoint::LanguageModels => file("The site in Markdown, for language models", "text/plain"),
        Endpoint::Robots => file("Rules for crawlers", "text/plain"),
        Endpoint::SecurityContact => file("Where to report a weakness", "text/plain"),
        Endpoint::Asset => file("A file of the site", "*/*"),
        Endpoint::Manifest => Operation::new(FILES, "Name, language and icons of the site")
            .answers(Content::Typed("application/manifest+json", "Manifest"))
            .others(&[304]),
        Endpoint::OpenApi => {
            Operation::new(FILES, "This description of the API").json("OpenApi").others(&[304])
        }
        _ => return None,
    })
}

fn feed(endpoint: Endpoint) -> Option<Operation> {
    let format = FeedFormat::of_path(endpoint.path())?;
    let (summary, content) = match format {
        FeedFormat::Atom => ("Newest stories as Atom", Content::File("application/atom+xml")),
        FeedFormat::Rss => ("Newest stories as RSS", Content::File("application/rss+xml")),
        FeedFormat::Json => {
            ("Newest stories as JSON Feed", Content::Typed("application/feed+json", "JsonFeed"))
        }
    };
    let operation = Operation::new(FEEDS, summary).answers(content).headers(&["If-None-Match"]);
    Some(operation.others(&[301, 304]))
}

#[cfg(test)]
mod tests {
    use gazette_domain::{Area, ROUTES};

    use super::*;
    use crate::http::openapi::parameter;

    /// Routes for people only: pages are told apart by what they answer, in `tests/it/openapi.rs`.
    #[test]
    fn every_change_that_is_no_form_of_a_page_is_described() {
        for route in ROUTES.iter().filter(|route| !route.method.is_safe()) {
            let is_form = route.is_newsroom_form()
                || route.area == Area::Member
                || matches!(route.endpoint, Endpoint::ChooseTheme | Endpoint::Logout);
            assert_eq!(operation(route.endpoint).is_none(), is_form, "{}", route.path);
        }
    }

    #[test]
    fn every_parameter_has_a_meaning() {
        for operation in ROUTES.iter().filter_map(|route| operation(route.endpoint)) {
            for name in operation.query {
                assert_ne!(parameter(name).1, "", "{name}");
            }
        }
    }
}
