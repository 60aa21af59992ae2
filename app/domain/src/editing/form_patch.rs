//! Forms read as changes of stories.

use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::editing::form_normal::{names, normal};
use crate::editing::story_form::StoryForm;
use crate::field_errors::FieldError;
use crate::image_name::ImageName;
use crate::language::LanguageChange;
use crate::local_time;
use crate::slug::Slug;
use crate::story::{Image, Story};
use crate::story_patch::{ImagePatch, StoryPatch, TimePatch};

/// A change that a form makes, and its fields that cannot be read.
#[derive(Default)]
pub(crate) struct FormPatch {
    pub(crate) patch: StoryPatch,
    pub(crate) errors: Vec<FieldError>,
}

impl StoryForm {
    /// Reads the form as a story. The rules of stories are checked later.
    ///
    /// A local time that clocks show twice is the first of the two.
    ///
    /// # Errors
    /// The fields that cannot be read: a slug, a language or a time, among them a time that clocks
    /// skip.
    pub fn patch(&self, zone: &TimeZone) -> Result<StoryPatch, Vec<FieldError>> {
        let FormPatch { patch, errors } = FormPatch::read(self, zone);
        if errors.is_empty() { Ok(patch) } else { Err(errors) }
    }
}

impl FormPatch {
    /// Reads all fields.
    fn read(form: &StoryForm, zone: &TimeZone) -> Self {
        let mut read = Self::default();
        let form = normal(form);
        let language = read.language(&form.language);
        let publish_at = read.time("publish_at", &form.publish_at, zone);
        let unpublish_at = read.time("unpublish_at", &form.unpublish_at, zone);
        let pin_until = read.time("pin_until", &form.pin_until, zone);
        let slug = read.slug(&form.slug);
        let end = |time: Option<Timestamp>| time.map_or(TimePatch::Remove, TimePatch::Set);
        read.patch = StoryPatch {
            image: Some(image(&form)),
            headline: Some(form.headline),
            body: Some(form.body),
            summary: Some(form.summary),
            is_summary_made: false,
            section: Some(form.section),
            tags: Some(names(&form.tags).collect()),
            authors: Some(names(&form.authors).collect()),
            publish_at,
            unpublish_at: Some(end(unpublish_at)),
            pin_until: Some(end(pin_until)),
            status: None,
            slug,
            language,
        };
        read
    }

    /// Reads the fields that differ from those of a story: the others keep what a form does not
    /// show, such as the seconds of a time.
    pub(crate) fn onto(form: &StoryForm, story: &Story, zone: &TimeZone) -> Self {
        let same = StoryForm::of(story, zone);
        let mut read = Self::read(form, zone);
        let (typed, stored) = (normal(form), normal(&same));
        let changed = typed.differing(&stored);
        for field in StoryForm::FIELDS.into_iter().filter(|field| !changed.contains(field)) {
            read.errors.retain(|error| error.field != field);
            if !(field.starts_with("image") && changed.iter().any(|it| it.starts_with("image"))) {
                read.forget(field);
            }
        }
        if typed.authors.is_empty() {
            // A story has an author: its first one is the person who wrote it.
            read.forget("authors");
        }
        if let (Some(ImagePatch::Set(image)), Some(known)) =
            (&mut read.patch.image, &story.teaser.image)
            && image.url == known.url
        {
            (image.width, image.height) = (known.width, known.height);
        }
        read
    }

    /// Leaves a field of the story as it is.
    pub(crate) fn forget(&mut self, field: &str) {
        let patch = &mut self.patch;
        match field {
            "headline" => patch.headline = None,
            "slug" => patch.slug = None,
            "summary" => patch.summary = None,
            "body" => patch.body = None,
            "section" => patch.section = None,
            "tags" => patch.tags = None,
            "authors" => patch.authors = None,
            "language" => patch.language = None,
            "image" | "image_alt" | "image_caption" | "image_credit" => patch.image = None,
            "publish_at" => patch.publish_at = None,
            "unpublish_at" => patch.unpublish_at = None,
            "pin_until" => patch.pin_until = None,
            _ => {}
        }
    }

    fn add(&mut self, field: &'static str, message: impl Into<String>) {
        self.errors.push(FieldError { field, message: message.into() });
    }

    fn time(&mut self, field: &'static str, text: &str, zone: &TimeZone) -> Option<Timestamp> {
        if text.is_empty() {
            return None;
        }
        match local_time::parse(text, zone) {
            Ok(time) => Some(time),
            Err(message) => {
                self.add(field, message);
                None
            }
        }
    }

    fn language(&mut self, text: &str) -> Option<LanguageChange> {
        if text.is_empty() {
            return Some(LanguageChange::Remove);
        }
        let language = text.parse().ok().map(LanguageChange::Set);
        if language.is_none() {
            self.add("language", "must be a language tag such as en, pt-BR or zh-Hant, or empty");
        }
        language
    }

    fn slug(&mut self, text: &str) -> Option<Slug> {
        if text.is_empty() {
            return None;
        }
        let slug = Slug::from_other_spelling(text);
        if slug.is_none() {
            let example = Slug::from_text(text).map(|slug| format!("; try `{slug}`"));
            self.add(
                "slug",
                format!(
                    "must be 1 to 100 letters and digits without accents, with single hyphens between them{}",
                    example.unwrap_or_default()
                ),
            );
        }
        slug
    }
}

fn image(form: &StoryForm) -> ImagePatch {
    if form.image.is_empty() {
        return ImagePatch::Remove;
    }
    let name = ImageName::of_path(&form.image);
    ImagePatch::Set(Image {
        url: form.image.clone(),
        alt: form.image_alt.clone(),
        width: name.map_or(0, |name| name.width),
        height: name.map_or(0, |name| name.height),
        caption: Some(form.image_caption.clone()).filter(|caption| !caption.is_empty()),
        credit: Some(form.image_credit.clone()).filter(|credit| !credit.is_empty()),
    })
}

/// Returns the broken rules of a story under the names that the fields of a form have.
pub(crate) fn of_form(errors: Vec<FieldError>) -> Vec<FieldError> {
    let rename = |error: FieldError| match error.field {
        "image" if error.message.starts_with("needs an alt") => FieldError {
            field: "image_alt",
            message: "must say what the picture shows, for those who cannot see it".to_owned(),
        },
        "image" if error.message.starts_with("is not a picture of this site") => FieldError {
            message: "is not a picture of this site; upload it, or choose an uploaded one"
                .to_owned(),
            ..error
        },
        _ => error,
    };
    errors.into_iter().map(rename).collect()
}
