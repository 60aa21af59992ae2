//! The picture of a form.

use axum::http::StatusCode;
use axum::response::Response;
use gazette_domain::{FieldError, ImageName, ImageRecord};

use super::Sent;
use crate::http::reply::AppError;

const NO_FILE: &str = "Select a file first.";

impl Sent {
    /// Shows the form with a picture that was uploaded.
    pub(in crate::http) async fn with_picture(
        mut self,
        added: Result<Option<ImageRecord>, AppError>,
    ) -> Result<Response, AppError> {
        let (message, status) = match added {
            Ok(Some(record)) => {
                self.set_picture(record.name(), Some(&record));
                return Ok(self.unsaved(Vec::new(), StatusCode::OK).await);
            }
            Ok(None) => (NO_FILE.to_owned(), StatusCode::UNPROCESSABLE_ENTITY),
            Err(error) => (error.message, error.status),
        };
        Ok(self.unsaved(vec![FieldError { field: "image", message }], status).await)
    }

    /// Shows the form with a picture that was uploaded earlier.
    pub(super) async fn choose(&mut self, path: &str) -> Result<Response, AppError> {
        if let Some(name) = ImageName::of_path(path) {
            let record = self.app.desk.image(&self.context.caller, name.id).await?;
            self.set_picture(name, record.as_ref());
        }
        Ok(self.unsaved(Vec::new(), StatusCode::OK).await)
    }

    /// Takes the texts of another picture with it, as they belong to it.
    fn set_picture(&mut self, name: ImageName, record: Option<&ImageRecord>) {
        let path = name.path();
        let form = &mut self.form;
        let is_other = form.image != path;
        form.image = path;
        let alt = record.and_then(|record| record.alt.clone());
        let credit = record.and_then(|record| record.credit.clone());
        for (field, known) in [(&mut form.image_alt, alt), (&mut form.image_credit, credit)] {
            if is_other || field.trim().is_empty() {
                *field = known.unwrap_or_default();
            }
        }
    }

    /// Returns what to say of a file that was selected and came without its content.
    pub(super) fn missing_file(&self) -> Option<FieldError> {
        let name = Some(self.fields.file_name.trim()).filter(|name| !name.is_empty())?;
        let name: String = name.chars().take(100).collect();
        let message = format!(
            "\u{201c}{name}\u{201d} was not uploaded. Select it again and choose \u{201c}Upload\u{201d}.",
        );
        Some(FieldError { field: "image", message })
    }
}
