//! A story as JSON, and the entity tags by which a change names the version it is meant for.

use axum::http::HeaderValue;
use axum::http::header::{CONTENT_TYPE, ETAG};
use axum::response::{IntoResponse, Response};
use gazette_app::Site;
use gazette_app::wire::{NewsroomStory, StoryDetail};
use gazette_domain::{FieldError, Story};
use jiff::Timestamp;
use serde::Serialize;

use crate::etag::version_etag;
use crate::http::reply::AppError;
use crate::http::reply::page::{private, public_with_etag};
use crate::markdown::StoryHtml;

const JSON: &str = "application/json";

/// Returns a published story as every reader gets it.
pub(in crate::http) fn public_story(
    story: &Story,
    html: &StoryHtml,
    site: &Site,
) -> Result<Response, AppError> {
    let body = to_json(&StoryDetail::new(story, html.for_readers(), site))?;
    let etag = version_etag(story.version, &body);
    Ok(public_with_etag(body.into(), JSON, &etag))
}

/// Returns a story as its editors get it. It is not cacheable.
pub(in crate::http) fn newsroom_story(
    story: &Story,
    html: &StoryHtml,
    site: &Site,
    now: Timestamp,
) -> Result<Response, AppError> {
    let body = to_json(&NewsroomStory::new(story, html.for_newsroom(), site, now))?;
    let etag = version_etag(story.version, &body);
    let mut response = private_json(body);
    if let Ok(etag) = HeaderValue::from_str(&etag) {
        response.headers_mut().insert(ETAG, etag);
    }
    Ok(response)
}

/// A story that was just written, with what the editor would have asked before publishing it.
#[derive(Serialize)]
pub(in crate::http) struct Written<'a> {
    #[serde(flatten)]
    pub(in crate::http) story: NewsroomStory,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(in crate::http) warnings: Vec<Warning<'a>>,
}

/// What the editor would have asked about a field.
#[derive(Serialize)]
pub(in crate::http) struct Warning<'a> {
    pub(in crate::http) field: &'static str,
    pub(in crate::http) message: &'a str,
}

/// Returns a story that was written. Its tag is that of [`newsroom_story`], without the warnings.
pub(in crate::http) fn written_story(
    story: &Story,
    html: &StoryHtml,
    site: &Site,
    now: Timestamp,
    warnings: &[FieldError],
) -> Result<Response, AppError> {
    let mut response = newsroom_story(story, html, site, now)?;
    if !warnings.is_empty() {
        let story = NewsroomStory::new(story, html.for_newsroom(), site, now);
        let warnings = warnings
            .iter()
            .map(|error| Warning { field: error.field, message: &error.message })
            .collect();
        *response.body_mut() = to_json(&Written { story, warnings })?.into();
    }
    Ok(response)
}

/// Returns JSON that only the newsroom gets.
pub(in crate::http) fn private_json(body: Vec<u8>) -> Response {
    let mut response = ([(CONTENT_TYPE, JSON)], body).into_response();
    private(&mut response);
    response
}

/// Entity tags of one version of a story: the readers' JSON and the newsroom's.
pub(in crate::http) struct StoryTags([String; 2]);

impl StoryTags {
    /// Makes them from the very bytes that [`public_story`] and [`newsroom_story`] send.
    pub(in crate::http) fn new(
        story: &Story,
        html: &StoryHtml,
        site: &Site,
        now: Timestamp,
    ) -> Result<Self, AppError> {
        let public = to_json(&StoryDetail::new(story, html.for_readers(), site))?;
        let newsroom = html.for_newsroom();
        let newsroom = to_json(&NewsroomStory::new(story, newsroom, site, now))?;
        Ok(Self([public, newsroom].map(|body| version_etag(story.version, &body))))
    }

    /// Returns the tag of the newsroom's JSON.
    pub(in crate::http) fn newsroom(&self) -> &str {
        let Self([_, newsroom]) = self;
        newsroom
    }

    pub(in crate::http) fn iter(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(String::as_str)
    }
}

fn to_json(shape: &impl Serialize) -> Result<Vec<u8>, AppError> {
    serde_json::to_vec(shape).map_err(AppError::internal)
}
