//! A Markdown file with front matter for Hugo and Zola.

use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde::Serialize;

use crate::import::{MARKDOWN_FORMAT, SourceStory};

/// Maximum length of the part of a file's name that comes from the slug, in bytes.
const MAX_NAME_BYTES: usize = 150;

/// The front matter.
///
/// Both tools read `title`, `description`, `date`, `draft`, `slug` and `aliases`. Hugo reads
/// `expiryDate`, and the tags at the top, Zola those in `taxonomies`; each ignores the keys that it does not know. TOML
/// wants tables last.
#[derive(Serialize)]
struct FrontMatter<'s> {
    /// Lets `import` read the texts as they are.
    gazette_export: u32,
    title: &'s str,
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<&'s str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    date: Option<toml::value::Datetime>,
    #[serde(rename = "expiryDate", skip_serializing_if = "Option::is_none")]
    expiry_date: Option<toml::value::Datetime>,
    draft: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    slug: Option<&'s str>,
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    authors: &'s [String],
    #[serde(skip_serializing_if = "Option::is_none")]
    section: Option<&'s str>,
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    tags: &'s [String],
    #[serde(skip_serializing_if = "Option::is_none")]
    language: Option<&'s str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    image: Option<&'s str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    image_alt: Option<&'s str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    image_caption: Option<&'s str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    image_credit: Option<&'s str>,
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    aliases: &'s [String],
    #[serde(skip_serializing_if = "Option::is_none")]
    taxonomies: Option<Taxonomies<'s>>,
}

#[derive(Serialize)]
struct Taxonomies<'s> {
    tags: &'s [String],
}

/// Returns the text of a story's file.
///
/// # Errors
/// A value that TOML cannot hold.
pub(super) fn file_text(story: &SourceStory) -> Result<String, toml::ser::Error> {
    let image = story.image.as_ref();
    // TOML has years of four digits; others do not pass the rules of stories.
    let toml_time = |time: Timestamp| time.to_string().parse().ok();
    let tags = story.tags.as_slice();
    let front_matter = FrontMatter {
        gazette_export: MARKDOWN_FORMAT,
        title: &story.headline,
        description: story.summary.as_deref(),
        date: story.published_at.and_then(toml_time),
        expiry_date: story.unpublish_at.and_then(toml_time),
        draft: story.is_draft,
        slug: story.slug.as_deref(),
        authors: &story.authors,
        section: story.section.as_deref(),
        tags,
        language: story.language.as_deref(),
        image: image.map(|image| image.url.as_str()),
        image_alt: image.and_then(|image| image.alt.as_deref()),
        image_caption: image.and_then(|image| image.caption.as_deref()),
        image_credit: image.and_then(|image| image.credit.as_deref()),
        aliases: &story.old_paths,
        taxonomies: (!tags.is_empty()).then_some(Taxonomies { tags }),
    };
    let front_matter = toml::to_string(&front_matter)?;
    Ok(format!("+++\n{front_matter}+++\n\n{}\n", story.body))
}

/// Returns the folder and the name of a story's file, without its ending:
/// `("2024", "2024-03-05-slug")`. Dates are those in UTC.
pub(super) fn file_name(story: &SourceStory) -> (String, String) {
    let slug = file_part(story.slug.as_deref().unwrap_or(&story.key));
    match story.published_at.map(|date| date.to_zoned(TimeZone::UTC).date()) {
        Some(date) => (format!("{:04}", date.year()), format!("{date}-{slug}")),
        None => ("undated".to_owned(), slug),
    }
}

/// Returns a text that is a name on every file system.
pub(super) fn file_part(text: &str) -> String {
    let is_forbidden = |c: char| c.is_control() || "/\\:*?\"<>|".contains(c);
    let name = text.replace(is_forbidden, "-");
    let name = name.trim_matches(['.', ' ']);
    let name = name.get(..name.floor_char_boundary(MAX_NAME_BYTES)).unwrap_or_default();
    if name.is_empty() { "story".to_owned() } else { name.to_owned() }
}
