//! Files for the tests.

use gazette_domain::ImageFormat;

use crate::images::encode::encode;
use crate::images::pixels::{Channels, Pixels, to_usize};

/// Returns a photograph: smooth, with noise.
pub(super) fn noise(width: u32, height: u32) -> Pixels {
    let mut random = fastrand::Rng::with_seed(1);
    let mut data = Vec::new();
    for y in 0..height {
        for x in 0..width {
            let base = u8::try_from(x * 128 / width + y * 64 / height).expect("below 192");
            data.extend([base, base + 20, 200 - base].map(|it| it.saturating_add(random.u8(..40))));
        }
    }
    Pixels { width, height, channels: Channels::Rgb, data }
}

/// Returns a graphic: stripes of few colours; with an alpha channel, one of them transparent.
pub(super) fn graphic(width: u32, height: u32, channels: Channels) -> Pixels {
    let mut data = Vec::new();
    for _ in 0..height {
        for x in 0..width {
            let colours = [[255, 0, 0, 255], [0, 0, 0, 0], [0, 90, 200, 255]];
            data.extend_from_slice(&colours[to_usize(x / 50 % 3)][..channels.bytes()]);
        }
    }
    Pixels { width, height, channels, data }
}

pub(super) fn jpeg(pixels: &Pixels) -> Vec<u8> {
    encode(pixels, ImageFormat::Jpeg).expect("encoded")
}

pub(super) fn png(pixels: &Pixels) -> Vec<u8> {
    encode(pixels, ImageFormat::Png).expect("encoded")
}

/// Returns a chunk of a PNG.
pub(super) fn chunk(kind: [u8; 4], data: &[u8]) -> Vec<u8> {
    let length = u32::try_from(data.len()).expect("short").to_be_bytes();
    let body = [&kind[..], data].concat();
    [&length[..], &body, &crc32fast::hash(&body).to_be_bytes()].concat()
}

/// Returns a PNG whose header names a size.
pub(super) fn png_of_size(width: u32, height: u32, rest: &[u8]) -> Vec<u8> {
    let size = [width.to_be_bytes(), height.to_be_bytes()].concat();
    let header = chunk(*b"IHDR", &[&size[..], &[8, 2, 0, 0, 0]].concat());
    [&b"\x89PNG\r\n\x1a\n"[..], &header, rest].concat()
}

/// Returns a GIF of 4 × 3 pixels with two frames; the first is one red pixel at (2, 1).
pub(super) fn animation() -> Vec<u8> {
    let mut bytes = Vec::new();
    let palette = [255, 0, 0, 0, 0, 255];
    let mut encoder = gif::Encoder::new(&mut bytes, 4, 3, &palette).expect("encoder");
    for (left, top, colour) in [(2, 1, 0_u8), (0, 0, 1)] {
        let mut frame = gif::Frame::from_indexed_pixels(1, 1, vec![colour], None);
        (frame.left, frame.top) = (left, top);
        encoder.write_frame(&frame).expect("written");
    }
    drop(encoder);
    bytes
}

/// Returns EXIF with an orientation and a secret in the field of the camera's owner.
fn exif(orientation: u8, secret: &str) -> Vec<u8> {
    let length = u8::try_from(secret.len()).expect("short");
    let entries: [[u8; 12]; 2] = [
        [0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, orientation, 0, 0],
        [0xa4, 0x30, 0, 2, 0, 0, 0, length, 0, 0, 0, 38],
    ];
    [&b"MM\0*\0\0\0\x08\0\x02"[..], &entries.concat(), &[0; 4], secret.as_bytes()].concat()
}

fn xmp(secret: &str) -> Vec<u8> {
    format!(
        r#"<r photoshop:Credit="Agency" place="{secret}"><dc:creator>Ada</dc:creator><cc:license rdf:resource="https://example.com/licence"/></r>"#
    )
    .into_bytes()
}

/// Adds EXIF, XMP, image resources and a comment to a JPEG.
pub(super) fn with_segments(jpeg: &[u8], orientation: u8, secret: &str) -> Vec<u8> {
    let segment = |marker: u8, data: Vec<u8>| {
        let length = u16::try_from(data.len() + 2).expect("short").to_be_bytes();
        [&[0xff, marker][..], &length, &data].concat()
    };
    let exif = [&b"Exif\0\0"[..], &exif(orientation, secret)].concat();
    let xmp = [&b"http://ns.adobe.com/xap/1.0/\0"[..], &xmp(secret)].concat();
    let resources = [&b"Photoshop 3.0\08BIM\x04\x04\0\0\0\0\0\x06\x1c\x02\x05\0\x01x"[..]].concat();
    [
        &jpeg[..2],
        &segment(0xe1, exif),
        &segment(0xe1, xmp),
        &segment(0xed, resources),
        &segment(0xe2, b"ICC_PROFILE\0\x01\x01 no profile".to_vec()),
        &segment(0xfe, secret.as_bytes().to_vec()),
        &jpeg[2..],
    ]
    .concat()
}

/// Puts a WebP into a container with EXIF and XMP.
pub(super) fn with_webp_chunks(webp: &[u8], orientation: u8, secret: &str) -> Vec<u8> {
    let chunk = |kind: &[u8; 4], data: &[u8]| {
        let length = u32::try_from(data.len()).expect("short").to_le_bytes();
        let padding = vec![0; data.len() % 2];
        [&kind[..], &length, data, &padding].concat()
    };
    // Flags of EXIF and XMP; width and height less one.
    let header = chunk(b"VP8X", &[0x0c, 0, 0, 0, 49, 0, 0, 49, 0, 0]);
    let exif = chunk(b"EXIF", &exif(orientation, secret));
    let body = [&header, &webp[12..], &exif, &chunk(b"XMP ", &xmp(secret))].concat();
    let length = u32::try_from(body.len() + 4).expect("short").to_le_bytes();
    [&b"RIFF"[..], &length, b"WEBP", &body].concat()
}
