//! Items of a WXR file, one at a time.

use std::collections::HashMap;
use std::io::BufRead;

use quick_xml::Reader;
use quick_xml::escape::resolve_predefined_entity;
use quick_xml::events::{BytesStart, Event};

use crate::import::limited_reader::LimitedReader;

/// Maximum size of one element, in bytes.
const MAX_ELEMENT_BYTES: usize = 16 * 1024 * 1024;
/// Maximum size of what is kept of an item, in bytes.
const MAX_ITEM_BYTES: usize = 32 * 1024 * 1024;
/// Keys of the fields of posts that are used.
const META_KEYS: [&str; 5] =
    ["_thumbnail_id", "_wp_attachment_image_alt", "_wp_old_slug", "footnotes", "_wp_attached_file"];

/// A category or tag of an item.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Term {
    /// Kind, such as `category` and `post_tag`.
    pub(super) domain: String,
    /// Short name.
    pub(super) nicename: String,
    /// Name.
    pub(super) name: String,
}

/// An item: a post, a page, an attachment and so on.
#[derive(Clone, Debug, Default)]
pub(super) struct Item {
    fields: HashMap<&'static str, String>,
    /// Categories and tags.
    pub(super) terms: Vec<Term>,
    /// Keys and values of further fields.
    pub(super) meta: Vec<(String, String)>,
    /// Number of comments.
    pub(super) comments: usize,
}

impl Item {
    /// Returns the text of an element, without space around it; empty if it is missing.
    pub(super) fn field(&self, name: &str) -> &str {
        self.fields.get(name).map_or("", |text| text.trim())
    }

    /// Returns the first value of a further field.
    pub(super) fn meta(&self, key: &str) -> Option<&str> {
        let found = self.meta.iter().find(|(name, _)| name == key)?;
        Some(found.1.trim()).filter(|value| !value.is_empty())
    }
}

/// Elements of items that are kept, by their documented names.
const FIELDS: [&str; 16] = [
    "title",
    "link",
    "pubDate",
    "dc:creator",
    "content:encoded",
    "excerpt:encoded",
    "wp:post_id",
    "wp:post_date",
    "wp:post_date_gmt",
    "wp:post_name",
    "wp:status",
    "wp:post_parent",
    "wp:post_type",
    "wp:post_password",
    "wp:attachment_url",
    "guid",
];

/// What a file contains.
#[derive(Debug)]
pub(super) enum Entry {
    /// An item.
    Item(Box<Item>),
    /// Login and display name of an author.
    Author(String, String),
    /// An element of the channel and its text.
    Channel(String, String),
}

/// Reader of a WXR file.
pub(super) struct Items<R> {
    reader: Reader<LimitedReader<R>>,
    buffer: Vec<u8>,
    /// Documented prefixes by those of the file.
    prefixes: HashMap<String, &'static str>,
}

/// The reason the rest of a file cannot be read, on one line.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum XmlError {
    /// The XML is not valid.
    #[error("the XML cannot be read at byte {at}: {reason}")]
    Malformed {
        /// Position in the file.
        at: u64,
        /// The reason.
        reason: String,
    },
    /// An item is too large.
    #[error("an item before byte {0} is too large; at most 32 MiB are read")]
    TooLarge(u64),
}

/// A part of the XML that matters here.
enum Part {
    Start(String, Vec<(String, String)>),
    Text(String),
    End,
    Other,
    EndOfFile,
}

impl<R: BufRead> Items<R> {
    /// Starts reading.
    pub(super) fn new(input: R) -> Self {
        let mut reader = Reader::from_reader(LimitedReader::new(input, MAX_ELEMENT_BYTES));
        reader.config_mut().allow_dangling_amp = true;
        reader.config_mut().expand_empty_elements = true;
        Self { reader, buffer: Vec::new(), prefixes: HashMap::new() }
    }

    /// Reads up to the next entry; `None` at the end of the file.
    pub(super) fn next_entry(&mut self) -> Result<Option<Entry>, XmlError> {
        loop {
            let (name, attributes) = match self.part()? {
                Part::EndOfFile => return Ok(None),
                Part::Start(name, attributes) => (name, attributes),
                Part::Text(_) | Part::End | Part::Other => continue,
            };
            match name.as_str() {
                "rss" | "rdf:RDF" => self.learn_prefixes(&attributes),
                "channel" => {}
                "item" => return Ok(Some(Entry::Item(Box::new(self.item()?)))),
                "wp:author" => {
                    let fields = self.leaves()?;
                    let field = |name: &str| fields.get(name).cloned().unwrap_or_default();
                    let author = (field("wp:author_login"), field("wp:author_display_name"));
                    return Ok(Some(Entry::Author(author.0, author.1)));
                }
                _ => return Ok(Some(Entry::Channel(name, self.text()?))),
            }
        }
    }

    /// Returns the position in the file.
    fn position(&self) -> u64 {
        self.reader.buffer_position()
    }

    fn item(&mut self) -> Result<Item, XmlError> {
        let mut item = Item::default();
        let mut size = 0;
        loop {
            let (name, attributes) = match self.part()? {
                Part::Start(name, attributes) => (name, attributes),
                Part::End => return Ok(item),
                Part::EndOfFile => return Err(self.malformed("the file ends within an item")),
                Part::Text(_) | Part::Other => continue,
            };
            match name.as_str() {
                "wp:comment" => {
                    self.skip()?;
                    item.comments += 1;
                }
                "wp:postmeta" => self.meta_of(&mut item, &mut size)?,
                "category" => item.terms.extend(self.term(&attributes)?),
                name => match FIELDS.into_iter().find(|field| *field == name) {
                    Some(field) => {
                        let text = self.text()?;
                        size += text.len();
                        item.fields.insert(field, text);
                    }
                    None => self.skip()?,
                },
            }
            if size > MAX_ITEM_BYTES || item.terms.len() > 10_000 {
                return Err(XmlError::TooLarge(self.position()));
            }
        }
    }

    fn meta_of(&mut self, item: &mut Item, size: &mut usize) -> Result<(), XmlError> {
        let mut fields = self.leaves()?;
        let key = fields.remove("wp:meta_key").unwrap_or_default();
        let value = fields.remove("wp:meta_value").unwrap_or_default();
        if META_KEYS.contains(&key.as_str()) && item.meta.len() < 1_000 {
            *size += value.len();
            item.meta.push((key, value));
        }
        Ok(())
    }

    fn term(&mut self, attributes: &[(String, String)]) -> Result<Option<Term>, XmlError> {
        let attribute = |name: &str| {
            let found = attributes.iter().find(|(key, _)| key == name);
            found.map(|(_, value)| value.clone()).unwrap_or_default()
        };
        let (domain, nicename) = (attribute("domain"), attribute("nicename"));
        let name = self.text()?.trim().to_owned();
        // WXR 1.0 lists every term twice, once without its short name.
        let is_known = !name.is_empty() && (!nicename.is_empty() || !domain.is_empty());
        Ok(is_known.then_some(Term { domain, nicename, name }))
    }

    /// Reads the elements within the current one and their texts.
    fn leaves(&mut self) -> Result<HashMap<String, String>, XmlError> {
        let mut fields = HashMap::new();
        loop {
            match self.part()? {
                Part::Start(name, _) => {
                    let text = self.text()?;
                    if fields.len() < 100 {
                        fields.insert(name, text);
                    }
                }
                Part::End => return Ok(fields),
                Part::EndOfFile => return Err(self.malformed("the file ends within an element")),
                Part::Text(_) | Part::Other => {}
            }
        }
    }

    /// Reads to the end of the current element and returns its text.
    fn text(&mut self) -> Result<String, XmlError> {
        let mut text = String::new();
        let mut depth = 0_usize;
        loop {
            match self.part()? {
                Part::Start(..) => depth += 1,
                Part::Text(more) if text.len() + more.len() <= MAX_ITEM_BYTES => {
                    text.push_str(&more);
                }
                Part::Text(_) => return Err(XmlError::TooLarge(self.position())),
                Part::End if depth == 0 => return Ok(text),
                Part::End => depth -= 1,
                Part::EndOfFile => return Err(self.malformed("the file ends within an element")),
                Part::Other => {}
            }
        }
    }

    /// Reads to the end of the current element.
    fn skip(&mut self) -> Result<(), XmlError> {
        let mut depth = 0_usize;
        loop {
            match self.part()? {
                Part::Start(..) => depth += 1,
                Part::End if depth == 0 => return Ok(()),
                Part::End => depth -= 1,
                Part::EndOfFile => return Err(self.malformed("the file ends within an element")),
                Part::Text(_) | Part::Other => {}
            }
        }
    }

    fn part(&mut self) -> Result<Part, XmlError> {
        self.buffer.clear();
        self.reader.get_mut().renew();
        let event = self.reader.read_event_into(&mut self.buffer);
        let part = match event {
            Ok(Event::Start(start)) => {
                Part::Start(canonical(&self.prefixes, &start), attributes(&start))
            }
            Ok(Event::Text(text)) => Part::Text(text.to_string()),
            Ok(Event::CData(text)) => Part::Text(text.to_string()),
            Ok(Event::GeneralRef(reference)) => Part::Text(match reference.resolve_char_ref() {
                Ok(Some(c)) => c.to_string(),
                Ok(None) => match resolve_predefined_entity(&reference) {
                    Some(text) => text.to_owned(),
                    None => format!("&{};", &*reference),
                },
                Err(_) => String::new(),
            }),
            Ok(Event::End(_)) => Part::End,
            Ok(Event::Eof) => Part::EndOfFile,
            Ok(_) => Part::Other,
            Err(error) => return Err(self.malformed(&error.to_string())),
        };
        Ok(part)
    }

    fn malformed(&self, reason: &str) -> XmlError {
        let reason = reason.split_whitespace().collect::<Vec<_>>().join(" ");
        XmlError::Malformed { at: self.reader.error_position().max(self.position()), reason }
    }

    fn learn_prefixes(&mut self, attributes: &[(String, String)]) {
        for (name, uri) in attributes {
            let Some(prefix) = name.strip_prefix("xmlns:") else { continue };
            let documented = if uri.contains("/excerpt/") {
                "excerpt"
            } else if uri.contains("wordpress.org/export/") {
                "wp"
            } else if uri.contains("/modules/content") {
                "content"
            } else if uri.contains("purl.org/dc/") {
                "dc"
            } else {
                continue;
            };
            self.prefixes.insert(prefix.to_owned(), documented);
        }
    }
}

/// Returns the name of an element with the documented prefix.
fn canonical(prefixes: &HashMap<String, &'static str>, start: &BytesStart<'_>) -> String {
    let name = start.name();
    let name: &str = name.as_ref();
    match name.split_once(':') {
        Some((prefix, local)) => {
            format!("{}:{local}", prefixes.get(prefix).copied().unwrap_or(prefix))
        }
        None => name.to_owned(),
    }
}

fn attributes(start: &BytesStart<'_>) -> Vec<(String, String)> {
    let mut all = start.attributes();
    let all = all.with_checks(false).flatten().take(50);
    all.map(|attribute| {
        let name: &str = attribute.key.as_ref();
        let value = attribute.normalized_value(quick_xml::XmlVersion::Implicit1_0);
        (name.to_owned(), value.map(std::borrow::Cow::into_owned).unwrap_or_default())
    })
    .collect()
}
