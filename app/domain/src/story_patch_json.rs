//! The fields of a story as a JSON object.

use jiff::Timestamp;
use jiff::civil::Date;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use crate::field_errors::{FieldError, YEARS_RULE, broken_rules, is_in_years};
use crate::slug::Slug;
use crate::story::Image;
use crate::story_patch::{ImagePatch, StoryPatch, TimePatch};

/// The rule of a time in JSON.
const TIME_RULE: &str = "must be a time such as 2026-11-21T09:00:00Z";
/// The rule of a language in JSON.
const LANGUAGE_RULE: &str =
    "must be a language tag such as en, pt-BR or zh-Hant, or empty if it is not known";

impl StoryPatch {
    /// Reads the members of a JSON object; `null` is the same as an omitted member, except that it
    /// removes the picture and the times of an end.
    ///
    /// # Errors
    /// [`PatchError`] names every invalid member.
    pub fn from_json(members: Map<String, Value>) -> Result<Self, PatchError> {
        let mut members = Members::new(members);
        let mut patch = Self {
            headline: members.take("headline", "must be text"),
            body: members.take("body", "must be text"),
            summary: members.take("summary", "must be text"),
            is_summary_made: false,
            section: members.take("section", "must be text"),
            tags: members.take("tags", "must be a list of names"),
            authors: members.take("authors", "must be a list of names"),
            image: members.take_image(),
            publish_at: members.time("publish_at"),
            unpublish_at: members.take_time("unpublish_at"),
            pin_until: members.take_time("pin_until"),
            status: members.take("status", "must be draft, review or published"),
            slug: None,
            language: members.take("language", LANGUAGE_RULE),
        };
        patch.slug = members.slug();
        members.finish(patch)
    }
}

/// Reads a time in the format of RFC 3339, §5.6. The library reads more: times without seconds or with the name of
/// a zone, and offsets of more than a day.
fn rfc3339(text: &str) -> Result<Timestamp, &'static str> {
    let shape: String = text.chars().map(|c| if c.is_ascii_digit() { '0' } else { c }).collect();
    let rest = shape.strip_prefix("0000-00-00").and_then(|rest| rest.strip_prefix(['T', 't', ' ']));
    let rest = rest.and_then(|rest| rest.strip_prefix("00:00:00")).ok_or(TIME_RULE)?;
    let offset = match rest.strip_prefix('.') {
        Some(fraction) if fraction.starts_with('0') => fraction.trim_start_matches('0'),
        Some(_) => return Err(TIME_RULE),
        None => rest,
    };
    let hours = text.get(text.len().saturating_sub("00:00".len())..).and_then(|it| it.get(..2));
    let is_in_a_day = hours.and_then(|hours| hours.parse::<u8>().ok()).is_some_and(|it| it < 24);
    if !(matches!(offset, "Z" | "z") || matches!(offset, "+00:00" | "-00:00") && is_in_a_day) {
        return Err(TIME_RULE);
    }
    // A time after the last one of the library has a date all the same.
    let date = text.get(..10).and_then(|date| date.parse::<Date>().ok()).ok_or(TIME_RULE)?;
    match text.parse::<Timestamp>() {
        Ok(time) if is_in_years(time) => Ok(time),
        Ok(_) => Err(YEARS_RULE),
        Err(_) if date.year() == 9_999 => Err(YEARS_RULE),
        Err(_) => Err(TIME_RULE),
    }
}

/// The picture of a request.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SubmittedImage {
    url: String,
    #[serde(default)]
    alt: String,
    caption: Option<String>,
    credit: Option<String>,
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

    /// Takes a time, whose `null` has a meaning of its own.
    fn take_time(&mut self, name: &'static str) -> Option<TimePatch> {
        if self.remaining.get(name).is_some_and(Value::is_null) {
            self.names.push(name);
            self.remaining.remove(name);
            return Some(TimePatch::Remove);
        }
        self.time(name).map(TimePatch::Set)
    }

    fn time(&mut self, name: &'static str) -> Option<Timestamp> {
        let text: String = self.take(name, TIME_RULE)?;
        match rfc3339(&text) {
            Ok(time) => Some(time),
            Err(rule) => {
                self.errors.push(FieldError { field: name, message: rule.to_owned() });
                None
            }
        }
    }

    /// Takes the picture, whose `null` has a meaning of its own.
    fn take_image(&mut self) -> Option<ImagePatch> {
        if self.remaining.get("image").is_some_and(Value::is_null) {
            self.names.push("image");
            self.remaining.remove("image");
            return Some(ImagePatch::Remove);
        }
        let rule = r#"must be {"url": "…", "alt": "…", "caption": "…", "credit": "…"} or null"#;
        let SubmittedImage { url, alt, caption, credit } = self.take("image", rule)?;
        Some(ImagePatch::Set(Image { url, alt, width: 0, height: 0, caption, credit }))
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
    fn a_time_is_one_of_rfc_3339_in_a_year_that_stories_can_have() {
        let time = |name: &str, text: &str| {
            let Value::Object(members) = json!({ name: text }) else { panic!("an object") };
            match StoryPatch::from_json(members) {
                Ok(patch) => Ok(patch.publish_at.or(match patch.unpublish_at {
                    Some(TimePatch::Set(time)) => Some(time),
                    _ => None,
                })),
                Err(PatchError::Invalid(errors)) => {
                    assert_eq!(errors.iter().map(|it| it.field).collect::<Vec<_>>(), [name]);
                    Err(errors[0].message.clone())
                }
                Err(error) => panic!("{error}"),
            }
        };
        for name in ["publish_at", "unpublish_at"] {
            for (text, expected) in [
                ("2030-01-01T00:00:00Z", "2030-01-01T00:00:00Z"),
                ("2030-01-01t00:00:00.25z", "2030-01-01T00:00:00.25Z"),
                ("2030-01-01 01:00:00+01:00", "2030-01-01T00:00:00Z"),
                ("2029-12-31T00:01:00-23:59", "2030-01-01T00:00:00Z"),
                ("9998-12-31T23:59:59Z", "9998-12-31T23:59:59Z"),
            ] {
                let expected: Timestamp = expected.parse().expect("a time");
                assert_eq!(time(name, text), Ok(Some(expected)), "{text}");
            }
            for text in [
                "9999-12-31T23:59:59Z",
                "9999-01-01T00:00:00Z",
                "0000-01-01T00:00:00Z",
                "0001-01-01T00:00:00+01:00",
            ] {
                assert_eq!(time(name, text), Err(YEARS_RULE.to_owned()), "{text}");
            }
            for text in [
                "2030-01-01T00:00:00+25:00",
                "2030-01-01T00:00:00-24:00",
                "2030-01-01T00:00:00+05:00[Europe/Berlin]",
                "2030-01-01T00:00:00+02",
                "2030-01-01T00:00:00+02:00:00",
                "2030-01-01T00:00:00,5Z",
                "2030-01-01T00:00:00.Z",
                "20300101T000000Z",
                "2030-01-01T00:00Z",
                "2030-01-01T00:00:00",
                "2030-02-30T00:00:00Z",
                "9999-02-30T00:00:00Z",
                "-000001-01-01T00:00:00Z",
                "2030-01-01",
                "٢٠٣٠-01-01T00:00:00Z",
                "",
            ] {
                assert_eq!(time(name, text), Err(TIME_RULE.to_owned()), "{text}");
            }
        }
    }

    #[test]
    fn every_field_has_a_name() {
        let Value::Object(members) = json!({ "colour": "red" }) else { panic!("an object") };
        let error = StoryPatch::from_json(members).expect_err("unknown").to_string();
        let allowed = "headline, body, summary, section, tags, authors, image, publish_at, unpublish_at, pin_until, status, language, slug";
        assert_eq!(error, format!("Unknown field `colour`. Allowed: {allowed}."));
    }
}
