//! The story that a form of the editor would publish. Nothing is checked: what cannot be read is
//! left out.

use gazette_domain::{
    DEFAULT_AUTHOR, DEFAULT_SECTION, Image, Label, Slug, Status, Story, StoryForm, StoryId, Teaser,
    reading_minutes,
};
use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;

/// Headline in place of an empty one.
const UNTITLED: &str = "Untitled";

/// Makes the story that publishing the form at `now` would show. `current` is the stored one.
pub(crate) fn story_preview(
    form: &StoryForm,
    current: Option<&Story>,
    id: StoryId,
    image: Option<Image>,
    zone: &TimeZone,
    now: Timestamp,
) -> Option<Story> {
    let headline = one_line(&form.headline);
    let headline = if headline.is_empty() { UNTITLED.to_owned() } else { headline };
    let published_at = publication(form, current, zone, now);
    let unchanged = current
        .filter(|story| story.status == Status::Published && *form == StoryForm::of(story, zone));
    let updated_at = unchanged.map_or(whole_seconds(now), |story| story.teaser.updated_at);
    let teaser = Teaser {
        id,
        slug: slug(form, current, id)?,
        headline,
        summary: one_line(&form.summary),
        section: Label::new(&form.section).or_else(|| Label::new(DEFAULT_SECTION))?,
        tags: labels(&form.tags),
        authors: authors(form)?,
        published_at,
        unpublish_at: None,
        updated_at: updated_at.max(published_at),
        reading_minutes: reading_minutes(&form.body),
        image,
        language: form.language.trim().parse().ok(),
    };
    Some(Story {
        teaser,
        is_summary_made: false,
        body: form.body.clone(),
        version: 1,
        source: None,
        status: Status::Published,
        owner: None,
        pinned_at: None,
        pin_until: None,
        corrections: current.map(|story| story.corrections.clone()).unwrap_or_default(),
        trashed: None,
        was_public: false,
        public_since: None,
        is_sent_back: false,
        origin: None,
    })
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn labels(names: &str) -> Vec<Label> {
    names.split(',').filter_map(Label::new).collect()
}

fn authors(form: &StoryForm) -> Option<Vec<Label>> {
    let authors = labels(&form.authors);
    if authors.is_empty() { Some(vec![Label::new(DEFAULT_AUTHOR)?]) } else { Some(authors) }
}

fn slug(form: &StoryForm, current: Option<&Story>, id: StoryId) -> Option<Slug> {
    let given = form.slug.trim().parse().ok();
    let current = || current.map(|story| story.teaser.slug.clone());
    given.or_else(current).or_else(|| Slug::from_text(&id.to_string()))
}

/// Returns the time of publication. The form has it to the minute only.
pub(crate) fn publication(
    form: &StoryForm,
    current: Option<&Story>,
    zone: &TimeZone,
    now: Timestamp,
) -> Timestamp {
    let given = form.publish_at.trim();
    let local = given.parse::<DateTime>().ok().filter(|_| given.contains(':'));
    let given = local.and_then(|local| zone.to_timestamp(local).ok());
    let current = current.filter(|story| story.status == Status::Published);
    let current = current.map(|story| story.teaser.published_at);
    match (given, current) {
        (Some(given), Some(current)) if minute(given) == minute(current) => current,
        (Some(given), _) => given,
        (None, current) => current.unwrap_or(whole_seconds(now)),
    }
}

/// Stories have times to the second.
fn whole_seconds(time: Timestamp) -> Timestamp {
    Timestamp::from_second(time.as_second()).unwrap_or(time)
}

fn minute(time: Timestamp) -> i64 {
    time.as_second().div_euclid(60)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn preview(form: &StoryForm, current: Option<&Story>) -> Story {
        let id = "01890a5d-ac96-774b-bcce-b302099a8057".parse().expect("an id");
        let now = "2026-11-26T12:00:00.7Z".parse().expect("a time");
        story_preview(form, current, id, None, &TimeZone::UTC, now).expect("a story")
    }

    #[test]
    fn an_empty_form_has_a_preview() {
        let story = preview(&StoryForm::default(), None);
        assert_eq!(story.teaser.headline, "Untitled");
        assert_eq!(story.teaser.section.name, "News");
        assert_eq!(story.teaser.published_at.to_string(), "2026-11-26T12:00:00Z");
        assert_eq!(story.teaser.updated_at, story.teaser.published_at, "it is not an update");
    }

    #[test]
    fn a_published_story_without_changes_is_not_updated() {
        let mut current = preview(&StoryForm::default(), None);
        current.teaser.published_at = "2026-11-20T06:00:00Z".parse().expect("a time");
        current.teaser.updated_at = "2026-11-21T06:00:00Z".parse().expect("a time");
        let form = StoryForm::of(&current, &TimeZone::UTC);
        assert_eq!(preview(&form, Some(&current)).teaser, current.teaser);
    }

    #[test]
    fn the_seconds_of_the_publication_stay() {
        let mut current = preview(&StoryForm::default(), None);
        current.teaser.published_at = "2026-11-20T06:00:42Z".parse().expect("a time");
        let form = StoryForm { publish_at: "2026-11-20T06:00".to_owned(), ..StoryForm::default() };
        let story = preview(&form, Some(&current));
        assert_eq!(story.teaser.published_at, current.teaser.published_at);
        assert_eq!(story.teaser.updated_at.to_string(), "2026-11-26T12:00:00Z");
        let form = StoryForm { publish_at: "soon".to_owned(), ..form };
        assert_eq!(preview(&form, Some(&current)).teaser.published_at, current.teaser.published_at);
    }
}
