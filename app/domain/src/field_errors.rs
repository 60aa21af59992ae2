//! Rules of the fields of a story.

use gazette_table::MAX_BODY_BYTES as MAX_ITEM_BODY_BYTES;
use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::characters::{forbidden_in_body, forbidden_in_line, has_visible};
use crate::label::Label;
use crate::routes::SIGN_IN_PREFIX;
use crate::story::Image;

const MAX_BODY_BYTES: usize = 256 * 1024;
/// Maximum size of the body as a JSON string. The other fields of a story take less than 20 KiB of
/// its item in the table.
const MAX_BODY_JSON_BYTES: usize = MAX_ITEM_BODY_BYTES - 20 * 1024;
const MAX_ALT_LENGTH: usize = 500;
const MAX_CAPTION_LENGTH: usize = 500;
const MAX_CREDIT_LENGTH: usize = 700;
const MAX_IMAGE_URL_BYTES: usize = 2_000;
const MAX_SOURCE_BYTES: usize = 1_000;

/// The rule of every time.
pub(crate) const YEARS_RULE: &str = "must be in the years 1 to 9998";

/// Returns whether a time is in a year that stories can have: positions sort as text, which needs four
/// digits, and the last year does not end.
pub(crate) fn is_in_years(time: Timestamp) -> bool {
    (1..=9_998).contains(&time.to_zoned(TimeZone::UTC).year())
}

/// A broken rule of a field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldError {
    /// Name of the field in JSON.
    pub field: &'static str,
    /// Description for the author.
    pub message: String,
}

/// Checks what the sender of a picture says about it, by the rules of a story's picture.
///
/// # Errors
/// Names every broken rule.
pub fn check_image_texts(alt: Option<&str>, credit: Option<&str>) -> Result<(), Vec<FieldError>> {
    let mut errors = FieldErrors::default();
    for (field, text, max) in [("alt", alt, MAX_ALT_LENGTH), ("credit", credit, MAX_CREDIT_LENGTH)]
    {
        let text = text.unwrap_or_default();
        errors.line(field, text);
        errors.length(field, text, 0, max);
    }
    let FieldErrors { errors, .. } = errors;
    if errors.is_empty() { Ok(()) } else { Err(errors) }
}

/// Describes the broken rules for the author of a story.
pub(crate) fn broken_rules(errors: &[FieldError]) -> String {
    let rules = errors.iter().map(|error| format!("{}: {}", error.field, error.message));
    format!("the story breaks rules: {}", rules.collect::<Vec<_>>().join("; "))
}

/// Collects the broken rules of the fields of a story.
#[derive(Default)]
pub(crate) struct FieldErrors {
    pub(crate) errors: Vec<FieldError>,
    /// Names of the fields whose text was replaced by its normal form.
    pub(crate) not_normal: Vec<&'static str>,
}

impl FieldErrors {
    pub(crate) fn add(&mut self, field: &'static str, message: impl Into<String>) {
        self.errors.push(FieldError { field, message: message.into() });
    }

    /// Checks the characters of a field of one line.
    pub(crate) fn line(&mut self, field: &'static str, text: &str) {
        self.character(field, forbidden_in_line(text));
    }

    fn character(&mut self, field: &'static str, forbidden: Option<char>) {
        if let Some(character) = forbidden {
            let code = u32::from(character);
            self.add(field, format!("has the invisible character U+{code:04X}; remove it"));
        }
    }

    pub(crate) fn length(&mut self, field: &'static str, text: &str, min: usize, max: usize) {
        let length = text.chars().count();
        if length < min {
            self.add(field, "must not be empty");
        } else if min > 0 && !has_visible(text) {
            self.add(field, "has only invisible characters; write something that can be seen");
        } else if length > max {
            self.add(field, format!("has {length} characters; at most {max} are allowed"));
        }
    }

    /// Checks a text of one line, and joins its words by single spaces.
    pub(crate) fn text(&mut self, field: &'static str, text: &mut String, min: usize, max: usize) {
        self.line(field, text);
        let normal = text.split_whitespace().collect::<Vec<_>>().join(" ");
        self.length(field, &normal, min, max);
        self.replace(field, text, normal);
    }

    fn replace<T: PartialEq>(&mut self, field: &'static str, given: &mut T, normal: T) {
        if *given != normal {
            self.not_normal.push(field);
            *given = normal;
        }
    }

    /// Checks a name and returns its label.
    pub(crate) fn label(
        &mut self,
        field: &'static str,
        name: &mut String,
        max: usize,
    ) -> Option<Label> {
        let label = self.label_of(field, name, max)?;
        self.replace(field, name, label.name.clone());
        Some(label)
    }

    /// Checks several names and returns their labels, each once.
    pub(crate) fn labels(
        &mut self,
        field: &'static str,
        names: &mut Vec<String>,
        max_names: usize,
        max_length: usize,
    ) -> Vec<Label> {
        if names.len() > max_names {
            self.add(field, format!("has {} names; at most {max_names} are allowed", names.len()));
            return Vec::new();
        }
        let mut labels: Vec<Label> = Vec::new();
        for name in names.iter() {
            if let Some(label) = self.label_of(field, name, max_length)
                && !labels.iter().any(|other| other.slug == label.slug)
            {
                labels.push(label);
            }
        }
        self.replace(field, names, labels.iter().map(|label| label.name.clone()).collect());
        labels
    }

    pub(crate) fn body(&mut self, body: &str) {
        if body.trim().is_empty() {
            self.add("body", "must not be empty");
        } else if body.len() > MAX_BODY_BYTES {
            let size = body.len();
            self.add("body", format!("has {size} bytes; at most {MAX_BODY_BYTES} are allowed"));
        } else {
            self.character("body", forbidden_in_body(body));
            self.stored_size(body);
        }
    }

    /// Checks that the body fits into the table, where some characters take two bytes.
    fn stored_size(&mut self, body: &str) {
        let escaped =
            body.bytes().filter(|byte| matches!(byte, b'"' | b'\\' | b'\n' | b'\t')).count();
        let size = body.len() + escaped + "\"\"".len();
        if size > MAX_BODY_JSON_BYTES {
            self.add("body", format!("takes {size} bytes in the store, where quotes, backslashes, tabs and line breaks count twice; at most {MAX_BODY_JSON_BYTES} are allowed"));
        }
    }

    pub(crate) fn source(&mut self, source: Option<&str>) {
        let Some(source) = source else { return };
        self.line("source", source);
        if source.is_empty() || source.len() > MAX_SOURCE_BYTES {
            self.add("source", format!("must have 1 to {MAX_SOURCE_BYTES} bytes"));
        }
    }

    pub(crate) fn image(&mut self, image: Option<&Image>) {
        let Some(image) = image else { return };
        let is_forbidden = |c: char| c == '\\' || c.is_control() || c.is_whitespace();
        let url = &image.url;
        if !url.starts_with('/') || url.starts_with("//") || url.contains(is_forbidden) {
            self.add("image", "must be a path on this site");
        } else if url.starts_with(SIGN_IN_PREFIX) {
            self.add("image", "must not be a path of the sign-in");
        }
        if url.len() > MAX_IMAGE_URL_BYTES {
            self.add("image", format!("has a path of more than {MAX_IMAGE_URL_BYTES} bytes"));
        }
        if image.width == 0 || image.height == 0 {
            self.add("image", "is not a picture of this site; upload it with POST /images and send the url of the answer");
        }
        if !has_visible(&image.alt) {
            self.add("image", "needs an alt, which says what the picture shows");
        }
        self.line("image", &image.alt);
        self.length("image", &image.alt, 0, MAX_ALT_LENGTH);
        let caption = image.caption.as_deref().unwrap_or_default();
        self.line("image", caption);
        self.length("image", caption, 0, MAX_CAPTION_LENGTH);
        let credit = image.credit.as_deref().unwrap_or_default();
        self.line("image", credit);
        self.length("image", credit, 0, MAX_CREDIT_LENGTH);
    }

    pub(crate) fn date(&mut self, field: &'static str, time: Timestamp) {
        if !is_in_years(time) {
            self.add(field, YEARS_RULE);
        }
    }

    /// Checks a time at which something ends that begins at `start`.
    pub(crate) fn end(&mut self, field: &'static str, end: Option<Timestamp>, start: Timestamp) {
        let Some(end) = end else { return };
        self.date(field, end);
        if end <= start {
            self.add(field, "must be later than the time of publication");
        }
    }

    fn label_of(&mut self, field: &'static str, name: &str, max: usize) -> Option<Label> {
        self.line(field, name);
        self.length(field, name.trim(), 1, max);
        Label::new(name)
    }
}
