//! The checks.

use gazette_domain::{
    Caller, DeskError, FieldError, Lookup, NewsDesk, RedirectAnswer, Slug, Status, Story,
    StoryForm, StoryId,
};
use jiff::Timestamp;

use super::links::{Target, target_of};
use super::placeholders;
use crate::markdown::{BodyRenderer, inspect};

const EMPTY_LINK: &str = "](https://)";
const MAX_HEADLINE_LENGTH: usize = 200;
/// Faults of one kind that are named at most.
pub(super) const MAX_NAMED: usize = 5;

/// Checks a story before it is published.
pub(crate) struct PublishCheck<'a> {
    /// Finds the stories that links lead to.
    pub(crate) desk: &'a NewsDesk,
    /// The person who publishes.
    pub(crate) caller: &'a Caller,
    /// Renders the body.
    pub(crate) bodies: &'a BodyRenderer,
    /// Origin of the site.
    pub(crate) public_url: &'a str,
}

impl PublishCheck<'_> {
    /// Returns everything that keeps the form of a story from being published at a time. Each
    /// message says what to do.
    ///
    /// A link to a draft is a fault, as is one to a story that readers see only later. A story may
    /// link to itself.
    pub(crate) async fn check(
        &self,
        story: StoryId,
        form: &StoryForm,
        at: Timestamp,
    ) -> Result<Vec<FieldError>, DeskError> {
        let mut errors = texts(form);
        let html = self.bodies.render(&form.body).await;
        let found = match html.rendered() {
            Ok(rendered) => inspect(&rendered.html),
            Err(error) => {
                errors.push(error_of("body", error.to_string()));
                return Ok(errors);
            }
        };
        let pictures = found.pictures_without_alt.iter().take(MAX_NAMED);
        errors.extend(pictures.map(|source| {
            let name = source.rsplit('/').next().unwrap_or_default();
            error_of("body", format!("The picture {name} has no text alternative. Say what it shows between its square brackets: ![…]({source})"))
        }));
        errors.extend(self.missing_pictures(form, &found.links).await?);
        if let Some(placeholder) = placeholders::find(&found.text) {
            errors.push(unfinished("body", &placeholder));
        }
        let mut dead = 0;
        for link in &found.links {
            if dead == MAX_NAMED {
                break;
            }
            if let Some(message) = self.fault_of_link(link, story, at).await? {
                errors.push(error_of("body", message));
                dead += 1;
            }
        }
        Ok(errors)
    }

    async fn fault_of_link(
        &self,
        link: &str,
        story: StoryId,
        at: Timestamp,
    ) -> Result<Option<String>, DeskError> {
        let found = match target_of(link, self.public_url) {
            None => return Ok(None),
            Some(Target::Impossible) => None,
            Some(Target::Story(slug)) => self.story(&slug).await?,
        };
        let Some(found) = found else {
            let is_redirected = self.is_redirected(link).await?;
            return Ok((!is_redirected).then(|| dead(link)));
        };
        if found.teaser.id == story || found.is_public(at) {
            return Ok(None);
        }
        let headline = &found.teaser.headline;
        Ok(Some(match found.status {
            Status::Published => format!(
                "The link {link} leads to “{headline}”, which readers cannot see at that time. Publish this story later, or remove the link."
            ),
            Status::Draft | Status::Review => format!(
                "The link {link} leads to “{headline}”, which is not published. Publish that story first, or remove the link."
            ),
        }))
    }

    async fn story(&self, slug: &Slug) -> Result<Option<Box<Story>>, DeskError> {
        let found = match self.desk.find(self.caller, slug).await? {
            Lookup::Moved(slug) => self.desk.find(self.caller, &slug).await?,
            found => found,
        };
        Ok(match found {
            Lookup::Found(story) => Some(story),
            Lookup::Moved(_) | Lookup::Gone(_) | Lookup::Missing => None,
        })
    }

    /// Checks whether readers of an old address are sent elsewhere.
    async fn is_redirected(&self, link: &str) -> Result<bool, DeskError> {
        let link = link.strip_prefix(self.public_url).unwrap_or(link);
        let link = link.split('#').next().unwrap_or_default();
        let (path, query) = match link.split_once('?') {
            Some((path, query)) => (path, Some(query)),
            None => (link, None),
        };
        let answer = self.desk.find_redirect(self.caller, path, query).await?;
        Ok(answer.is_some_and(|answer| answer != RedirectAnswer::Gone))
    }
}

/// Checks the fields as they were typed.
fn texts(form: &StoryForm) -> Vec<FieldError> {
    let mut errors = Vec::new();
    // As the toolbar begins a link. Readers would see neither a link nor an error.
    if form.body.contains(EMPTY_LINK) {
        let message = "A link has no address. Write one in place of https://, or remove the link.";
        errors.push(error_of("body", message));
    }
    let length = form.headline.trim().chars().count();
    if length == 0 {
        errors.push(error_of("headline", "Write a headline."));
    } else if length > MAX_HEADLINE_LENGTH {
        errors.push(error_of(
            "headline",
            format!("The headline has {length} characters. Shorten it to {MAX_HEADLINE_LENGTH}."),
        ));
    }
    if form.body.trim().is_empty() {
        errors.push(error_of("body", "Write the text of the story."));
    }
    if !form.image.trim().is_empty() && form.image_alt.trim().is_empty() {
        errors.push(error_of(
            "image_alt",
            "Say what the picture shows, for those who cannot see it.",
        ));
    }
    for (field, text) in [
        ("headline", &form.headline),
        ("summary", &form.summary),
        ("image_alt", &form.image_alt),
        ("image_caption", &form.image_caption),
        ("image_credit", &form.image_credit),
    ] {
        errors.extend(placeholders::find(text).map(|found| unfinished(field, &found)));
    }
    errors
}

fn unfinished(field: &'static str, placeholder: &str) -> FieldError {
    error_of(
        field,
        format!(
            "“{placeholder}” looks like text that is still to be written. Replace or remove it."
        ),
    )
}

fn dead(link: &str) -> String {
    format!("The link {link} leads to no story. Correct or remove it.")
}

pub(super) fn error_of(field: &'static str, message: impl Into<String>) -> FieldError {
    FieldError { field, message: message.into() }
}
