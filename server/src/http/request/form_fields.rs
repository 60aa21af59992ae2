//! The fields of any form, as texts.

use axum::extract::multipart::MultipartError;
use axum::extract::{FromRequest as _, Multipart, Request};
use axum::http::StatusCode;

use crate::http::reply::AppError;
use crate::http::request::body::{BODY_TOO_LARGE, MAX_BODY_BYTES, is_form, read_body};

/// Names and values of the fields of a form.
#[derive(Debug, Default, PartialEq, Eq)]
pub(in crate::http) struct FormFields {
    /// Fields with text.
    pub(in crate::http) pairs: Vec<(String, String)>,
    /// The form also had a file, which is not among them.
    pub(in crate::http) has_file: bool,
}

impl FormFields {
    /// Reads a URL-encoded form; `None` if it is not text.
    pub(in crate::http) fn of_form(body: &[u8]) -> Option<Self> {
        let text = std::str::from_utf8(body).ok()?;
        let pairs = url::form_urlencoded::parse(text.as_bytes()).into_owned().collect();
        Some(Self { pairs, has_file: false })
    }

    /// Reads the form of a request; `None` if its body is not a form.
    ///
    /// # Errors
    /// 413 for texts over the limit, 400 for a body that breaks off.
    pub(in crate::http) async fn read(request: Request) -> Result<Option<Self>, AppError> {
        if is_form(request.headers()) {
            return Ok(Self::of_form(&read_body(request).await?));
        }
        let Ok(mut form) = Multipart::from_request(request, &()).await else { return Ok(None) };
        let (mut fields, mut size) = (Self::default(), 0);
        while let Some(mut field) = form.next_field().await.map_err(|error| unreadable(&error))? {
            let name = field.name().unwrap_or_default().to_owned();
            let is_file = field.file_name().is_some();
            fields.has_file |= field.file_name().is_some_and(|name| !name.is_empty());
            let mut bytes = Vec::new();
            // A file is read to its end, because a response before it would break off the upload.
            while let Some(part) = field.chunk().await.map_err(|error| unreadable(&error))? {
                if is_file {
                    continue;
                }
                size += part.len();
                if size > MAX_BODY_BYTES {
                    let status = StatusCode::PAYLOAD_TOO_LARGE;
                    return Err(AppError::with_message(status, BODY_TOO_LARGE));
                }
                bytes.extend_from_slice(&part);
            }
            if !is_file {
                fields.pairs.push((name, String::from_utf8_lossy(&bytes).into_owned()));
            }
        }
        Ok(Some(fields))
    }
}

fn unreadable(error: &MultipartError) -> AppError {
    if error.status() == StatusCode::PAYLOAD_TOO_LARGE {
        return AppError::with_message(StatusCode::PAYLOAD_TOO_LARGE, BODY_TOO_LARGE);
    }
    AppError::bad_request("The request body could not be read.")
}
