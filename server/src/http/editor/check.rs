//! Errors that keep a form from being published.

use gazette_domain::{
    Caller, DEFAULT_SECTION, DeskError, Feed, FieldError, Label, LabelKind, Limit, ListQuery,
    SaveRequest, Status, Story, StoryForm, StoryId,
};

use crate::http::request::RequestContext;
use crate::http::state::AppState;
use crate::publish_check::PublishCheck;
use crate::story_preview::publication;

/// Returns everything that keeps a form from being published, if anything does beyond what the desk
/// finds. `asked` is the new section that the person was asked about before; without it, a new one
/// is published without asking.
pub(super) async fn faults(
    app: &AppState,
    context: &RequestContext,
    id: StoryId,
    request: &SaveRequest,
    asked: Option<&str>,
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
    if let Some(asked) = asked
        && let Some(section) = new_section(app, context, &story, form).await?
        && Label::new(asked).is_none_or(|asked| asked.slug != section.slug)
    {
        let name = &section.name;
        errors.push(FieldError {
            field: "section",
            message: format!(
                "No published story is in “{name}” yet. Correct the name, or press the button again to start this section."
            ),
        });
    }
    if !errors.is_empty() {
        // Named together, so that the author need not publish twice to see them all.
        errors.extend(form.patch(zone).err().into_iter().flatten());
    }
    Ok(errors)
}

/// Returns the section of a form that no public story has yet, unless the site has no public story
/// at all: it is a new one, or a misspelt one.
async fn new_section(
    app: &AppState,
    context: &RequestContext,
    story: &Story,
    form: &StoryForm,
) -> Result<Option<Label>, DeskError> {
    let Some(typed) = Label::new(&form.section) else { return Ok(None) };
    let is_kept = story.status == Status::Published && story.teaser.section.slug == typed.slug;
    if typed.name == DEFAULT_SECTION || is_kept {
        return Ok(None);
    }
    // Another one after a merge.
    let known = app.desk.label(&context.caller, LabelKind::Section, &typed.slug).await?;
    let section = known.unwrap_or_else(|| typed.clone()).slug;
    for feed in [Feed::Section(section), Feed::All] {
        let is_section = feed != Feed::All;
        let query = ListQuery::newest(feed, Limit::try_from(1).unwrap_or(Limit::DEFAULT));
        let is_empty = app.desk.list(&Caller::Anonymous, &query).await?.items.is_empty();
        if is_section != is_empty {
            return Ok(None);
        }
    }
    Ok(Some(typed))
}
