//! Turns pixels to the orientation in which they are shown.

use super::metadata::Orientation;
use super::pixels::{Pixels, to_usize};

/// Turns and mirrors a picture.
pub(super) fn orient(pixels: Pixels, orientation: Orientation) -> Pixels {
    if orientation == Orientation::default() {
        return pixels;
    }
    let swapped = orientation.is_swapped();
    let (right_to_left, upwards) = orientation.mirrored();
    let (width, height) =
        if swapped { (pixels.height, pixels.width) } else { (pixels.width, pixels.height) };
    let (pixel_bytes, row_bytes) = (pixels.channels.bytes(), pixels.row_bytes());
    let mut data = Vec::with_capacity(pixels.data.len());
    let from_end = |at: u32, length: u32, is_mirrored: bool| {
        to_usize(if is_mirrored { length - 1 - at } else { at })
    };
    for y in 0..height {
        let y = from_end(y, height, upwards);
        for x in 0..width {
            let x = from_end(x, width, right_to_left);
            let (column, row) = if swapped { (y, x) } else { (x, y) };
            let at = row * row_bytes + column * pixel_bytes;
            data.extend_from_slice(pixels.data.get(at..at + pixel_bytes).unwrap_or_default());
        }
    }
    Pixels { width, height, data, ..pixels }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::images::pixels::Channels;

    /// Returns the shown picture of `ab/cd/ef` as text, a letter for a pixel.
    fn shown(orientation: u16) -> String {
        let data = b"abcdef".iter().flat_map(|letter| [*letter; 3]).collect();
        let pixels = Pixels { width: 2, height: 3, channels: Channels::Rgb, data };
        let turned = orient(pixels, Orientation::new(orientation));
        let letters: Vec<u8> = turned.data.chunks(3).map(|pixel| pixel[0]).collect();
        let rows = letters.chunks(to_usize(turned.width)).map(String::from_utf8_lossy);
        rows.collect::<Vec<_>>().join("/")
    }

    #[test]
    fn every_orientation_is_applied() {
        let expected = [
            (1, "ab/cd/ef"),
            (2, "ba/dc/fe"),
            (3, "fe/dc/ba"),
            (4, "ef/cd/ab"),
            (5, "ace/bdf"),
            (6, "eca/fdb"),
            (7, "fdb/eca"),
            (8, "bdf/ace"),
            (9, "ab/cd/ef"),
        ];
        for (orientation, rows) in expected {
            assert_eq!(shown(orientation), rows, "{orientation}");
        }
    }
}
