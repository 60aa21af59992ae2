//! Uploads of one file, as multipart forms.

use axum::extract::multipart::{Field, Multipart, MultipartError};
use axum::extract::{FromRequest as _, Request};
use axum::http::StatusCode;
use axum::http::header::CONTENT_LENGTH;
use bytes::Bytes;
use gazette_domain::Endpoint;

use super::body::MAX_BODY_BYTES;
use crate::http::reply::AppError;
use crate::images::{ImageError, MAX_FILE_BYTES};

/// Space for the other fields and the boundaries of a form with a file.
const MAX_OTHER_BYTES: usize = 64 * 1024;
const MAX_TEXT_BYTES: usize = 4 * 1024;

/// A picture and what its sender says about it.
pub(in crate::http) struct Upload {
    /// Content of the file, unless it is too large.
    pub(in crate::http) file: Result<Bytes, ImageError>,
    /// Name of the file, as the sender gave it.
    pub(in crate::http) name: String,
    /// Text alternative.
    pub(in crate::http) alt: Option<String>,
    /// Maker and provider.
    pub(in crate::http) credit: Option<String>,
}

/// Largest form whose text is given back although its picture is too large: that of a camera or a short
/// film.
const MAX_REFUSED_BYTES: usize = 256 * 1024 * 1024;

/// Returns the size of the largest body that an endpoint reads.
pub(in crate::http) fn max_body_bytes(endpoint: Endpoint) -> usize {
    match endpoint {
        Endpoint::StoryImage | Endpoint::NewStoryImage | Endpoint::AddImage => MAX_REFUSED_BYTES,
        endpoint => max_held_bytes(endpoint),
    }
}

/// Returns the part of a body that an endpoint keeps in memory at most.
pub(in crate::http) fn max_held_bytes(endpoint: Endpoint) -> usize {
    match endpoint {
        Endpoint::UploadImage | Endpoint::AddImage => MAX_FILE_BYTES + MAX_OTHER_BYTES,
        Endpoint::StoryImage | Endpoint::NewStoryImage => MAX_FILE_BYTES + MAX_BODY_BYTES,
        _ => MAX_BODY_BYTES,
    }
}

impl Upload {
    /// Reads the form: the field `file`, and optionally `alt` and `credit`.
    ///
    /// The file is in memory once: its parts are dropped as they are appended.
    ///
    /// # Errors
    /// 415 for a body of another type, 400 for unknown or repeated fields, 422 without a file.
    pub(in crate::http) async fn read(request: Request) -> Result<Self, AppError> {
        let announced = request.headers().get(CONTENT_LENGTH).and_then(|it| it.to_str().ok());
        let announced = announced.and_then(|text| text.parse().ok()).unwrap_or(0);
        let capacity = usize::min(announced, MAX_FILE_BYTES);
        let form = Multipart::from_request(request, &()).await;
        let mut form = form.map_err(|_| {
            AppError::with_message(StatusCode::UNSUPPORTED_MEDIA_TYPE, NOT_MULTIPART)
        })?;
        let (mut file, mut alt, mut credit) = (None, None, None);
        while let Some(field) = form.next_field().await.map_err(|error| explain(&error))? {
            match field.name() {
                Some("file") => set(&mut file, read_or_skip_file(field, capacity).await?)?,
                Some("alt") => set(&mut alt, read_text(field).await?)?,
                Some("credit") => set(&mut credit, read_text(field).await?)?,
                Some(_) | None => return Err(AppError::bad_request(FIELDS)),
            }
        }
        let missing = || AppError::with_message(StatusCode::UNPROCESSABLE_ENTITY, NO_FILE);
        let (name, file) = match file.ok_or_else(missing)? {
            Ok((name, file)) => (name, Ok(file)),
            Err(error) => (String::new(), Err(error)),
        };
        let (alt, credit) = (alt.flatten(), credit.flatten());
        Ok(Self { file, name, alt, credit })
    }
}

const FIELDS: &str = "The form has an unknown field. Send the picture as `file`, and optionally \
     `alt` and `credit`, each once.";
const NOT_MULTIPART: &str =
    "The body must be multipart/form-data with the picture in the field `file`.";
const NO_FILE: &str = "The form has no picture. Send it as the field `file`.";

fn set<T>(field: &mut Option<T>, value: T) -> Result<(), AppError> {
    if field.replace(value).is_some() {
        return Err(AppError::bad_request("A field of the form is repeated. Send each once."));
    }
    Ok(())
}

/// Reads the name and the content of a file. One that is too large is read to its end without keeping
/// it, so that the fields after it can be read.
pub(super) async fn read_or_skip_file(
    mut field: Field<'_>,
    capacity: usize,
) -> Result<Result<(String, Bytes), ImageError>, AppError> {
    let name = field.file_name().unwrap_or_default().to_owned();
    let mut bytes = Vec::with_capacity(capacity);
    let mut is_too_large = false;
    while let Some(part) = field.chunk().await.map_err(|error| explain(&error))? {
        is_too_large |= bytes.len() + part.len() > MAX_FILE_BYTES;
        if is_too_large {
            bytes = Vec::new();
        } else {
            bytes.extend_from_slice(&part);
        }
    }
    Ok(if is_too_large { Err(ImageError::TooLarge) } else { Ok((name, bytes.into())) })
}

/// Reads a text on one line; `None` if it is empty.
async fn read_text(mut field: Field<'_>) -> Result<Option<String>, AppError> {
    let mut bytes = Vec::new();
    while let Some(part) = field.chunk().await.map_err(|error| explain(&error))? {
        bytes.extend_from_slice(&part);
        if bytes.len() > MAX_TEXT_BYTES {
            let message = "A text of the form is longer than 4 KiB. Shorten it.";
            return Err(AppError::with_message(StatusCode::UNPROCESSABLE_ENTITY, message));
        }
    }
    let text = String::from_utf8(bytes)
        .map_err(|_| AppError::bad_request("A text of the form is not valid UTF-8."))?;
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    Ok((!text.is_empty()).then_some(text))
}

pub(super) fn explain(error: &MultipartError) -> AppError {
    if error.status() == StatusCode::PAYLOAD_TOO_LARGE {
        return ImageError::TooLarge.into();
    }
    AppError::bad_request("The form could not be read: it breaks off or is malformed.")
}
