//! The words for the form of the editor.

use gazette_domain::{Endpoint, readable_value};

use super::fields::SavedFields;
use super::wording::{Words, act, quoted};

/// Fields with text, and their labels, in the order of the form.
const FIELDS: [(&str, &str); 16] = [
    ("headline", "Headline"),
    ("summary", "Standfirst"),
    ("body", "Story"),
    ("publish_at", "Publish at"),
    ("unpublish_at", "Unpublish at"),
    ("pin_until", "Pin until"),
    ("note", "Note"),
    ("section", "Section"),
    ("authors", "Authors"),
    ("tags", "Tags"),
    ("slug", "Address"),
    ("language", "Language"),
    ("image", "Picture"),
    ("image_alt", "What the picture shows"),
    ("image_caption", "Picture caption"),
    ("image_credit", "Picture credit"),
];

/// Returns the words for a form of the editor, by the button that was pressed.
pub(super) fn editor(fields: &SavedFields) -> Words {
    let headline = match fields.get("headline").trim() {
        "" => "the story without a headline".to_owned(),
        headline => quoted(headline),
    };
    let button = match fields.get("action") {
        "publish" => format!("Publish {headline}"),
        "schedule" => format!("Schedule {headline}"),
        "unpublish" => format!("Unpublish {headline}"),
        "review" => format!("Hand in {headline}"),
        "send-back" => format!("Send {headline} back"),
        _ => format!("Save {headline}"),
    };
    let words = act(button, Endpoint::Desk);
    FIELDS.iter().fold(words, |words, (name, label)| {
        words.typed(label, &readable_value(name, fields.get(name)))
    })
}

/// Returns the words for a picture that was sent with the form of the editor.
pub(super) fn picture(fields: &SavedFields, is_new: bool) -> Words {
    let words = editor(fields);
    let story = if is_new { "the new story" } else { "the story" };
    Words { question: format!("Add a picture to {story}?"), ..words }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_words_are_those_of_the_button_with_everything_that_was_typed() {
        let pair = |(name, value): (&str, &str)| (name.to_owned(), value.to_owned());
        let fields = |action| {
            let pairs = [("headline", "Rivers rise"), ("body", "Water."), ("action", action)];
            SavedFields(pairs.map(pair).into())
        };
        let words = editor(&fields("publish"));
        assert_eq!(words.question, "Publish \u{201c}Rivers rise\u{201d}?");
        let typed = [("Headline", "Rivers rise".to_owned()), ("Story", "Water.".to_owned())];
        assert_eq!(words.typed, typed);
        assert_eq!(editor(&fields("")).button, "Save \u{201c}Rivers rise\u{201d}");
    }
}
