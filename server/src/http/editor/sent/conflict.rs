//! Both texts of a conflict, and the choice of theirs.

use axum::http::StatusCode;
use axum::response::Response;
use gazette_app::pages::{Conflict, ConflictField, Editor};
use gazette_domain::{EditConflict, StoryForm};

use super::Sent;
use crate::http::editor::answer;
use crate::http::editor::page::{of_story, show};
use crate::http::reply::AppError;

impl Sent {
    /// Answers with both texts. Nothing was saved; the next save keeps what was typed.
    pub(super) async fn conflict(&self, conflict: EditConflict) -> Result<Response, AppError> {
        if self.wants_json {
            let by = self.by(&conflict.by);
            return Ok(answer::conflict(&conflict, &by, &self.form));
        }
        let (app, context) = (&self.app, &self.context);
        let zone = &app.site.time_zone;
        let edited = app.desk.open_form(&context.caller, conflict.story, zone).await?;
        let (editor, story) = of_story(app, context, edited);
        let EditConflict { form, current, fields, authors, version, by, at, .. } = conflict;
        let theirs = |(field, by): (&'static str, String)| {
            let text = current.get(field).unwrap_or_default().to_owned();
            ConflictField { field, by: self.by(&by), text }
        };
        let fields = fields.into_iter().zip(authors).map(theirs).collect();
        let conflict = Some(Conflict { by: self.by(&by), at, fields });
        let note = self.fields.note.clone();
        let editor = Editor { form, note, version, conflict, is_unsaved: true, ..editor };
        Ok(show(app, context, editor, Some(&story), StatusCode::CONFLICT).await)
    }

    /// Shows the form with the stored text of a field in place of what was typed. Saves nothing.
    pub(super) async fn take_theirs(&mut self, field: &str) -> Result<Response, AppError> {
        if let Some(id) = self.id {
            let (desk, zone) = (&self.app.desk, &self.app.site.time_zone);
            let stored = desk.open_form(&self.context.caller, id, zone).await?.form;
            let fields = StoryForm::FIELDS.into_iter().zip(stored.values());
            for ((name, theirs), typed) in fields.zip(self.form.values_mut()) {
                if name == field {
                    theirs.clone_into(typed);
                }
            }
        }
        Ok(self.unsaved(Vec::new(), StatusCode::OK).await)
    }

    /// Returns the name of another author as its reader knows them.
    pub(super) fn by(&self, name: &str) -> String {
        let own = self.context.caller.identity().map(|it| it.claims().username.as_str());
        if own == Some(name) { "You, in another window,".to_owned() } else { name.to_owned() }
    }
}
