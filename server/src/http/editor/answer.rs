//! Answers in JSON, for the scripts of the editor.

use std::collections::BTreeMap;

use axum::Json;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use gazette_domain::{
    EditConflict, EditedStory, Endpoint, FieldError, Status, StoryForm, StoryId, count_words,
    reading_minutes,
};
use jiff::Timestamp;
use serde::Serialize;

use crate::http::reply;

type Fields<'a> = BTreeMap<&'static str, &'a str>;

/// A form that was saved.
#[derive(Serialize)]
struct SaveAnswer<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<StoryId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    path: Option<String>,
    version: u64,
    saved_at: Option<Timestamp>,
    is_dirty: bool,
    status: Status,
    /// Fields that differ from what was sent, because others changed them.
    merged: Fields<'a>,
    /// Those who changed them.
    by: &'a str,
    /// Names of the others who opened the story recently; may be empty.
    others: String,
    words: usize,
    minutes: u32,
}

#[derive(Serialize)]
struct Conflict<'a> {
    message: String,
    version: u64,
    by: &'a str,
    at: Timestamp,
    /// Fields that both changed, with the stored text.
    fields: Fields<'a>,
    /// Fields that only others changed.
    merged: Fields<'a>,
}

#[derive(Serialize)]
struct Refused {
    message: &'static str,
    version: u64,
    /// `false` if the form itself could not be saved.
    is_saved: bool,
    fields: BTreeMap<&'static str, String>,
}

#[derive(Serialize)]
struct Preview<'a> {
    html: &'a str,
    words: usize,
    minutes: u32,
}

/// Answers a save. 201 for a new story.
pub(super) fn saved(edited: &EditedStory, by: &str, sent: &StoryForm, is_new: bool) -> Response {
    let id = edited.story.teaser.id;
    let (words, minutes) = size(&edited.form.body);
    let body = SaveAnswer {
        id: is_new.then_some(id),
        path: is_new.then(|| Endpoint::EditStory.path_with(id)),
        version: edited.version,
        saved_at: edited.saved.as_ref().map(|saved| saved.at),
        is_dirty: edited.is_dirty,
        status: edited.story.status,
        merged: differing(&edited.form, sent),
        by,
        others: others(edited),
        words,
        minutes,
    };
    let status = if is_new { StatusCode::CREATED } else { StatusCode::OK };
    private((status, Json(body)).into_response())
}

fn others(edited: &EditedStory) -> String {
    let names: Vec<&str> = edited.others.iter().map(|other| other.by.as_str()).collect();
    if names.is_empty() {
        return String::new();
    }
    format!("{} opened this in the last half hour", names.join(", "))
}

/// Answers 409.
pub(super) fn conflict(conflict: &EditConflict, by: &str, sent: &StoryForm) -> Response {
    let stored = |field: &&'static str| (*field, conflict.current.get(field).unwrap_or_default());
    let body = Conflict {
        message: format!("{by} changed the same text at the same time."),
        version: conflict.version,
        by,
        at: conflict.at,
        fields: conflict.fields.iter().map(stored).collect(),
        merged: differing(&conflict.form, sent),
    };
    private((StatusCode::CONFLICT, Json(body)).into_response())
}

/// Answers 422.
pub(super) fn refused(errors: &[FieldError], version: u64, is_saved: bool) -> Response {
    let mut fields: BTreeMap<&'static str, String> = BTreeMap::new();
    for error in errors {
        let text = fields.entry(error.field).or_default();
        let separator = if text.is_empty() { "" } else { "; " };
        text.extend([separator, error.message.as_str()]);
    }
    let message = if is_saved { "Saved, with things to fix." } else { "Not saved." };
    let body = Refused { message, version, is_saved, fields };
    private((StatusCode::UNPROCESSABLE_ENTITY, Json(body)).into_response())
}

/// Answers with the story as its readers see it.
pub(super) fn preview(html: &str, body: &str) -> Response {
    let (words, minutes) = size(body);
    private(Json(Preview { html, words, minutes }).into_response())
}

fn differing<'a>(form: &'a StoryForm, sent: &StoryForm) -> Fields<'a> {
    let fields = form.differing(sent).into_iter();
    fields.filter_map(|field| Some((field, form.get(field)?))).collect()
}

fn size(body: &str) -> (usize, u32) {
    let words = count_words(body);
    (words, if words == 0 { 0 } else { reading_minutes(body) })
}

fn private(mut response: Response) -> Response {
    reply::private(&mut response);
    response
}
