//! The XML of a WXR file: elements by their documented names, and their texts.

use std::borrow::Cow;
use std::collections::HashMap;
use std::io::BufRead;

use quick_xml::escape::resolve_predefined_entity;
use quick_xml::events::{BytesStart, Event};
use quick_xml::{Reader, XmlVersion};

use crate::import::limited_reader::LimitedReader;

/// Maximum size of one element, in bytes.
const MAX_ELEMENT_BYTES: usize = 16 * 1024 * 1024;
/// Maximum size of the text of an item, in bytes.
pub(super) const MAX_ITEM_BYTES: usize = 32 * 1024 * 1024;
/// Maximum number of elements within one that has texts only.
const MAX_LEAVES: usize = 100;

/// Names and values of attributes.
pub(super) type Attributes = Vec<(String, String)>;

/// Reader of the XML of a WXR file.
pub(super) struct Xml<R> {
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
pub(super) enum Part {
    /// Beginning of an element: its name and attributes.
    Start(String, Attributes),
    /// Text.
    Text(String),
    /// End of an element.
    End,
    /// A comment and the like.
    Other,
    /// End of the file.
    EndOfFile,
}

impl<R: BufRead> Xml<R> {
    /// Starts reading.
    pub(super) fn new(input: R) -> Self {
        let mut reader = Reader::from_reader(LimitedReader::new(input, MAX_ELEMENT_BYTES));
        reader.config_mut().allow_dangling_amp = true;
        reader.config_mut().expand_empty_elements = true;
        Self { reader, buffer: Vec::new(), prefixes: HashMap::new() }
    }

    /// Returns the position in the file.
    pub(super) fn position(&self) -> u64 {
        self.reader.buffer_position()
    }

    /// Reads the next part.
    pub(super) fn part(&mut self) -> Result<Part, XmlError> {
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

    /// Reads to the end of the current element and returns its text.
    pub(super) fn text(&mut self) -> Result<String, XmlError> {
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
    pub(super) fn skip(&mut self) -> Result<(), XmlError> {
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

    /// Reads the elements within the current one and their texts.
    pub(super) fn leaves(&mut self) -> Result<HashMap<String, String>, XmlError> {
        let mut fields = HashMap::new();
        loop {
            match self.part()? {
                Part::Start(name, _) => {
                    let text = self.text()?;
                    if fields.len() < MAX_LEAVES {
                        fields.insert(name, text);
                    }
                }
                Part::End => return Ok(fields),
                Part::EndOfFile => return Err(self.malformed("the file ends within an element")),
                Part::Text(_) | Part::Other => {}
            }
        }
    }

    /// Returns the error of XML that is not valid here.
    pub(super) fn malformed(&self, reason: &str) -> XmlError {
        let reason = reason.split_whitespace().collect::<Vec<_>>().join(" ");
        XmlError::Malformed { at: self.reader.error_position().max(self.position()), reason }
    }

    /// Learns the prefixes that the file declares.
    pub(super) fn learn_prefixes(&mut self, attributes: &[(String, String)]) {
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
        let value = attribute.normalized_value(XmlVersion::Implicit1_0);
        (name.to_owned(), value.map(Cow::into_owned).unwrap_or_default())
    })
    .collect()
}
