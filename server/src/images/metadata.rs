//! Metadata of a picture: orientation, colour profile, credit, licence. It is read
//! before everything but the pixels is dropped.

mod container;
mod exif;
mod iptc;
mod xmp;

use self::container::Parts;
use super::sniff::SourceFormat;

/// Longest text that is kept, in characters.
const MAX_TEXT_LENGTH: usize = 300;

/// Metadata of a picture.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Metadata {
    /// Orientation as EXIF counts it, 1 to 8.
    pub(super) orientation: Orientation,
    /// ICC profile.
    pub(super) profile: Option<Vec<u8>>,
    /// Number of scans of a JPEG.
    pub(super) scans: usize,
    /// Creator and provider of the picture.
    pub(super) rights: Rights,
}

/// Credit, licence and description of a picture, as its metadata has them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Rights {
    /// Maker and provider, such as `Ada Lovelace / Agency`.
    pub(crate) credit: Option<String>,
    /// Terms of use, or the address of the licence.
    pub(crate) licence: Option<String>,
    /// Text alternative.
    pub(crate) alt: Option<String>,
}

/// Rotation and mirroring that show the stored rows and columns upright.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Orientation(u8);

impl Default for Orientation {
    fn default() -> Self {
        Self(1)
    }
}

impl Orientation {
    /// Makes an orientation of its number in EXIF; an unknown one is the usual one.
    pub(super) fn new(number: u16) -> Self {
        u8::try_from(number).ok().filter(|it| (1..=8).contains(it)).map_or_else(Self::default, Self)
    }

    /// Returns whether width and height are swapped.
    pub(super) fn is_swapped(self) -> bool {
        self.0 >= 5
    }

    /// Returns whether rows are shown from right to left, and whether columns are shown from the
    /// bottom up, after width and height were swapped.
    pub(super) fn mirrored(self) -> (bool, bool) {
        match self.0 {
            2 | 6 => (true, false),
            3 | 7 => (true, true),
            4 | 8 => (false, true),
            _ => (false, false),
        }
    }
}

/// The texts of one kind of metadata.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Texts {
    creator: Option<String>,
    credit: Option<String>,
    licence: Option<String>,
    rights: Option<String>,
    alt: Option<String>,
}

/// Reads the metadata of a picture. What cannot be read is absent.
pub(super) fn read(format: SourceFormat, bytes: &[u8]) -> Metadata {
    let parts = match format {
        SourceFormat::Jpeg => container::jpeg(bytes),
        SourceFormat::Png => container::png(bytes),
        SourceFormat::Webp => container::webp(bytes),
        SourceFormat::Gif => Parts::default(),
    };
    let exif = parts.exif.map(exif::read).unwrap_or_default();
    let xmp = parts.xmp.map(xmp::read).unwrap_or_default();
    let iptc = iptc::read(&parts.photoshop);
    Metadata {
        orientation: exif.orientation,
        profile: (!parts.profile.is_empty()).then_some(parts.profile),
        scans: parts.scans,
        rights: Rights::of(&[xmp, iptc, exif.texts]),
    }
}

impl Rights {
    /// Merges texts; the first source that has one counts.
    fn of(sources: &[Texts; 3]) -> Self {
        let first = |of: fn(&Texts) -> &Option<String>| {
            sources.iter().find_map(|texts| of(texts).as_deref().and_then(clean))
        };
        let creator = first(|texts| &texts.creator);
        let credit = match (creator, first(|texts| &texts.credit)) {
            (Some(creator), Some(credit)) if !credit.contains(&creator) => {
                clean(&format!("{creator} / {credit}"))
            }
            (creator, credit) => credit.or(creator),
        };
        let licence = first(|texts| &texts.licence).or_else(|| first(|texts| &texts.rights));
        Self { credit, licence, alt: first(|texts| &texts.alt) }
    }
}

/// Returns a text on one line without invisible characters; `None` if nothing is left.
fn clean(text: &str) -> Option<String> {
    let is_hidden = |c: char| {
        c.is_control()
            || matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fffd}')
    };
    let text: String = text.chars().map(|c| if is_hidden(c) { ' ' } else { c }).collect();
    let words = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let short: String = words.chars().take(MAX_TEXT_LENGTH).collect();
    let short = short.trim_end();
    (!short.is_empty()).then(|| short.to_owned())
}

#[cfg(test)]
mod tests;
