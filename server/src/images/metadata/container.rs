//! The parts of a file that hold metadata.

/// The parts of a file that hold metadata.
#[derive(Debug, Default)]
pub(super) struct Parts<'a> {
    /// TIFF structure of EXIF.
    pub(super) exif: Option<&'a [u8]>,
    /// XMP packet.
    pub(super) xmp: Option<&'a [u8]>,
    /// Image resources of Photoshop, which hold IPTC.
    pub(super) photoshop: Vec<u8>,
    /// ICC profile.
    pub(super) profile: Vec<u8>,
    /// Number of scans of a JPEG.
    pub(super) scans: usize,
}

const EXIF: &[u8] = b"Exif\0\0";
const XMP: &[u8] = b"http://ns.adobe.com/xap/1.0/\0";
const PHOTOSHOP: &[u8] = b"Photoshop 3.0\0";
const ICC: &[u8] = b"ICC_PROFILE\0";
const PNG_SIGNATURE_BYTES: usize = 8;
/// Maximum size of an ICC profile after it is unpacked.
const MAX_PROFILE_BYTES: usize = 4 * 1024 * 1024;

/// Reads the segments of a JPEG and counts its scans.
pub(super) fn jpeg(bytes: &[u8]) -> Parts<'_> {
    const START_OF_SCAN: u8 = 0xda;
    let mut parts = Parts::default();
    let mut rest = bytes.get(2..).unwrap_or_default();
    while let [0xff, marker, after @ ..] = rest {
        if matches!(marker, 0xff | 0x01 | 0xd0..=0xd8) {
            rest = rest.get(if *marker == 0xff { 1 } else { 2 }..).unwrap_or_default();
            continue;
        }
        let [high, low, data @ ..] = after else { break };
        let length = usize::from(u16::from_be_bytes([*high, *low])).saturating_sub(2);
        let Some((data, next)) = data.split_at_checked(length) else { break };
        if *marker == START_OF_SCAN {
            parts.scans += 1;
            rest = after_scan(next);
        } else {
            segment(&mut parts, *marker, data);
            rest = next;
        }
    }
    parts
}

fn segment<'a>(parts: &mut Parts<'a>, marker: u8, data: &'a [u8]) {
    match marker {
        0xe1 => {
            if let Some(exif) = data.strip_prefix(EXIF) {
                parts.exif.get_or_insert(exif);
            } else if let Some(xmp) = data.strip_prefix(XMP) {
                parts.xmp.get_or_insert(xmp);
            }
        }
        // Two bytes number the parts of a profile, which are in order.
        0xe2 => {
            if let Some(part) = data.strip_prefix(ICC).and_then(|numbered| numbered.get(2..))
                && parts.profile.len() + part.len() <= MAX_PROFILE_BYTES
            {
                parts.profile.extend_from_slice(part);
            }
        }
        0xed => parts.photoshop.extend(data.strip_prefix(PHOTOSHOP).unwrap_or_default()),
        _ => {}
    }
}

/// Skips the compressed data of a scan: up to a marker other than a restart.
fn after_scan(data: &[u8]) -> &[u8] {
    let is_end = |pair: &[u8; 2]| pair[0] == 0xff && !matches!(pair[1], 0x00 | 0xff | 0xd0..=0xd7);
    let end = data.array_windows::<2>().position(is_end);
    end.and_then(|at| data.get(at..)).unwrap_or_default()
}

/// Reads the chunks of a PNG.
pub(super) fn png(bytes: &[u8]) -> Parts<'_> {
    let mut parts = Parts::default();
    let mut rest = bytes.get(PNG_SIGNATURE_BYTES..).unwrap_or_default();
    while let Some((length, after)) = rest.split_first_chunk::<4>() {
        let Some((kind, after)) = after.split_first_chunk::<4>() else { break };
        let length = usize::try_from(u32::from_be_bytes(*length)).unwrap_or(usize::MAX);
        let Some((data, after)) = after.split_at_checked(length) else { break };
        match kind {
            b"eXIf" => parts.exif = Some(data),
            b"iTXt" => parts.xmp = parts.xmp.or_else(|| png_xmp(data)),
            _ => {}
        }
        rest = after.get(4..).unwrap_or_default();
    }
    parts
}

/// Returns the packet in an uncompressed text chunk: keyword, two flags, language, translation.
fn png_xmp(data: &[u8]) -> Option<&[u8]> {
    let after_flags = data.strip_prefix(b"XML:com.adobe.xmp\0\0\0")?;
    after_flags.splitn(3, |byte| *byte == 0).nth(2)
}

/// Reads the chunks of a WebP.
pub(super) fn webp(bytes: &[u8]) -> Parts<'_> {
    let mut parts = Parts::default();
    let mut rest = bytes.get(12..).unwrap_or_default();
    while let Some((kind, after)) = rest.split_first_chunk::<4>() {
        let Some((length, after)) = after.split_first_chunk::<4>() else { break };
        let length = usize::try_from(u32::from_le_bytes(*length)).unwrap_or(usize::MAX);
        let Some((data, after)) = after.split_at_checked(length) else { break };
        match kind {
            b"EXIF" => parts.exif = Some(data.strip_prefix(EXIF).unwrap_or(data)),
            b"XMP " => parts.xmp = Some(data),
            b"ICCP" if length <= MAX_PROFILE_BYTES => parts.profile = data.to_vec(),
            _ => {}
        }
        // Chunks begin at even places.
        rest = if length.is_multiple_of(2) { after } else { after.get(1..).unwrap_or_default() };
    }
    parts
}
