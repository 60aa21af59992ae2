//! Shrinks a picture by a whole factor while its rows arrive, so that the whole picture is never
//! in memory.

use super::pixels::{Channels, Pixels, to_usize};

/// Averages blocks of pixels.
pub(super) struct RowShrinker {
    /// Width of the source in pixels.
    source_width: usize,
    /// Side of a block.
    factor: usize,
    channels: Channels,
    /// Sums of the blocks of the current row of blocks; colours are weighted by their opacity.
    sums: Vec<Sum>,
    rows_in_sums: usize,
    output: Pixels,
}

#[derive(Clone, Copy, Default)]
struct Sum {
    red: u64,
    green: u64,
    blue: u64,
    alpha: u64,
    pixels: u64,
}

impl RowShrinker {
    /// Makes a shrinker of a picture by a factor of at least 1.
    pub(super) fn new(width: u32, height: u32, channels: Channels, factor: u32) -> Self {
        let factor = factor.max(1);
        let (out_width, out_height) = (width.div_ceil(factor), height.div_ceil(factor));
        let capacity = to_usize(out_width) * to_usize(out_height) * channels.bytes();
        let output = Pixels {
            width: out_width,
            height: out_height,
            channels,
            data: Vec::with_capacity(capacity),
        };
        let sums = if factor > 1 { vec![Sum::default(); to_usize(out_width)] } else { Vec::new() };
        let (source_width, factor) = (to_usize(width), to_usize(factor));
        Self { source_width, factor, channels, sums, rows_in_sums: 0, output }
    }

    /// Adds the next row.
    pub(super) fn add(&mut self, row: &[u8]) {
        let row = row.get(..self.source_width * self.channels.bytes()).unwrap_or(row);
        if self.factor == 1 {
            self.output.data.extend_from_slice(row);
            return;
        }
        let block = self.factor * self.channels.bytes();
        for (sum, pixels) in self.sums.iter_mut().zip(row.chunks(block)) {
            sum.add(pixels, self.channels);
        }
        self.rows_in_sums += 1;
        if self.rows_in_sums == self.factor {
            self.flush();
        }
    }

    /// Returns the shrunk picture.
    pub(super) fn finish(mut self) -> Pixels {
        if self.rows_in_sums > 0 {
            self.flush();
        }
        self.output
    }

    fn flush(&mut self) {
        for sum in &mut self.sums {
            let [red, green, blue, alpha] = std::mem::take(sum).average();
            match self.channels {
                Channels::Rgb => self.output.data.extend([red, green, blue]),
                Channels::Rgba => self.output.data.extend([red, green, blue, alpha]),
            }
        }
        self.rows_in_sums = 0;
    }
}

impl Sum {
    fn add(&mut self, pixels: &[u8], channels: Channels) {
        match channels {
            Channels::Rgb => {
                for [red, green, blue] in pixels.as_chunks::<3>().0 {
                    self.add_pixel(*red, *green, *blue, u8::MAX);
                }
            }
            Channels::Rgba => {
                for [red, green, blue, alpha] in pixels.as_chunks::<4>().0 {
                    self.add_pixel(*red, *green, *blue, *alpha);
                }
            }
        }
    }

    fn add_pixel(&mut self, red: u8, green: u8, blue: u8, alpha: u8) {
        let weight = u64::from(alpha);
        self.red += u64::from(red) * weight;
        self.green += u64::from(green) * weight;
        self.blue += u64::from(blue) * weight;
        self.alpha += weight;
        self.pixels += 1;
    }

    fn average(self) -> [u8; 4] {
        let rounded = |sum: u64, of: u64| {
            let of = of.max(1);
            u8::try_from((sum + of / 2) / of).unwrap_or(u8::MAX)
        };
        let colour = |sum| rounded(sum, self.alpha);
        let alpha = rounded(self.alpha, self.pixels);
        [colour(self.red), colour(self.green), colour(self.blue), alpha]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_are_averaged_and_the_rest_at_the_edges_too() {
        let mut shrinker = RowShrinker::new(5, 3, Channels::Rgb, 2);
        let row = |value: u8| [value; 3];
        shrinker.add(&[row(0), row(10), row(20), row(30), row(50)].concat());
        shrinker.add(&[row(10), row(20), row(20), row(30), row(70)].concat());
        shrinker.add(&[row(1), row(1), row(3), row(3), row(9)].concat());
        let pixels = shrinker.finish();
        assert_eq!((pixels.width, pixels.height), (3, 2));
        assert_eq!(pixels.data, [row(10), row(25), row(60), row(1), row(3), row(9)].concat());
    }

    #[test]
    fn transparent_pixels_have_no_colour() {
        let mut shrinker = RowShrinker::new(2, 1, Channels::Rgba, 2);
        shrinker.add(&[200, 100, 0, 255, 0, 0, 0, 0]);
        assert_eq!(shrinker.finish().data, [200, 100, 0, 128]);
    }

    #[test]
    fn a_small_picture_stays_as_it_is() {
        let mut shrinker = RowShrinker::new(2, 1, Channels::Rgb, 1);
        shrinker.add(&[1, 2, 3, 4, 5, 6]);
        assert_eq!(shrinker.finish().data, [1, 2, 3, 4, 5, 6]);
    }
}
