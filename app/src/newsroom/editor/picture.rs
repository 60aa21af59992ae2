//! The story's picture: uploading, choosing, and the texts about it.

use gazette_domain::{ImageName, ImageRecord};
use leptos::prelude::*;

use super::fields::{Field, Line};
use super::messages::field_id;
use super::model::Editor;

/// Width in which pictures are shown here.
const THUMBNAIL_WIDTH: u32 = 320;

/// Shows the fields of the picture.
pub(super) fn picture(editor: &Editor) -> impl IntoView + use<> {
    let (form, errors) = (&editor.form, editor.errors.as_slice());
    view! {
        <fieldset class="editor-group">
            <legend>"Picture"</legend>
            {current(editor)}
            {upload(editor)}
            {choices(&editor.pictures)}
            {Field::new("image", form.image.as_str(), errors)
                .hint("Filled in when you upload or choose a picture. Empty for none.")
                .line(Line::Text)}
            {Field::new("image_alt", form.image_alt.as_str(), errors)
                .hint("Read aloud to those who can\u{2019}t see it. Required with a picture.")
                .area(2, "")}
            {Field::new("image_caption", form.image_caption.as_str(), errors)
                .hint("Shown below the picture.")
                .area(2, "")}
            {Field::new("image_credit", form.image_credit.as_str(), errors).line(Line::Text)}
        </fieldset>
    }
}

fn current(editor: &Editor) -> impl IntoView + use<> {
    ImageName::of_path(&editor.form.image).map(|name| {
        let thumbnail = name.at_least(THUMBNAIL_WIDTH);
        let alt = match editor.form.image_alt.trim() {
            "" => "The story\u{2019}s picture".to_owned(),
            alt => alt.to_owned(),
        };
        view! {
            <img
                class="current-picture"
                src=thumbnail.path()
                width=thumbnail.width.to_string()
                height=thumbnail.height.to_string()
                alt=alt
            />
        }
    })
}

/// Shows the upload. It sends the whole form, so that nothing typed is lost.
fn upload(editor: &Editor) -> impl IntoView + use<> {
    let address = format!("{}/image", editor.path());
    let is_invalid = editor.errors.iter().any(|error| field_id(error.field) == "image");
    view! {
        <div class="editor-field">
            <label for="file">"Upload a picture"</label>
            <input
                type="file"
                id="file"
                name="file"
                accept="image/jpeg,image/png,image/webp,image/gif"
                aria-describedby=if is_invalid { "image-error file-hint" } else { "file-hint" }
            />
            <p class="hint" id="file-hint">
                "JPEG, PNG, WebP or GIF, at most 20 MiB and 50 megapixels."
            </p>
            <button
                class="btn quiet small"
                name="action"
                value="upload"
                formaction=address
                formenctype="multipart/form-data"
            >
                "Upload"
            </button>
        </div>
    }
}

/// Shows pictures that were uploaded before; each is a button that chooses it.
fn choices(pictures: &[ImageRecord]) -> impl IntoView + use<> {
    let buttons = pictures.iter().map(choice).collect_view();
    (!pictures.is_empty()).then(|| {
        view! {
            <details class="picture-choices" id="picture-choices">
                <summary>"Choose an uploaded picture"</summary>
                <ul>{buttons}</ul>
            </details>
        }
    })
}

fn choice(record: &ImageRecord) -> impl IntoView + use<> {
    let name = record.name();
    let thumbnail = name.at_least(THUMBNAIL_WIDTH);
    let text = record.alt.clone().unwrap_or_else(|| record.file_name.clone());
    view! {
        <li>
            <button
                name="choose"
                value=name.path()
                data-alt=record.alt.clone()
                data-credit=record.credit.clone()
            >
                <img
                    src=thumbnail.path()
                    width=thumbnail.width.to_string()
                    height=thumbnail.height.to_string()
                    alt=text
                    loading="lazy"
                />
            </button>
        </li>
    }
}
