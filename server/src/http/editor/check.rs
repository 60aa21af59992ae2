//! Errors that keep a form from being published.

use gazette_domain::{DeskError, FieldError, SaveRequest, StoryId};

use crate::http::request::RequestContext;
use crate::http::state::AppState;
use crate::publish_check::PublishCheck;
use crate::story_preview::publication;

/// Returns everything that keeps a form from being published, if anything does beyond what the desk
/// finds.
pub(super) async fn faults(
    app: &AppState,
    context: &RequestContext,
    id: StoryId,
    request: &SaveRequest,
) -> Result<Vec<FieldError>, DeskError> {
    let (form, zone) = (&request.form, &app.site.time_zone);
    let story = app.desk.story(&context.caller, id).await?;
    let at = publication(form, Some(&story), zone, app.clock.now());
    let check = PublishCheck {
        desk: &app.desk,
        caller: &context.caller,
        bodies: &app.body_renderer,
        public_url: &app.site.public_url,
    };
    let mut errors = check.check(id, form, at).await?;
    if !errors.is_empty() {
        // Named together, so that the author need not publish twice to see them all.
        errors.extend(form.patch(zone).err().into_iter().flatten());
    }
    Ok(errors)
}
