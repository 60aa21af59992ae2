//! The fields an editor submits.

use jiff::Timestamp;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use sha2::{Digest as _, Sha256};

use crate::audit::hex;
use crate::field_errors::{FieldError, broken_rules};
use crate::language::LanguageChange;
use crate::slug::Slug;
use crate::story::{Image, Status, Story};
use crate::story_input::{DEFAULT_SECTION, StoryInput};

/// The rule of a language in JSON.
const LANGUAGE_RULE: &str =
    "must be a language tag such as en, pt-BR or zh-Hant, or empty if it is not known";

/// The submitted fields of a story. An omitted field takes its default in a new story and stays
/// unchanged in an existing one.
///
/// Absent fields are not serialized, so that a new field does not change the digests of requests
/// that an older version answered.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct StoryPatch {
    /// Headline: 1 to 200 characters on one line; required for a new story.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub headline: Option<String>,
    /// Text in Markdown; required for a new story.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub body: Option<String>,
    /// Summary: at most 500 characters; empty by default.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub summary: Option<String>,
    /// Name of the section; `News` by default.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub section: Option<String>,
    /// Names of the tags; none by default.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tags: Option<Vec<String>>,
    /// Names of the authors; the caller by default.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub authors: Option<Vec<String>>,
    /// Picture; none by default. `null` removes it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub image: Option<ImagePatch>,
    /// Time of publication; now by default.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub publish_at: Option<Timestamp>,
    /// Status; published by default.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<Status>,
    /// Slug under `/news/`. By default that of the headline, or the id if the headline has no letter
    /// or digit.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub slug: Option<Slug>,
    /// Language; unknown by default.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub language: Option<LanguageChange>,
    /// unpublish
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unpublish_at: Option<Option<Timestamp>>,
    /// pin
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pin_until: Option<Option<Timestamp>>,
}

/// The submitted picture of a story.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub enum ImagePatch {
    /// The story has no picture.
    Remove,
    /// The story has this one. Its size is 0 until it is looked up; the desk refuses such a
    /// picture.
    Set(Image),
}

impl ImagePatch {
    fn into_image(self) -> Option<Image> {
        match self {
            Self::Remove => None,
            Self::Set(image) => Some(image),
        }
    }
}

/// The picture of a request.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SubmittedImage {
    url: String,
    #[serde(default)]
    alt: String,
    credit: Option<String>,
}

impl StoryPatch {
    /// Reads the members of a JSON object; `null` is the same as an omitted member, except that it
    /// removes the picture.
    ///
    /// # Errors
    /// [`PatchError`] names every invalid member.
    pub fn from_json(members: Map<String, Value>) -> Result<Self, PatchError> {
        let mut members = Members::new(members);
        let mut patch = Self {
            headline: members.take("headline", "must be text"),
            body: members.take("body", "must be text"),
            summary: members.take("summary", "must be text"),
            section: members.take("section", "must be text"),
            tags: members.take("tags", "must be a list of names"),
            authors: members.take("authors", "must be a list of names"),
            image: members.take_image(),
            publish_at: members.take("publish_at", "must be a time such as 2026-11-21T09:00:00Z"),
            status: members.take("status", "must be draft or published"),
            slug: None,
            language: members.take("language", LANGUAGE_RULE),
            unpublish_at: None,
            pin_until: None,
        };
        patch.slug = members.slug();
        members.finish(patch)
    }

    /// Returns the input of a new story.
    pub(crate) fn into_input(self, author: &str, now: Timestamp) -> StoryInput {
        StoryInput {
            headline: self.headline.unwrap_or_default(),
            summary: self.summary.unwrap_or_default(),
            body: self.body.unwrap_or_default(),
            section: self.section.unwrap_or_else(|| DEFAULT_SECTION.to_owned()),
            tags: self.tags.unwrap_or_default(),
            authors: self.authors.unwrap_or_else(|| vec![author.to_owned()]),
            language: self.language.and_then(LanguageChange::into_language),
            image: self.image.and_then(ImagePatch::into_image),
            published_at: self.publish_at.unwrap_or(now),
            status: self.status.unwrap_or_default(),
            slug: self.slug,
            unpublish_at: self.unpublish_at.flatten(),
            pin_until: self.pin_until.flatten(),
            source: None,
        }
    }

    /// Returns the input of the next version of a story.
    pub(crate) fn onto(self, current: &Story, now: Timestamp) -> StoryInput {
        let base = StoryInput::of(current);
        let status = self.status.unwrap_or(base.status);
        let published_at = match (base.status, status) {
            // A draft has the time of its creation: publish it now, unless it has a later time.
            (Status::Draft, Status::Published) => base.published_at.max(now),
            (Status::Draft, Status::Draft) | (Status::Published, _) => base.published_at,
        };
        StoryInput {
            headline: self.headline.unwrap_or(base.headline),
            summary: self.summary.unwrap_or(base.summary),
            body: self.body.unwrap_or(base.body),
            section: self.section.unwrap_or(base.section),
            tags: self.tags.unwrap_or(base.tags),
            authors: self.authors.unwrap_or(base.authors),
            language: self.language.map_or(base.language, LanguageChange::into_language),
            image: self.image.map_or(base.image, ImagePatch::into_image),
            published_at: self.publish_at.unwrap_or(published_at),
            status,
            slug: self.slug,
            unpublish_at: self.unpublish_at.unwrap_or(base.unpublish_at),
            pin_until: self.pin_until.unwrap_or(base.pin_until),
            source: base.source,
        }
    }

    /// Returns a hash that is equal for equal patches, for comparing repeated requests.
    pub(crate) fn digest(&self) -> String {
        // Text and numbers always serialize.
        let json = serde_json::to_vec(self).unwrap_or_default();
        hex(Sha256::digest(json).as_slice())
    }
}

/// The JSON object is not a valid patch.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PatchError {
    /// A member is unknown.
    #[error("Unknown field `{name}`. Allowed: {}.", .allowed.join(", "))]
    Unknown {
        /// Name of the member, shortened.
        name: String,
        /// Names of all fields.
        allowed: Vec<&'static str>,
    },
    /// Members have the wrong type or format.
    #[error("{}", broken_rules(.0))]
    Invalid(Vec<FieldError>),
}

/// Members of a request that are not read yet, and the errors so far.
struct Members {
    remaining: Map<String, Value>,
    names: Vec<&'static str>,
    errors: Vec<FieldError>,
}

impl Members {
    fn new(members: Map<String, Value>) -> Self {
        Self { remaining: members, names: Vec::new(), errors: Vec::new() }
    }

    fn take<T: DeserializeOwned>(&mut self, name: &'static str, rule: &str) -> Option<T> {
        self.names.push(name);
        let value = self.remaining.remove(name).filter(|value| !value.is_null())?;
        let value = serde_json::from_value(value);
        if value.is_err() {
            self.errors.push(FieldError { field: name, message: rule.to_owned() });
        }
        value.ok()
    }

    /// Takes the slug. Capitals and decomposed letters are read as the slug they mean.
    fn slug(&mut self) -> Option<Slug> {
        let text: String = self.take("slug", "must be text")?;
        let slug = Slug::from_other_spelling(&text);
        if slug.is_none() {
            let example = Slug::from_text(&text).map(|slug| format!(", such as `{slug}`"));
            let message = format!(
                "must be 1 to 100 letters and digits without accents, with single hyphens between them{}",
                example.unwrap_or_default()
            );
            self.errors.push(FieldError { field: "slug", message });
        }
        slug
    }

    /// Takes the picture, whose `null` has a meaning of its own.
    fn take_image(&mut self) -> Option<ImagePatch> {
        if self.remaining.get("image").is_some_and(Value::is_null) {
            self.names.push("image");
            self.remaining.remove("image");
            return Some(ImagePatch::Remove);
        }
        let rule = r#"must be {"url": "…", "alt": "…", "credit": "…"} or null"#;
        let SubmittedImage { url, alt, credit } = self.take("image", rule)?;
        Some(ImagePatch::Set(Image { url, alt, width: 0, height: 0, credit }))
    }

    fn finish(self, patch: StoryPatch) -> Result<StoryPatch, PatchError> {
        if let Some(unknown) = self.remaining.keys().next() {
            let name = unknown.chars().filter(|c| !c.is_control()).take(40).collect();
            return Err(PatchError::Unknown { name, allowed: self.names });
        }
        if self.errors.is_empty() { Ok(patch) } else { Err(PatchError::Invalid(self.errors)) }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn the_digest_of_a_request_stays_the_same() {
        let Value::Object(members) = json!({ "headline": "Rivers rise", "body": "Fast." }) else {
            panic!("an object")
        };
        let patch = StoryPatch::from_json(members).expect("valid");
        // A retry across an upgrade must find the first answer.
        let digest = "2dffc71700c97520f6f29c9dec1ef3de40d4012d9224fe82f0ab9007e6740f2a";
        assert_eq!(patch.digest(), digest);
    }

    #[test]
    fn a_picture_is_set_kept_or_removed() {
        let image = |json: Value| {
            let Value::Object(members) = json!({ "image": json }) else { panic!("an object") };
            StoryPatch::from_json(members).map(|patch| patch.image)
        };
        assert_eq!(StoryPatch::from_json(Map::new()).map(|patch| patch.image), Ok(None));
        assert_eq!(image(Value::Null), Ok(Some(ImagePatch::Remove)));
        let set = image(json!({ "url": "/images/a", "alt": "A river" })).expect("valid");
        assert!(matches!(set, Some(ImagePatch::Set(image)) if image.alt == "A river"));
        for bad in [json!("/images/a"), json!({ "alt": "x" }), json!({ "url": "/a", "width": 5 })] {
            let error = image(bad).expect_err("refused").to_string();
            assert!(error.contains("image: must be {"), "{error}");
        }
    }

    #[test]
    fn every_field_has_a_name() {
        let Value::Object(members) = json!({ "colour": "red" }) else { panic!("an object") };
        let error = StoryPatch::from_json(members).expect_err("unknown").to_string();
        let allowed = "headline, body, summary, section, tags, authors, image, publish_at, status, language, slug";
        assert_eq!(error, format!("Unknown field `colour`. Allowed: {allowed}."));
    }
}
