//! Times and field names in the words of the editor.

use gazette_domain::FieldError;
use jiff::Timestamp;

use crate::frame::Frame;

/// Returns "12:04", with the day if it is not today.
pub(super) fn day_and_time(frame: &Frame, at: Timestamp) -> String {
    let zone = &frame.site.time_zone;
    let (at, now) = (at.to_zoned(zone.clone()), frame.now.to_zoned(zone.clone()));
    let format = match () {
        () if at.date() == now.date() => "%H:%M",
        () if at.year() == now.year() => "%a %-d %b, %H:%M",
        () => "%a %-d %b %Y, %H:%M",
    };
    at.strftime(format).to_string()
}

/// Returns the name of the site's time zone.
pub(super) fn zone_name(frame: &Frame) -> String {
    frame.site.time_zone.iana_name().unwrap_or("UTC").to_owned()
}

/// Returns the id of the field that a rule is about.
pub(super) fn field_id(name: &str) -> &'static str {
    FIELDS
        .iter()
        .find(|(id, aliases, _)| *id == name || aliases.contains(&name))
        .map_or("body", |(id, _, _)| id)
}

/// Returns the label of a field.
pub(super) fn field_label(name: &str) -> &'static str {
    let id = field_id(name);
    FIELDS.iter().find(|(known, _, _)| *known == id).map_or("Story", |(_, _, label)| label)
}

/// Returns the place of a field in the form.
pub(super) fn place(name: &str) -> usize {
    let id = field_id(name);
    FIELDS.iter().position(|(known, _, _)| *known == id).unwrap_or(FIELDS.len())
}

/// Ids of the fields, their names in the API and their labels, in the order of the form.
pub(super) const FIELDS: [(&str, &[&str], &str); 16] = [
    ("headline", &[], "Headline"),
    ("summary", &[], "Standfirst"),
    ("body", &[], "Story"),
    ("publish_at", &["published_at"], "Publish at"),
    ("unpublish_at", &[], "Unpublish at"),
    ("pin_until", &[], "Pin until"),
    ("note", &[], "Note"),
    ("section", &[], "Section"),
    ("authors", &["author"], "Authors"),
    ("tags", &[], "Tags"),
    ("slug", &[], "Address"),
    ("language", &[], "Language"),
    ("image", &["file"], "Picture"),
    ("image_alt", &["alt"], "What the picture shows"),
    ("image_caption", &["caption"], "Picture caption"),
    ("image_credit", &["credit"], "Picture credit"),
];

/// Returns the rule as a sentence that names its field.
pub(super) fn sentence(error: &FieldError) -> String {
    let message = error.message.trim_end_matches('.');
    let label = field_label(error.field);
    match message.chars().next() {
        Some(first) if first.is_lowercase() => format!("{label} {message}."),
        _ => format!("{label}: {message}."),
    }
}

/// Returns the rule as a sentence beside its field.
pub(super) fn own_sentence(error: &FieldError) -> String {
    if error.message.starts_with(char::is_lowercase) {
        return sentence(error);
    }
    format!("{}.", error.message.trim_end_matches('.'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rule_is_a_sentence_about_its_field() {
        let error = |field, message: &str| FieldError { field, message: message.to_owned() };
        assert_eq!(
            sentence(&error("headline", "must not be empty")),
            "Headline must not be empty."
        );
        assert_eq!(
            sentence(&error("published_at", "Choose a time in the future.")),
            "Publish at: Choose a time in the future."
        );
        assert_eq!(field_id("published_at"), "publish_at");
        assert_eq!(field_id("something"), "body");
    }
}
