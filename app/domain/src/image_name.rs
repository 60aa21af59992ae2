//! Names of uploaded pictures: `/images/<id>-<width>x<height>.<ending>`.
//!
//! The name of a picture tells its size and the names of its smaller forms, so a page shows a
//! picture from its URL alone. The names are part of stored stories: they must never change.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::routes::Endpoint;

/// Widths in which a picture is stored, as far as it is that wide; a picture narrower than the
/// largest one is stored in its own width too.
const WIDTHS: [u32; 5] = [320, 640, 960, 1280, 1920];

/// Id of an uploaded picture: the first 128 bits of the SHA-256 of the uploaded file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ImageId(u128);

/// The text is not the name or id of a picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not the name of an uploaded picture")]
pub struct ImageNameError;

impl ImageId {
    /// Makes an id of the hash of a file.
    pub fn new(hash: u128) -> Self {
        Self(hash)
    }

    /// Returns the hash.
    pub(crate) fn hash(self) -> u128 {
        self.0
    }

    /// Finds the pictures that a text of Markdown or HTML names, each once.
    pub(crate) fn all_in(text: &str) -> Vec<Self> {
        let beginning = Endpoint::Image.path_with("");
        let mut ids = Vec::new();
        for (at, _) in text.match_indices(&beginning) {
            let id = text.get(at + beginning.len()..).and_then(|rest| rest.get(..HEX_DIGITS));
            if let Some(id) = id.and_then(|id| id.parse().ok())
                && !ids.contains(&id)
            {
                ids.push(id);
            }
        }
        ids
    }
}

/// Length of an id as text.
const HEX_DIGITS: usize = 32;

impl fmt::Display for ImageId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{:032x}", self.0)
    }
}

impl FromStr for ImageId {
    type Err = ImageNameError;

    fn from_str(text: &str) -> Result<Self, ImageNameError> {
        let is_digit = |byte: u8| matches!(byte, b'0'..=b'9' | b'a'..=b'f');
        if text.len() != HEX_DIGITS || !text.bytes().all(is_digit) {
            return Err(ImageNameError);
        }
        u128::from_str_radix(text, 16).map(Self).map_err(|_| ImageNameError)
    }
}

impl TryFrom<String> for ImageId {
    type Error = ImageNameError;

    fn try_from(text: String) -> Result<Self, ImageNameError> {
        text.parse()
    }
}

impl From<ImageId> for String {
    fn from(id: ImageId) -> Self {
        id.to_string()
    }
}

/// Format in which a picture is stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ImageFormat {
    /// JPEG, for photographs.
    Jpeg,
    /// PNG, for graphics and transparent pictures.
    Png,
    /// Lossless WebP, where it is smaller than PNG.
    Webp,
}

impl ImageFormat {
    /// Every format.
    pub const ALL: [Self; 3] = [Self::Jpeg, Self::Png, Self::Webp];

    /// Returns the ending of names.
    pub fn ending(self) -> &'static str {
        match self {
            Self::Jpeg => "jpg",
            Self::Png => "png",
            Self::Webp => "webp",
        }
    }

    /// Returns the media type.
    pub fn media_type(self) -> &'static str {
        match self {
            Self::Jpeg => "image/jpeg",
            Self::Png => "image/png",
            Self::Webp => "image/webp",
        }
    }
}

/// Name of a picture in one of its sizes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ImageName {
    /// Id of the picture.
    pub id: ImageId,
    /// Width in pixels.
    pub width: u32,
    /// Height in pixels.
    pub height: u32,
    /// Format, the same in every size.
    pub format: ImageFormat,
}

impl ImageName {
    /// Returns the width and height of the largest stored size of a picture.
    pub fn largest_size(width: u32, height: u32) -> (u32, u32) {
        let largest = WIDTHS.into_iter().fold(1, u32::max);
        if width <= largest { (width, height) } else { (largest, scaled(height, largest, width)) }
    }

    /// Returns the name of a path on this site, if it is that of an uploaded picture.
    pub fn of_path(path: &str) -> Option<Self> {
        path.strip_prefix(&Endpoint::Image.path_with(""))?.parse().ok()
    }

    /// Returns the path on this site.
    pub fn path(&self) -> String {
        Endpoint::Image.path_with(self)
    }

    /// Returns this size and all smaller ones, the largest first.
    ///
    /// Each height follows from the next larger size, so every size gives the same smaller ones.
    pub fn sizes(&self) -> Vec<Self> {
        let mut sizes = vec![*self];
        let mut last = *self;
        for width in WIDTHS.into_iter().rev().filter(|width| *width < self.width) {
            last = Self { width, height: scaled(last.height, width, last.width), ..last };
            sizes.push(last);
        }
        sizes
    }

    /// Returns the smallest size that is at least this wide, or else the largest.
    #[must_use]
    pub fn at_least(&self, width: u32) -> Self {
        self.sizes().into_iter().rev().find(|size| size.width >= width).unwrap_or(*self)
    }

    /// Returns the value of `srcset`: all sizes with their widths. `None` if there is only one.
    pub fn srcset(&self) -> Option<String> {
        let sizes = self.sizes();
        let candidates = sizes.iter().rev().map(|size| format!("{} {}w", size.path(), size.width));
        (sizes.len() > 1).then(|| candidates.collect::<Vec<_>>().join(", "))
    }
}

/// Returns `length * numerator / denominator`, rounded, at least 1.
fn scaled(length: u32, numerator: u32, denominator: u32) -> u32 {
    let (length, denominator) = (u64::from(length), u64::from(denominator.max(1)));
    let rounded = (length * u64::from(numerator) + denominator / 2) / denominator;
    u32::try_from(rounded).unwrap_or(u32::MAX).max(1)
}

impl fmt::Display for ImageName {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { id, width, height, format } = self;
        write!(formatter, "{id}-{width}x{height}.{}", format.ending())
    }
}

impl FromStr for ImageName {
    type Err = ImageNameError;

    /// Accepts exactly what `Display` writes.
    fn from_str(text: &str) -> Result<Self, ImageNameError> {
        let parse = || {
            let (id, rest) = text.split_once('-')?;
            let (size, ending) = rest.split_once('.')?;
            let (width, height) = size.split_once('x')?;
            let format = ImageFormat::ALL.into_iter().find(|it| it.ending() == ending)?;
            let (width, height) = (width.parse().ok()?, height.parse().ok()?);
            Some(Self { id: id.parse().ok()?, width, height, format })
        };
        let is_exact = |name: &Self| name.width > 0 && name.height > 0 && name.to_string() == text;
        parse().filter(is_exact).ok_or(ImageNameError)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn name(width: u32, height: u32) -> ImageName {
        ImageName { id: ImageId::new(0xab), width, height, format: ImageFormat::Jpeg }
    }

    #[test]
    fn a_name_tells_the_sizes_of_its_picture() {
        let id = "000000000000000000000000000000ab";
        let path = format!("/images/{id}-1920x1080.jpg");
        let parsed = ImageName::of_path(&path).expect("a name");
        assert_eq!(parsed, name(1920, 1080));
        assert_eq!(parsed.path(), path);
        let srcset = parsed.srcset().expect("sizes");
        let expected: Vec<String> = [(320, 180), (640, 360), (960, 540), (1280, 720), (1920, 1080)]
            .iter()
            .map(|(w, h)| format!("/images/{id}-{w}x{h}.jpg {w}w"))
            .collect();
        assert_eq!(srcset, expected.join(", "));
        assert_eq!(name(300, 200).srcset(), None);
        assert_eq!(name(700, 70).sizes().len(), 3);
        assert_eq!(parsed.at_least(600).width, 640);
        assert_eq!(name(300, 200).at_least(600).width, 300);
    }

    #[test]
    fn only_exact_names_are_accepted() {
        let id = "000000000000000000000000000000ab";
        for bad in [
            format!("{id}-0x5.jpg"),
            format!("{id}-05x5.jpg"),
            format!("{id}-+5x5.jpg"),
            format!("{id}-5x5.jpeg"),
            format!("{id}-5x5.JPG"),
            format!("{id}-5x5.jpg/"),
            format!("{id}-99999999999x5.jpg"),
            "AB-5x5.jpg".to_owned(),
            "../../etc/passwd".to_owned(),
            format!("..{id}-5x5.jpg"),
            String::new(),
        ] {
            assert_eq!(bad.parse::<ImageName>(), Err(ImageNameError), "{bad}");
        }
        assert_eq!(ImageName::of_path(&format!("/pictures/{id}-5x5.jpg")), None);
    }

    #[test]
    fn the_pictures_of_a_text_are_found() {
        let (a, b) = (ImageId::new(1), ImageId::new(2));
        let text = format!(
            "![](/images/{a}-9x9.jpg) /images/x <img src=\"/images/{b}-1x1.png\"> /images/{a} /images/ü"
        );
        assert_eq!(ImageId::all_in(&text), [a, b]);
        assert_eq!(ImageId::all_in("/images/"), []);
    }

    proptest! {
        #[test]
        fn arbitrary_text_never_panics(text in ".*") {
            let _ = text.parse::<ImageName>();
            let _ = ImageId::all_in(&format!("/images/{text}"));
        }

        #[test]
        fn every_size_gives_the_same_smaller_ones(width in 1_u32..60_000, height in 1_u32..60_000) {
            let (w, h) = ImageName::largest_size(width, height);
            prop_assert!(w <= 1920 && w <= width);
            let sizes = name(w, h).sizes();
            for (at, size) in sizes.iter().enumerate() {
                prop_assert_eq!(&size.sizes(), &sizes[at..]);
                prop_assert_eq!(size.to_string().parse::<ImageName>(), Ok(*size));
            }
        }
    }
}
