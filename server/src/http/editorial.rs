//! Editorial checks of stories that programs write: the same that publishing in the editor does.

use gazette_domain::{
    Action, Caller, DeskError, FieldError, ImagePatch, Status, Story, StoryForm, StoryId,
    StoryPatch,
};
use uuid::Uuid;

use crate::http::state::AppState;
use crate::publish_check::PublishCheck;

/// Returns what the editor would ask before publishing this change of a story; nothing for drafts,
/// and nothing for callers who may not publish.
pub(in crate::http) async fn check(
    app: &AppState,
    caller: &Caller,
    current: Option<&Story>,
    patch: &StoryPatch,
) -> Result<Vec<FieldError>, DeskError> {
    let status = patch.status.or(current.map(|story| story.status)).unwrap_or_default();
    let may_publish = app.desk.policy().authorize(caller, Action::WriteNews).is_ok();
    if status != Status::Published || !may_publish {
        return Ok(Vec::new());
    }
    let now = app.clock.now();
    let time = patch.publish_at.or(current.map(|story| story.teaser.published_at));
    let id = current.map_or(StoryId::new(Uuid::nil()), |story| story.teaser.id);
    let check = PublishCheck {
        desk: &app.desk,
        caller,
        bodies: &app.body_renderer,
        public_url: &app.site.public_url,
    };
    check.check(id, &form(app, current, patch), time.unwrap_or(now).max(now)).await
}

/// Returns the form with the fields that are checked.
fn form(app: &AppState, current: Option<&Story>, patch: &StoryPatch) -> StoryForm {
    let current = current.map(|story| StoryForm::of(story, &app.site.time_zone));
    let mut form = current.unwrap_or_default();
    for (field, value) in [
        (&mut form.headline, &patch.headline),
        (&mut form.body, &patch.body),
        (&mut form.summary, &patch.summary),
    ] {
        if let Some(value) = value {
            field.clone_from(value);
        }
    }
    if patch.is_summary_made {
        form.summary.clear();
    }
    match &patch.image {
        None => {}
        Some(ImagePatch::Remove) => form.image.clear(),
        Some(ImagePatch::Set(image)) => {
            form.image.clone_from(&image.url);
            form.image_alt.clone_from(&image.alt);
            form.image_caption = image.caption.clone().unwrap_or_default();
            form.image_credit = image.credit.clone().unwrap_or_default();
        }
    }
    form
}
