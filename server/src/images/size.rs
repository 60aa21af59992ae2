//! The size of a trusted picture, from its header.

use std::time::Instant;

use quick_xml::XmlVersion;
use quick_xml::events::{BytesStart, Event};
use quick_xml::reader::Reader;

use super::decode::size as raster_size;
use super::sniff::sniff;

/// Returns width and height of a picture; `None` if the file is none. The size of an SVG is that
/// of its root element, or of its view box.
pub(crate) fn size_of(bytes: &[u8]) -> Option<(u32, u32)> {
    match sniff(bytes) {
        Ok(format) => raster_size(format, bytes, Instant::now()),
        Err(_) => svg_size(std::str::from_utf8(bytes).ok()?),
    }
}

fn svg_size(text: &str) -> Option<(u32, u32)> {
    let mut reader = Reader::from_str(text);
    loop {
        match reader.read_event().ok()? {
            Event::Start(root) | Event::Empty(root) => {
                return (root.local_name().as_ref() == "svg").then(|| root_size(&root))?;
            }
            Event::Eof => return None,
            _ => {}
        }
    }
}

fn root_size(root: &BytesStart<'_>) -> Option<(u32, u32)> {
    let attribute = |name: &str| {
        let attribute = root.try_get_attribute(name).ok()??;
        Some(attribute.normalized_value(XmlVersion::Implicit1_0).ok()?.into_owned())
    };
    let length = |name| pixels(&attribute(name)?);
    if let (Some(width), Some(height)) = (length("width"), length("height")) {
        return Some((width, height));
    }
    let view_box = attribute("viewBox")?;
    let mut numbers = view_box.split([' ', ',']).filter(|it| !it.is_empty()).skip(2);
    Some((pixels(numbers.next()?)?, pixels(numbers.next()?)?))
}

/// Reads a length in pixels, rounded down, of at least 1.
fn pixels(text: &str) -> Option<u32> {
    let number = text.trim().strip_suffix("px").unwrap_or(text.trim());
    let whole = number.split('.').next()?;
    whole.parse().ok().filter(|length| *length > 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_read_from_headers() {
        let gif = b"GIF89a\x07\0\x05\0\0\0\0\x2c\0\0\0\0\x07\0\x05\0\0;";
        assert_eq!(size_of(gif), Some((7, 5)));
        for (svg, size) in [
            (r#"<svg width="20" height="10.5px"/>"#, Some((20, 10))),
            (r#"<?xml version="1.0"?><svg viewBox="0 0 1200 720"></svg>"#, Some((1200, 720))),
            (r#"<svg width="100%" viewBox="0,0,3,4"/>"#, Some((3, 4))),
            ("<svg/>", None),
            ("<html/>", None),
            ("text", None),
        ] {
            assert_eq!(size_of(svg.as_bytes()), size, "{svg}");
        }
    }
}
