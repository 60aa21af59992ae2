//! Labels: sections, tags and authors.

use std::fmt;
use std::str::FromStr;

use serde::de::value::MapAccessDeserializer;
use serde::de::{MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize};

use crate::routes::Endpoint;
use crate::slug::Slug;

/// A section, tag or author: its display name and the slug of its page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Label {
    /// Display name.
    pub name: String,
    /// Slug in URLs.
    pub slug: Slug,
}

impl Label {
    /// Makes a label from a name; `None` when the name is blank.
    pub fn new(name: &str) -> Option<Self> {
        let name = name.split_whitespace().collect::<Vec<_>>().join(" ");
        Slug::from_label(&name).map(|slug| Self { name, slug })
    }
}

/// Kind of a label.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum LabelKind {
    /// The section of a story.
    Section,
    /// One of its tags.
    Tag,
    /// One of its authors.
    Author,
}

/// The text is not a kind of label.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("kind must be section, tag or author")]
pub struct LabelKindError;

impl LabelKind {
    /// Every kind.
    pub const ALL: [Self; 3] = [Self::Section, Self::Tag, Self::Author];

    /// Returns the stable name in forms.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Section => "section",
            Self::Tag => "tag",
            Self::Author => "author",
        }
    }

    /// Returns the endpoint of the page of such a label.
    pub fn endpoint(self) -> Endpoint {
        match self {
            Self::Section => Endpoint::Section,
            Self::Tag => Endpoint::Tag,
            Self::Author => Endpoint::Author,
        }
    }
}

impl FromStr for LabelKind {
    type Err = LabelKindError;

    fn from_str(text: &str) -> Result<Self, LabelKindError> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == text).ok_or(LabelKindError)
    }
}

/// Reads a list, or the one label that older stored stories have in its place.
pub(crate) fn one_or_more<'de, D: Deserializer<'de>>(input: D) -> Result<Vec<Label>, D::Error> {
    struct OneOrMore;

    impl<'de> Visitor<'de> for OneOrMore {
        type Value = Vec<Label>;

        fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
            formatter.write_str("a label or a list of labels")
        }

        fn visit_seq<A: SeqAccess<'de>>(self, mut labels: A) -> Result<Vec<Label>, A::Error> {
            let mut list = Vec::new();
            while let Some(label) = labels.next_element()? {
                list.push(label);
            }
            Ok(list)
        }

        fn visit_map<A: MapAccess<'de>>(self, label: A) -> Result<Vec<Label>, A::Error> {
            Label::deserialize(MapAccessDeserializer::new(label)).map(|label| vec![label])
        }
    }

    input.deserialize_any(OneOrMore)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Deserialize)]
    struct Authors {
        #[serde(alias = "author", deserialize_with = "one_or_more")]
        authors: Vec<Label>,
    }

    #[test]
    fn the_one_author_of_an_older_story_is_read_as_a_list() {
        for json in [
            r#"{"author": {"name": "Ada", "slug": "ada"}}"#,
            r#"{"authors": [{"name": "Ada", "slug": "ada"}]}"#,
        ] {
            let read: Authors = serde_json::from_str(json).expect("readable");
            assert_eq!(read.authors, [Label::new("Ada").expect("a label")]);
        }
        assert!(serde_json::from_str::<Authors>(r#"{"authors": "Ada"}"#).is_err());
    }
}
