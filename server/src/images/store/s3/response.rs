//! Answers of S3 in XML.

use gazette_domain::ImageName;
use quick_xml::events::Event;
use quick_xml::reader::Reader;

use super::super::ImageStoreError;

/// Returns the code of an error, for the log.
pub(super) fn error_code(body: &[u8]) -> Option<String> {
    const MAX_LENGTH: usize = 100;
    let code = texts(body, "Code").ok()?.into_iter().next()?;
    Some(code.chars().filter(|c| !c.is_control()).take(MAX_LENGTH).collect())
}

/// Returns the names in a list of keys. Other files may be in the bucket too.
pub(super) fn names(body: &[u8], prefix: &str) -> Result<Vec<ImageName>, ImageStoreError> {
    let keys = texts(body, "Key")?.into_iter();
    Ok(keys.filter_map(|key| key.strip_prefix(prefix)?.parse().ok()).collect())
}

/// Returns the texts of all elements of a name.
fn texts(body: &[u8], name: &str) -> Result<Vec<String>, ImageStoreError> {
    let unreadable = || ImageStoreError::Refused { status: 200, code: None };
    let text = std::str::from_utf8(body).map_err(|_| unreadable())?;
    let mut reader = Reader::from_str(text);
    let (mut texts, mut is_open) = (Vec::new(), false);
    loop {
        match reader.read_event().map_err(|_| unreadable())? {
            Event::Start(element) => is_open = element.local_name().as_ref() == name,
            Event::Text(text) if is_open => texts.push(text.to_string()),
            Event::End(_) => is_open = false,
            Event::Eof => return Ok(texts),
            _ => {}
        }
    }
}
