//! Items of a WXR file, one at a time.

use std::io::BufRead;

use crate::import::wordpress::item::{FIELDS, Item, META_KEYS, Term};
use crate::import::wordpress::xml::{MAX_ITEM_BYTES, Part, Xml, XmlError};

/// Maximum number of categories and tags of an item.
const MAX_TERMS: usize = 10_000;
/// Maximum number of further fields of an item that are kept.
const MAX_META: usize = 1_000;

/// Content of a file.
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
    xml: Xml<R>,
    /// Elements around the items whose end has not come.
    open: usize,
}

impl<R: BufRead> Items<R> {
    /// Starts reading.
    pub(super) fn new(input: R) -> Self {
        Self { xml: Xml::new(input), open: 0 }
    }

    /// Reads up to the next entry; `None` at the end of the file.
    pub(super) fn next_entry(&mut self) -> Result<Option<Entry>, XmlError> {
        loop {
            let (name, attributes) = match self.xml.part()? {
                Part::EndOfFile if self.open > 0 => {
                    return Err(self.xml.malformed("the end of the file is missing"));
                }
                Part::EndOfFile => return Ok(None),
                Part::Start(name, attributes) => (name, attributes),
                Part::End => {
                    self.open = self.open.saturating_sub(1);
                    continue;
                }
                Part::Text(_) | Part::Other => continue,
            };
            match name.as_str() {
                "rss" | "rdf:RDF" => {
                    self.open += 1;
                    self.xml.learn_prefixes(&attributes);
                }
                "channel" => self.open += 1,
                "item" => return Ok(Some(Entry::Item(Box::new(self.item()?)))),
                "wp:author" => {
                    let fields = self.xml.leaves()?;
                    let field = |name: &str| fields.get(name).cloned().unwrap_or_default();
                    let author = (field("wp:author_login"), field("wp:author_display_name"));
                    return Ok(Some(Entry::Author(author.0, author.1)));
                }
                _ => return Ok(Some(Entry::Channel(name, self.xml.text()?))),
            }
        }
    }

    fn item(&mut self) -> Result<Item, XmlError> {
        let mut item = Item::default();
        let mut size = 0;
        loop {
            let (name, attributes) = match self.xml.part()? {
                Part::Start(name, attributes) => (name, attributes),
                Part::End => return Ok(item),
                Part::EndOfFile => return Err(self.xml.malformed("the file ends within an item")),
                Part::Text(_) | Part::Other => continue,
            };
            match name.as_str() {
                "wp:comment" => {
                    self.xml.skip()?;
                    item.comments += 1;
                }
                "wp:postmeta" => self.meta_of(&mut item, &mut size)?,
                "category" => item.terms.extend(self.term(&attributes)?),
                name => match FIELDS.into_iter().find(|field| *field == name) {
                    Some(field) => {
                        let text = self.xml.text()?;
                        size += text.len();
                        item.fields.insert(field, text);
                    }
                    None => self.xml.skip()?,
                },
            }
            if size > MAX_ITEM_BYTES || item.terms.len() > MAX_TERMS {
                return Err(XmlError::TooLarge(self.xml.position()));
            }
        }
    }

    fn meta_of(&mut self, item: &mut Item, size: &mut usize) -> Result<(), XmlError> {
        let mut fields = self.xml.leaves()?;
        let key = fields.remove("wp:meta_key").unwrap_or_default();
        let value = fields.remove("wp:meta_value").unwrap_or_default();
        if META_KEYS.contains(&key.as_str()) && item.meta.len() < MAX_META {
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
        let name = self.xml.text()?.trim().to_owned();
        // WXR 1.0 lists every term twice, once without its short name.
        let is_known = !name.is_empty() && (!nicename.is_empty() || !domain.is_empty());
        Ok(is_known.then_some(Term { domain, nicename, name }))
    }
}
