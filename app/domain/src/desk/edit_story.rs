//! The story that a form makes.

use gazette_table::Write;
use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::desk::edit_act::FormAct;
use crate::desk::edit_request::SaveRequest;
use crate::desk::newsroom::Newsroom;
use crate::editing::form_normal::normal;
use crate::editing::form_patch::{FormPatch, of_form};
use crate::editing::story_form::{StoryForm, UNTITLED, is_made_slug};
use crate::error::DeskError;
use crate::field_errors::FieldError;
use crate::image_name::ImageName;
use crate::story::{Status, Story};
use crate::story_input::ValidStory;
use crate::story_patch::{ImagePatch, StoryPatch};

/// Rounds in which fields that break rules are left out of a draft.
const MAX_ROUNDS: usize = 4;

impl Newsroom {
    /// Returns the story after an act, still of the present version, and the writes of new slugs
    /// and labels; `None` if the story stays as it is.
    ///
    /// # Errors
    /// [`DeskError::Unacceptable`] if the form breaks rules of published stories.
    pub(super) async fn planned(
        &self,
        story: &Story,
        form: &StoryForm,
        act: &FormAct,
        request: &SaveRequest,
        zone: &TimeZone,
    ) -> Result<Option<(Story, Vec<Write>)>, DeskError> {
        let now = self.now();
        let status = act.status(story.status);
        let status = status.map_err(|error| DeskError::Unacceptable(vec![error]))?;
        let is_kept = story.status == Status::Published && status == Status::Published;
        if request.is_autosave || (is_kept && !act.publishes()) {
            return Ok(None);
        }
        let (mut after, mut writes) = if act.publishes() {
            let excerpt = request.excerpt.as_deref();
            self.published(story, form, excerpt, act, zone, now).await?
        } else {
            self.drafted(story, form, status, zone, now).await?
        };
        after.is_sent_back |= matches!(act, FormAct::SendBack(_));
        if after == *story {
            return Ok(None);
        }
        writes.extend(self.describe_image(story, &after).await?);
        after.advance(story, now);
        Ok(Some((after, writes)))
    }

    /// Returns the draft that a form makes. Fields that break a rule stay as they are in the story.
    pub(super) async fn drafted(
        &self,
        story: &Story,
        form: &StoryForm,
        status: Status,
        zone: &TimeZone,
        now: Timestamp,
    ) -> Result<(Story, Vec<Write>), DeskError> {
        let mut read = FormPatch::onto(form, story, zone);
        for error in std::mem::take(&mut read.errors) {
            read.forget(error.field);
        }
        let form = normal(form);
        if form.headline.is_empty() {
            read.patch.headline = Some(UNTITLED.to_owned());
        }
        let is_cleared =
            form.publish_at.is_empty() && !StoryForm::of(story, zone).publish_at.is_empty();
        if is_cleared && read.patch.publish_at.is_none() {
            read.patch.publish_at = Some(now);
        }
        read.patch.status = Some(status);
        self.locate(&mut read.patch, story).await?;
        let mut valid = draft_of(&mut read, story, now).map_err(DeskError::Unacceptable)?;
        if let Some(slug) = &valid.input.slug {
            let owner = self.slug_owner(slug).await?;
            if owner.is_some_and(|owner| owner != story.teaser.id) {
                valid.input.slug = None;
            }
        }
        let renames = is_renamed(story, &form, &valid, now);
        self.apply_valid(valid, story, renames, now).await
    }

    /// Returns the published story that a form makes.
    async fn published(
        &self,
        story: &Story,
        form: &StoryForm,
        excerpt: Option<&str>,
        act: &FormAct,
        zone: &TimeZone,
        now: Timestamp,
    ) -> Result<(Story, Vec<Write>), DeskError> {
        let mut read = FormPatch::onto(form, story, zone);
        let form = normal(form);
        if form.headline.is_empty() {
            read.patch.headline = Some(String::new());
        }
        if let Some(excerpt) = excerpt.filter(|_| form.summary.is_empty()) {
            read.patch.summary = Some(excerpt.to_owned());
            read.patch.is_summary_made = true;
        }
        read.patch.status = Some(Status::Published);
        let mut errors = std::mem::take(&mut read.errors);
        let is_readable = !errors.iter().any(|error| error.field == "publish_at");
        if is_readable {
            read.patch.publish_at = published_at(&read.patch, story, &form, now);
            errors.extend(time_error(act, read.patch.publish_at, &form, now));
        }
        self.locate(&mut read.patch, story).await?;
        let checked = read.patch.onto(story, now).check();
        let valid = match checked {
            Ok(valid) if errors.is_empty() => valid,
            Ok(_) => return Err(DeskError::Unacceptable(errors)),
            Err(broken) => {
                for error in of_form(broken) {
                    if errors.iter().all(|other| other.field != error.field) {
                        errors.push(error);
                    }
                }
                return Err(DeskError::Unacceptable(errors));
            }
        };
        if valid.input.unpublish_at.is_some_and(|end| end <= now) {
            let message = "is in the past; choose a later time, or clear it".to_owned();
            return Err(DeskError::Unacceptable(vec![FieldError {
                field: "unpublish_at",
                message,
            }]));
        }
        let renames = is_renamed(story, &form, &valid, now);
        self.apply_valid(valid, story, renames, now).await
    }

    /// Looks up a picture that was uploaded: a smaller form of it stands for the largest one. A
    /// picture that is not here gets no size, so that it is refused.
    async fn locate(&self, patch: &mut StoryPatch, story: &Story) -> Result<(), DeskError> {
        let Some(ImagePatch::Set(image)) = &mut patch.image else { return Ok(()) };
        let is_known = story.teaser.image.as_ref().is_some_and(|known| known.url == image.url);
        let Some(name) = ImageName::of_path(&image.url).filter(|_| !is_known) else {
            return Ok(());
        };
        let record = self.image(name.id).await?;
        let record = record.filter(|record| record.name().sizes().contains(&name));
        (image.width, image.height) = (0, 0);
        if let Some(largest) = record.map(|record| record.name()) {
            image.url = largest.path();
            (image.width, image.height) = (largest.width, largest.height);
        }
        Ok(())
    }
}

/// Checks the rules of a draft, and leaves out fields that break one.
fn draft_of(
    read: &mut FormPatch,
    story: &Story,
    now: Timestamp,
) -> Result<ValidStory, Vec<FieldError>> {
    let mut errors = Vec::new();
    for round in 0..MAX_ROUNDS {
        if round + 1 == MAX_ROUNDS {
            // What is left may be at odds with the times of the story.
            read.patch = StoryPatch { status: read.patch.status, ..StoryPatch::default() };
        }
        match read.patch.clone().onto(story, now).check_draft() {
            Ok(valid) => return Ok(valid),
            Err(broken) => errors = of_form(broken),
        }
        for error in &errors {
            read.forget(error.field);
        }
    }
    Err(errors)
}

/// Checks whether the slug follows the headline: that of a story that readers never saw does, while
/// its author wants no other.
fn is_renamed(story: &Story, form: &StoryForm, valid: &ValidStory, now: Timestamp) -> bool {
    let headline = &valid.input.headline;
    form.slug.is_empty()
        && story.status != Status::Published
        && !story.was_public_until(now)
        && headline != UNTITLED
        && !is_made_slug(&story.teaser.slug, headline)
}

/// Returns the time of publication: the one that was typed, else that of the story if it is public,
/// else now.
fn published_at(
    patch: &StoryPatch,
    story: &Story,
    form: &StoryForm,
    now: Timestamp,
) -> Option<Timestamp> {
    let is_public = story.is_public(now) || story.teaser.published_at <= now;
    match patch.publish_at {
        Some(time) => Some(time),
        None if form.publish_at.is_empty() && story.status == Status::Published && is_public => {
            None
        }
        None if form.publish_at.is_empty() => Some(now),
        None => Some(story.teaser.published_at),
    }
}

/// Checks the time of publication against what was asked for.
fn time_error(
    act: &FormAct,
    time: Option<Timestamp>,
    form: &StoryForm,
    now: Timestamp,
) -> Option<FieldError> {
    let message = match act {
        FormAct::Schedule if form.publish_at.is_empty() => {
            "Choose the time at which the story goes live."
        }
        FormAct::Schedule if time.is_none_or(|time| time <= now) => {
            "This time is in the past. Choose a later one, or publish now."
        }
        FormAct::Publish if time.is_some_and(|time| time > now) => {
            "This time is in the future. Choose Schedule, or clear it to publish now."
        }
        _ => return None,
    };
    Some(FieldError { field: "publish_at", message: message.to_owned() })
}
