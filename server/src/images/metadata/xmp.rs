//! XMP: RDF in XML. Properties are attributes of a description or elements of it.

use quick_xml::XmlVersion;
use quick_xml::events::{BytesRef, BytesStart, Event};
use quick_xml::reader::Reader;

use super::Texts;

/// Events that are read of a packet.
const MAX_EVENTS: usize = 20_000;
/// Characters that are kept of a text.
const MAX_TEXT_LENGTH: usize = 1_000;

/// Fields that were read from a packet so far.
#[derive(Default)]
struct Packet {
    texts: Texts,
    open: Vec<Element>,
}

/// An open element.
struct Element {
    /// Property that its text belongs to.
    property: Option<Property>,
    /// Place in a list.
    list: List,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum List {
    None,
    /// A list of alternatives: one text in several languages, the default one first.
    Alternatives,
    Item,
}

#[derive(Clone, Copy)]
enum Property {
    Creator,
    Credit,
    Rights,
    Licence,
    Alt,
}

/// Reads the properties of a packet. What cannot be read is absent.
pub(super) fn read(bytes: &[u8]) -> Texts {
    let text = String::from_utf8_lossy(bytes);
    let mut packet = Packet::default();
    let mut reader = Reader::from_str(&text);
    for _ in 0..MAX_EVENTS {
        match reader.read_event() {
            Ok(Event::Start(element)) => {
                packet.attributes(&element);
                packet.begin(element.name().as_ref());
            }
            Ok(Event::Empty(element)) => packet.attributes(&element),
            Ok(Event::End(_)) => drop(packet.open.pop()),
            Ok(Event::Text(text)) => packet.text(&text),
            Ok(Event::GeneralRef(entity)) => packet.entity(&entity),
            Ok(Event::Eof) | Err(_) => break,
            Ok(_) => {}
        }
    }
    packet.texts
}

impl Packet {
    fn begin(&mut self, name: &str) {
        let above = self.open.last().map(|element| (element.property, element.list));
        let (inherited, list_above) = above.unwrap_or((None, List::None));
        let mut property = property(name).or(inherited);
        let list = match name {
            "rdf:Alt" => List::Alternatives,
            "rdf:li" => List::Item,
            _ => List::None,
        };
        if list == List::Item
            && let Some(text) = property.and_then(|it| self.texts.of(it).as_mut())
            && !text.is_empty()
        {
            match list_above {
                List::Alternatives => property = None,
                List::None | List::Item => text.push_str(", "),
            }
        }
        self.open.push(Element { property, list });
    }

    fn attributes(&mut self, element: &BytesStart<'_>) {
        let element_name = element.name();
        for attribute in element.attributes().with_checks(false).flatten() {
            let name = attribute.key.as_ref();
            // `cc:license` has its address in `rdf:resource`.
            let name = if name == "rdf:resource" { element_name.as_ref() } else { name };
            if let Some(property) = property(name)
                && let Ok(value) = attribute.normalized_value(XmlVersion::Implicit1_0)
            {
                let text = self.texts.of(property);
                text.get_or_insert_with(|| value.chars().take(MAX_TEXT_LENGTH).collect());
            }
        }
    }

    /// Adds text to the property that is open. Spaces between elements are no text.
    fn text(&mut self, text: &str) {
        let Some(Element { property: Some(property), list }) = self.open.last() else { return };
        let whole = self.texts.of(*property);
        let is_first = whole.as_ref().is_none_or(String::is_empty);
        if text.trim().is_empty() && (is_first || *list != List::Item) {
            return;
        }
        let whole = whole.get_or_insert_default();
        let room = MAX_TEXT_LENGTH.saturating_sub(whole.chars().count());
        whole.extend(text.chars().take(room));
    }

    fn entity(&mut self, entity: &BytesRef<'_>) {
        let character = match entity.as_ref() {
            "amp" => Some('&'),
            "lt" => Some('<'),
            "gt" => Some('>'),
            "quot" => Some('"'),
            "apos" => Some('\''),
            _ => entity.resolve_char_ref().ok().flatten(),
        };
        if let Some(character) = character {
            self.text(character.encode_utf8(&mut [0; 4]));
        }
    }
}

impl Texts {
    fn of(&mut self, property: Property) -> &mut Option<String> {
        match property {
            Property::Creator => &mut self.creator,
            Property::Credit => &mut self.credit,
            Property::Rights => &mut self.rights,
            Property::Licence => &mut self.licence,
            Property::Alt => &mut self.alt,
        }
    }
}

/// Returns the property of a name. Programs use the prefixes of the specification.
fn property(name: &str) -> Option<Property> {
    match name {
        "dc:creator" => Some(Property::Creator),
        "photoshop:Credit" => Some(Property::Credit),
        "dc:rights" => Some(Property::Rights),
        "xmpRights:WebStatement" | "cc:license" => Some(Property::Licence),
        "Iptc4xmpCore:AltTextAccessibility" => Some(Property::Alt),
        _ => None,
    }
}
