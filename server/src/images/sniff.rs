//! The format of a file, from its first bytes. Names and media types that a client sends are not
//! believed.

use super::error::ImageError;

/// Format of an uploaded picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum SourceFormat {
    Jpeg,
    Png,
    Webp,
    Gif,
}

impl SourceFormat {
    /// Returns the name for messages.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Jpeg => "JPEG",
            Self::Png => "PNG",
            Self::Webp => "WebP",
            Self::Gif => "GIF",
        }
    }
}

/// Beginnings of files that people try to upload, and what to call them.
const OTHERS: &[(&[u8], &str)] = &[
    (b"%PDF-", "a PDF document"),
    (b"II*\0", "a TIFF or raw camera picture"),
    (b"MM\0*", "a TIFF or raw camera picture"),
    (b"II+\0", "a TIFF picture"),
    (b"MM\0+", "a TIFF picture"),
    (b"BM", "a BMP picture"),
    (b"8BPS", "a Photoshop document"),
    (b"\0\0\x01\0", "an icon"),
    (b"\xff\x0a", "a JPEG XL picture"),
    (b"\0\0\0\x0cJXL ", "a JPEG XL picture"),
    (b"\0\0\0\x0cjP  ", "a JPEG 2000 picture"),
    (b"\xff\x4f\xff\x51", "a JPEG 2000 picture"),
    (b"PK\x03\x04", "a ZIP archive or office document"),
    (b"Rar!", "an archive"),
    (b"7z\xbc\xaf", "an archive"),
    (b"\x1f\x8b", "an archive"),
    (b"\xd0\xcf\x11\xe0", "an office document"),
    (b"\x1aE\xdf\xa3", "a video"),
    (b"ID3", "a sound file"),
    (b"OggS", "a sound file"),
    (b"\x7fELF", "a program"),
    (b"MZ", "a program"),
    (b"%!PS", "a PostScript document"),
    (b"gimp xcf", "a GIMP document"),
];

/// Returns the format of a file.
///
/// # Errors
/// [`ImageError::Unsupported`] names what the file is instead.
pub(super) fn sniff(bytes: &[u8]) -> Result<SourceFormat, ImageError> {
    if bytes.is_empty() {
        return Err(ImageError::Empty);
    }
    let riff_kind = bytes.strip_prefix(b"RIFF").and_then(|rest| rest.get(4..8));
    if bytes.starts_with(&[0xff, 0xd8, 0xff]) {
        Ok(SourceFormat::Jpeg)
    } else if bytes.starts_with(b"\x89PNG\r\n\x1a\n") {
        Ok(SourceFormat::Png)
    } else if riff_kind == Some(b"WEBP") {
        Ok(SourceFormat::Webp)
    } else if bytes.starts_with(b"GIF87a") || bytes.starts_with(b"GIF89a") {
        Ok(SourceFormat::Gif)
    } else {
        Err(ImageError::Unsupported(other_kind(bytes)))
    }
}

fn other_kind(bytes: &[u8]) -> &'static str {
    if bytes.get(4..8) == Some(b"ftyp") {
        return match bytes.get(8..12) {
            Some(b"avif" | b"avis") => "an AVIF picture",
            Some(b"heic" | b"heix" | b"hevc" | b"heim" | b"heis" | b"mif1" | b"msf1") => {
                "a HEIC picture"
            }
            Some(b"crx ") => "a raw camera picture",
            _ => "a video",
        };
    }
    if bytes.starts_with(b"RIFF") {
        return "a sound or video file";
    }
    let known = OTHERS.iter().find(|(beginning, _)| bytes.starts_with(beginning));
    known.map_or_else(|| text_kind(bytes), |(_, kind)| kind)
}

/// Names a file of text by its first element.
fn text_kind(bytes: &[u8]) -> &'static str {
    const LOOKED_AT: usize = 4 * 1024;
    let head: Vec<u8> = bytes.iter().copied().filter(|byte| *byte != 0).take(LOOKED_AT).collect();
    let text = String::from_utf8_lossy(&head).to_ascii_lowercase();
    let text = text.trim_start_matches(['\u{feff}', '\u{fffd}']).trim_start();
    if text.contains("<svg") {
        "an SVG drawing"
    } else if text.contains("<html") || text.starts_with("<!doctype html") {
        "a web page (HTML)"
    } else if text.starts_with('<') {
        "an XML or HTML document"
    } else if std::str::from_utf8(&head).is_ok() {
        "a text file"
    } else {
        "of an unknown type"
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_known_by_their_content() {
        for (bytes, kind) in [
            (&b"\xff\xd8\xff\xe0"[..], Ok(SourceFormat::Jpeg)),
            (b"\x89PNG\r\n\x1a\n", Ok(SourceFormat::Png)),
            (b"RIFF\0\0\0\0WEBPVP8 ", Ok(SourceFormat::Webp)),
            (b"GIF89a", Ok(SourceFormat::Gif)),
            (b"", Err(ImageError::Empty)),
            (
                b"<svg xmlns='http://www.w3.org/2000/svg'/>",
                Err(ImageError::Unsupported("an SVG drawing")),
            ),
            (
                b"\xef\xbb\xbf<?xml version='1.0'?>\n<!-- x -->\n<svg/>",
                Err(ImageError::Unsupported("an SVG drawing")),
            ),
            (b"<\0s\0v\0g\0 \0/\0>\0", Err(ImageError::Unsupported("an SVG drawing"))),
            (b"<!DOCTYPE html><p>", Err(ImageError::Unsupported("a web page (HTML)"))),
            (b"%PDF-1.7", Err(ImageError::Unsupported("a PDF document"))),
            (b"\0\0\0\x18ftypheic", Err(ImageError::Unsupported("a HEIC picture"))),
            (b"\0\0\0\x18ftypavif", Err(ImageError::Unsupported("an AVIF picture"))),
            (b"\0\0\0\x18ftypisom", Err(ImageError::Unsupported("a video"))),
            (b"II*\0", Err(ImageError::Unsupported("a TIFF or raw camera picture"))),
            (b"hello", Err(ImageError::Unsupported("a text file"))),
            (b"RIFF\0\0\0\0WAVE", Err(ImageError::Unsupported("a sound or video file"))),
            (b"\xfe\xfd\xfc", Err(ImageError::Unsupported("of an unknown type"))),
        ] {
            assert_eq!(sniff(bytes), kind, "{bytes:?}");
        }
    }
}
