//! EXIF: the first directory of its TIFF structure.

use super::{Orientation, Texts};

/// Fields that are read from EXIF.
#[derive(Debug, Default)]
pub(super) struct Exif {
    pub(super) orientation: Orientation,
    pub(super) texts: Texts,
}

const ORIENTATION: u16 = 0x0112;
const ARTIST: u16 = 0x013b;
const COPYRIGHT: u16 = 0x8298;
const ASCII: u16 = 2;
const SHORT: u16 = 3;
const MAX_ENTRIES: usize = 1_000;

/// Bytes in the order that the file names.
struct Tiff<'a> {
    bytes: &'a [u8],
    is_big_endian: bool,
}

/// Reads the first directory. What cannot be read is absent.
pub(super) fn read(bytes: &[u8]) -> Exif {
    let mut exif = Exif::default();
    let is_big_endian = match bytes.get(..4) {
        Some(b"MM\0*") => true,
        Some(b"II*\0") => false,
        _ => return exif,
    };
    let tiff = Tiff { bytes, is_big_endian };
    let Some(directory) = tiff.offset(4) else { return exif };
    let entries = usize::from(tiff.short(directory).unwrap_or_default()).min(MAX_ENTRIES);
    for number in 0..entries {
        let entry = directory + 2 + number * 12;
        match (tiff.short(entry), tiff.short(entry + 2)) {
            (Some(ORIENTATION), Some(SHORT)) => {
                exif.orientation = Orientation::new(tiff.short(entry + 8).unwrap_or_default());
            }
            (Some(ARTIST), Some(ASCII)) => exif.texts.creator = tiff.text(entry),
            (Some(COPYRIGHT), Some(ASCII)) => exif.texts.rights = tiff.text(entry),
            _ => {}
        }
    }
    exif
}

impl Tiff<'_> {
    fn short(&self, at: usize) -> Option<u16> {
        let bytes = *self.bytes.get(at..)?.first_chunk::<2>()?;
        Some(if self.is_big_endian { u16::from_be_bytes(bytes) } else { u16::from_le_bytes(bytes) })
    }

    fn offset(&self, at: usize) -> Option<usize> {
        let bytes = *self.bytes.get(at..)?.first_chunk::<4>()?;
        let value =
            if self.is_big_endian { u32::from_be_bytes(bytes) } else { u32::from_le_bytes(bytes) };
        usize::try_from(value).ok()
    }

    /// Reads the text of an entry: within it if it has at most four bytes.
    fn text(&self, entry: usize) -> Option<String> {
        let length = self.offset(entry + 4)?;
        let at = if length <= 4 { entry + 8 } else { self.offset(entry + 8)? };
        let bytes = self.bytes.get(at..at.checked_add(length)?)?;
        // Copyright of photographer and editor are separated by a NUL.
        let text = super::iptc::decode_text(bytes);
        Some(text.trim_matches(['\0', ' ']).replace('\0', "; "))
    }
}
