//! The newsroom's pictures: the form that uploads, and the list with its form that deletes.

use gazette_domain::{Endpoint, ImageList, ImageUse, ListedImage};
use leptos::prelude::*;

use crate::components::{PageLink, page_links, time};
use crate::frame::Frame;
use crate::markup::{IntoMarkup as _, Markup};
use crate::newsroom::notice::{Notice, notice_line};
use crate::page::Page;

/// Width in which the list shows pictures.
const THUMBNAIL_WIDTH: u32 = 320;

/// Fields of the form that uploads, as they were typed.
#[derive(Clone, Debug, Default)]
pub struct UploadFields {
    /// Text alternative.
    pub alt: String,
    /// Maker and provider.
    pub credit: String,
    /// The reason the picture was refused.
    pub error: Option<String>,
}

/// Shows the pictures. `first` is true on the first page.
pub fn images(
    frame: &Frame,
    list: &ImageList,
    first: bool,
    notice: Option<Notice>,
    fields: &UploadFields,
) -> Page {
    let content = view! {
        <div class="desk">
            <h1>"Media"</h1>
            {notice.map(notice_line)}
            {upload_form(fields)}
            {list_form(frame, list)}
            {pager(frame, list, first)}
        </div>
    };
    Page::newsroom("Media", Endpoint::Images, content.into_markup())
}

fn upload_form(fields: &UploadFields) -> impl IntoView + use<> {
    let described = fields.error.is_some().then_some("upload-error");
    let invalid = fields.error.is_some().then_some("true");
    let error = fields.error.clone().map(|error| {
        view! { <p class="field-error" id="upload-error" role="alert">{error}</p> }
    });
    view! {
        <form
            class="upload"
            method="post"
            action=Endpoint::AddImage.path()
            enctype="multipart/form-data"
        >
            <h2>"Upload a picture"</h2>
            {error}
            <label>
                "File"
                <input
                    type="file"
                    name="file"
                    accept="image/jpeg,image/png,image/webp,image/gif"
                    required
                    aria-invalid=invalid
                    aria-describedby=described
                />
                <span class="meta">"JPEG, PNG, WebP or GIF, at most 20 MiB and 50 megapixels."</span>
            </label>
            <label>"What the picture shows" <input name="alt" value=fields.alt.clone() maxlength="500" /></label>
            <label>
                "Credit"
                <input name="credit" value=fields.credit.clone() maxlength="200" />
                <span class="meta">"Taken from the file if you leave it empty."</span>
            </label>
            <button class="btn">"Upload"</button>
        </form>
    }
}

fn list_form(frame: &Frame, list: &ImageList) -> Markup {
    if list.images.is_empty() {
        return view! { <p class="empty">"No pictures yet. Upload the first one above."</p> }
            .into_markup();
    }
    let cards = list.images.iter().map(|image| card(frame, image)).collect_view();
    let has_unused = list.images.iter().any(|image| image.uses == 0);
    view! {
        <form method="post" action=Endpoint::DeleteImages.path()>
            <ul class="pictures">{cards}</ul>
            {has_unused
                .then(|| {
                    view! {
                        <div class="toolbar">
                            <button class="btn danger">"Delete selected"</button>
                            <span class="meta">
                                "Only pictures that no story uses can be deleted. This can't be undone."
                            </span>
                        </div>
                    }
                })}
        </form>
    }
    .into_markup()
}

fn card(frame: &Frame, image: &ListedImage) -> impl IntoView + use<> {
    let record = &image.record;
    let name = record.name();
    let thumbnail = name.at_least(THUMBNAIL_WIDTH);
    let fact = |name: &'static str, text: &Option<String>| {
        let text = text.clone().unwrap_or_else(|| "\u{2013}".to_owned());
        view! { <div><dt>{name}</dt><dd dir="auto">{text}</dd></div> }
    };
    view! {
        <li class="picture">
            <a class="thumbnail" href=name.path()>
                <img
                    src=thumbnail.path()
                    width=thumbnail.width.to_string()
                    height=thumbnail.height.to_string()
                    alt=record.alt.clone().unwrap_or_else(|| record.file_name.clone())
                    loading="lazy"
                />
            </a>
            <p class="file-name" dir="auto">{record.file_name.clone()}</p>
            <p class="meta">
                {format!("{} \u{d7} {} \u{b7} {} \u{b7} ", record.width, record.height, record.uploaded_by)}
                {time(frame, record.uploaded_at)}
            </p>
            <dl>
                {fact("Shows", &record.alt)} {fact("Credit", &record.credit)}
                {fact("Licence", &record.licence)}
            </dl>
            <label>"Address" <input class="address" readonly value=name.path() /></label>
            {uses(image)}
        </li>
    }
}

/// Shows the stories that use a picture, or a box to select it for deletion.
fn uses(image: &ListedImage) -> Markup {
    if image.uses == 0 {
        let id = image.record.id.to_string();
        return view! {
            <p>
                <label class="select">
                    <input type="checkbox" name="id" value=id /> " Unused \u{2013} select to delete"
                </label>
            </p>
        }
        .into_markup();
    }
    let named = image.used_by.iter().map(use_line).collect_view();
    let more = image.uses.saturating_sub(image.used_by.len());
    let more = match (more, named.is_empty()) {
        (0, _) => None,
        (more, false) => Some(format!("and {more} more")),
        (1, true) => Some("a story of another person".to_owned()),
        (more, true) => Some(format!("{more} stories of others")),
    };
    view! {
        <p class="uses">"Used in:"</p>
        <ul class="uses">
            {named} {more.map(|more| view! { <li>{more}</li> })}
        </ul>
    }
    .into_markup()
}

fn use_line(used: &ImageUse) -> impl IntoView + use<> {
    let headline = used.headline.clone();
    match used.path.clone() {
        Some(path) => view! { <li><a href=path dir="auto">{headline}</a></li> }.into_markup(),
        None => view! { <li><bdi>{headline}</bdi> " (in Trash)"</li> }.into_markup(),
    }
}

fn pager(frame: &Frame, list: &ImageList, first: bool) -> impl IntoView + use<> {
    let path = Endpoint::Images.path();
    let newest = (!first).then(|| PageLink { label: "Newest", href: path.to_owned() });
    let older =
        list.next.map(|after| PageLink { label: "Older", href: format!("{path}?after={after}") });
    page_links(frame, newest, older)
}
