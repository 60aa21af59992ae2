//! The form of the editor, with or without a file.

use axum::extract::multipart::Field;
use axum::extract::{FromRequest, Multipart, Request};
use axum::http::StatusCode;
use bytes::Bytes;
use gazette_domain::StoryForm;
use serde::Deserialize;
use url::form_urlencoded::Serializer;

use crate::http::reply::AppError;
use crate::http::request::body::{FORM_TOO_LARGE, MAX_BODY_BYTES, is_form, read_body};
use crate::http::request::query::{FORM, read, read_query};
use crate::http::request::upload::{explain, read_or_skip_file};
use crate::images::ImageError;

/// Fields of the editor's form.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(in crate::http) struct StoryFields {
    headline: String,
    slug: String,
    summary: String,
    body: String,
    section: String,
    tags: String,
    authors: String,
    language: String,
    image: String,
    image_alt: String,
    image_caption: String,
    image_credit: String,
    publish_at: String,
    unpublish_at: String,
    pin_until: String,
    /// Version that the save replaces.
    pub(in crate::http) version: Option<String>,
    /// Tab of the browser; empty without scripts.
    pub(in crate::http) tab: String,
    /// Number of the save in its tab.
    pub(in crate::http) sequence: String,
    /// Key of a new story.
    pub(in crate::http) key: String,
    /// Section that the person was asked about, `-` before; absent in forms of programs, which
    /// are not asked.
    pub(in crate::http) new_section: Option<String>,
    /// Remark for the author.
    pub(in crate::http) note: String,
    /// Pressed button.
    pub(in crate::http) action: String,
    /// Path of the chosen picture, if its button was pressed.
    pub(in crate::http) choose: Option<String>,
    /// Field whose stored text is to replace what was typed, if its button was pressed.
    pub(in crate::http) theirs: Option<String>,
    /// Name of a file that was selected and not uploaded.
    #[serde(rename = "file")]
    pub(in crate::http) file_name: String,
}

impl StoryFields {
    /// Reads the names and values of a form that was sent earlier.
    ///
    /// # Errors
    /// 400 for a repeated field.
    pub(in crate::http) fn of_pairs(pairs: &[(String, String)]) -> Result<Self, AppError> {
        read_query(&Serializer::new(String::new()).extend_pairs(pairs).finish())
    }

    /// Returns the fields of the story, with line feeds as the only line breaks.
    pub(in crate::http) fn story(&self) -> StoryForm {
        let text = String::clone;
        StoryForm {
            headline: text(&self.headline),
            slug: text(&self.slug),
            summary: text(&self.summary),
            body: text(&self.body),
            section: text(&self.section),
            tags: text(&self.tags),
            authors: text(&self.authors),
            language: text(&self.language),
            image: text(&self.image),
            image_alt: text(&self.image_alt),
            image_caption: text(&self.image_caption),
            image_credit: text(&self.image_credit),
            publish_at: text(&self.publish_at),
            unpublish_at: text(&self.unpublish_at),
            pin_until: text(&self.pin_until),
        }
        .with_line_feeds()
    }
}

impl<S: Sync> FromRequest<S> for StoryFields {
    type Rejection = AppError;

    async fn from_request(request: Request, _: &S) -> Result<Self, AppError> {
        if !is_form(request.headers()) {
            let message = "The body must be application/x-www-form-urlencoded.";
            return Err(AppError::with_message(StatusCode::UNSUPPORTED_MEDIA_TYPE, message));
        }
        let body = read_body(request).await?;
        let text = std::str::from_utf8(&body)
            .map_err(|_| AppError::bad_request("The form is not valid UTF-8."))?;
        read(text, FORM)
    }
}

/// The editor's form with a picture to upload.
pub(in crate::http) struct StoryUpload {
    /// Fields of the form.
    pub(in crate::http) fields: StoryFields,
    /// Name and content of the file, or the reason that it is refused; `None` if none was selected.
    pub(in crate::http) file: Option<Result<(String, Bytes), ImageError>>,
}

impl StoryUpload {
    /// Reads the form.
    ///
    /// # Errors
    /// 415 for a body of another type, 413 for texts that are too large, 400 for unknown or repeated
    /// fields.
    pub(in crate::http) async fn read(request: Request) -> Result<Self, AppError> {
        let form = Multipart::from_request(request, &()).await;
        let mut form = form.map_err(|_| {
            let message = "The body must be multipart/form-data.";
            AppError::with_message(StatusCode::UNSUPPORTED_MEDIA_TYPE, message)
        })?;
        let mut pairs = Vec::new();
        let (mut file, mut size) = (None, 0);
        while let Some(field) = form.next_field().await.map_err(|error| explain(&error))? {
            let name = field.name().unwrap_or_default().to_owned();
            if name == "file" {
                let read = read_or_skip_file(field, 0).await?;
                let is_empty = read.as_ref().is_ok_and(|(_, bytes)| bytes.is_empty());
                file = Some(read).filter(|_| !is_empty);
            } else {
                let text = read_text(field, MAX_BODY_BYTES.saturating_sub(size)).await?;
                size += text.len();
                pairs.push((name, text));
            }
        }
        let form = Serializer::new(String::new()).extend_pairs(pairs).finish();
        Ok(Self { fields: read(&form, FORM)?, file })
    }
}

async fn read_text(mut field: Field<'_>, max: usize) -> Result<String, AppError> {
    let mut bytes = Vec::new();
    while let Some(part) = field.chunk().await.map_err(|error| explain(&error))? {
        bytes.extend_from_slice(&part);
        if bytes.len() > max {
            return Err(AppError::with_message(StatusCode::PAYLOAD_TOO_LARGE, FORM_TOO_LARGE));
        }
    }
    String::from_utf8(bytes).map_err(|_| AppError::bad_request("The form is not valid UTF-8."))
}
