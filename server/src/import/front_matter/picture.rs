//! The picture of a story.

use serde_json::Value;

use crate::import::head::{Head, text_of};
use crate::import::source_story::SourceImage;
use crate::import::text::plain_text;

/// Keys that name the picture, most specific first.
const KEYS: [&str; 18] = [
    "image",
    "featuredimage",
    "featureimage",
    "coverimage",
    "cover",
    "heroimage",
    "hero",
    "images",
    "banner",
    "thumbnail",
    "thumb",
    "ogimage",
    "socialimage",
    "headerimage",
    "photo",
    "img",
    "teaserimage",
    "picture",
];
const URL_KEYS: [&str; 9] =
    ["path", "src", "url", "image", "feature", "relative", "file", "filename", "teaser"];
const ALT_KEYS: [&str; 9] = [
    "imagealt",
    "alt",
    "alttext",
    "coveralt",
    "featuredimagealt",
    "featureimagealt",
    "heroimagealt",
    "thumbnailalt",
    "ogimagealt",
];
const CREDIT_KEYS: [&str; 7] = [
    "credit",
    "imagecredit",
    "attribution",
    "photographer",
    "credits",
    "copyright",
    "imagecredits",
];
const CAPTION_KEYS: [&str; 3] = ["caption", "imagecaption", "featureimagecaption"];
const ENDINGS: [&str; 8] = ["jpg", "jpeg", "png", "webp", "gif", "avif", "svg", "bmp"];

/// Returns the picture that the front matter names. A value that names none costs only itself.
pub(super) fn picture(head: &Head, notes: &mut Vec<String>) -> Option<SourceImage> {
    let mut found = None;
    for value in head.all(&KEYS) {
        match of_value(&value) {
            Found::Picture(image) => {
                found = Some(image);
                break;
            }
            Found::Nothing => {}
            Found::Unusable => notes.push(format!("the picture {value} cannot be used")),
        }
    }
    let found = found.or_else(|| of_header(head)).or_else(|| of_resources(head));
    let mut image = found?;
    let plain = |text: Option<String>, keys: &[&str]| {
        let text = text.or_else(|| head.text(keys)).map(|text| plain_text(&text));
        text.filter(|text| !text.is_empty())
    };
    image.alt = plain(image.alt, &ALT_KEYS);
    image.caption = plain(image.caption, &CAPTION_KEYS);
    image.credit = plain(image.credit, &CREDIT_KEYS);
    Some(image)
}

enum Found {
    Picture(SourceImage),
    Nothing,
    Unusable,
}

fn of_value(value: &Value) -> Found {
    match value {
        Value::String(text) => {
            let url = text.trim();
            if url.is_empty() {
                Found::Nothing
            } else if url.starts_with("data:") || url.contains(['\n', '<']) || url.contains("{{") {
                Found::Unusable
            } else {
                Found::Picture(SourceImage { url: url.to_owned(), ..SourceImage::default() })
            }
        }
        Value::Array(values) => {
            let found = values.iter().map(of_value);
            found.fold(Found::Nothing, |first, next| match (&first, next) {
                (Found::Picture(_), _) => first,
                (_, Found::Picture(image)) => Found::Picture(image),
                (Found::Unusable, _) | (_, Found::Unusable) => Found::Unusable,
                _ => Found::Nothing,
            })
        }
        Value::Object(map) => {
            let inner = Head::new(map);
            match inner.first(&URL_KEYS).as_ref().map(of_value) {
                Some(Found::Picture(image)) => Found::Picture(SourceImage {
                    alt: image.alt.or_else(|| inner.text(&ALT_KEYS)),
                    caption: image.caption.or_else(|| inner.text(&CAPTION_KEYS)),
                    credit: image.credit.or_else(|| inner.text(&CREDIT_KEYS)),
                    url: image.url,
                }),
                // `cover: {hidden: true}` names no picture.
                None if inner.text(&ALT_KEYS).is_none() => Found::Nothing,
                _ => Found::Unusable,
            }
        }
        Value::Null | Value::Bool(false) => Found::Nothing,
        Value::Bool(true) | Value::Number(_) => Found::Unusable,
    }
}

/// `header: {image: …}` of a theme of Jekyll.
fn of_header(head: &Head) -> Option<SourceImage> {
    let header = head.inner("header")?;
    let value = header.first(&["image", "overlayimage", "teaser", "ogimage"])?;
    match of_value(&value) {
        Found::Picture(image) => Some(SourceImage {
            alt: image.alt.or_else(|| header.text(&["imagedescription", "alt"])),
            caption: header.text(&["caption"]),
            credit: header.text(&["credit"]),
            ..image
        }),
        Found::Nothing | Found::Unusable => None,
    }
}

/// The first picture among the files that Hugo keeps with a page.
fn of_resources(head: &Head) -> Option<SourceImage> {
    let resources = head.get("resources")?.as_array()?;
    resources.iter().filter_map(Value::as_object).find_map(|resource| {
        let resource = Head::new(resource);
        let url = resource.get("src").and_then(text_of)?;
        let ending = url.rsplit('.').next()?.to_lowercase();
        let is_picture = ENDINGS.contains(&ending.as_str()) && !url.contains('*');
        is_picture.then(|| SourceImage {
            url,
            alt: resource.text(&["title"]),
            ..SourceImage::default()
        })
    })
}
