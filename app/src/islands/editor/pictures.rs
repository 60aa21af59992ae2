//! Pictures that are pasted, dropped or chosen: for the body and for the story.

use std::rc::Rc;

use leptos::wasm_bindgen::JsValue;
use leptos::web_sys::Element;

use super::form::Form;
use super::format::{Edit, Range, picture, utf16_length};
use super::text_area::{announce, apply, replace, selection};
use super::upload::upload;
use crate::islands::dom::{attribute, by_id, call, closest, document, element, find, get, items};
use crate::islands::dom::{listen, prevent_default, set, set_attribute, set_text, spawn, text_of};
use crate::islands::editor_form::{
    FILE_ID, IMAGE, IMAGE_ALT, IMAGE_CREDIT, PICTURE_CLASS, TOOLBAR_ID, UPLOAD,
};

/// Most pictures that are taken at once.
const MAX_FILES: usize = 20;

/// Takes an event of a drop and what was dropped.
type Drop = Box<dyn Fn(&JsValue, &JsValue)>;

/// Uploads pictures into the page.
pub(super) struct Pictures {
    form: Form,
    /// Shows progress and errors of pictures for the body.
    body_state: Element,
    /// The same for the picture of the story.
    image_state: Element,
}

impl Pictures {
    /// Starts to listen.
    pub(super) fn start(form: Form) -> Rc<Self> {
        let pictures = Rc::new(Self {
            form,
            body_state: state_after(TOOLBAR_ID),
            image_state: state_after(FILE_ID),
        });
        if let Some(body) = Form::body() {
            pictures.watch_body(&body);
        }
        if let Some(input) = by_id(FILE_ID) {
            pictures.watch_input(&input);
        }
        pictures
    }

    /// Lets the user choose pictures for the body.
    pub(super) fn choose_for_body(self: &Rc<Self>) {
        let input = element("input", "", "");
        set(&input, "type", &"file".into());
        set(&input, "multiple", &true.into());
        set(&input, "accept", &"image/jpeg,image/png,image/webp,image/gif".into());
        let (pictures, chosen) = (Rc::clone(self), input.clone());
        listen(&input, "change", Box::new(move |_| pictures.add_to_body(files(&chosen))));
        call(&input, "click", &[]);
    }

    /// Takes a picture that was uploaded before, from its button.
    pub(super) fn choose(&self, button: &Element) {
        self.set_image(&text_of(button, "value"));
        for (field, name) in [(IMAGE_ALT, "data-alt"), (IMAGE_CREDIT, "data-credit")] {
            if let Some(text) = attribute(button, name) {
                self.form.set(field, &text);
            }
        }
    }

    fn watch_body(self: &Rc<Self>, body: &Element) {
        let pictures = Rc::clone(self);
        let paste = move |event: JsValue| {
            let data = get(&event, "clipboardData");
            // Office programs add a picture of the text that they copy.
            let text = call(&data, "getData", &["text/plain".into()]).as_string();
            if text.is_none_or(|text| text.is_empty()) {
                pictures.take(&event, &data);
            }
        };
        listen(body, "paste", Box::new(paste));
        let pictures = Rc::clone(self);
        accept_drops(body, Box::new(move |event, data| pictures.take(event, data)));
    }

    fn watch_input(self: &Rc<Self>, input: &Element) {
        let (pictures, control) = (Rc::clone(self), input.clone());
        let change = move |_| {
            if let Some(file) = files(&control).into_iter().next() {
                pictures.set_image_file(file);
                // Sending the form must not send the file again.
                set(&control, "value", &"".into());
            }
        };
        // A file may have been chosen before this ran.
        change(JsValue::NULL);
        listen(input, "change", Box::new(change));
        // Its button is for browsers without scripts.
        if let Some(button) = self.form.button(UPLOAD) {
            set(&button, "hidden", &true.into());
        }
        if let Some(group) = closest(input, "fieldset") {
            let pictures = Rc::clone(self);
            let drop = move |event: &JsValue, data: &JsValue| {
                if let Some(file) = images(data).into_iter().next() {
                    prevent_default(event);
                    pictures.set_image_file(file);
                }
            };
            accept_drops(&group, Box::new(drop));
        }
    }

    fn take(self: &Rc<Self>, event: &JsValue, data: &JsValue) {
        let files = images(data);
        if !files.is_empty() {
            prevent_default(event);
            self.add_to_body(files);
        }
    }

    /// Uploads one picture after the other into the body, at the caret.
    fn add_to_body(self: &Rc<Self>, files: Vec<JsValue>) {
        let Some(body) = Form::body() else { return };
        let marks: Vec<String> = files.iter().enumerate().map(mark).collect();
        let text = marks.join("\n\n");
        let range = selection(&body);
        let end = range.start + utf16_length(&text);
        apply(&body, &Edit { range, text, selection: Range { start: end, end } });
        let pictures = Rc::clone(self);
        spawn(Box::pin(async move {
            for (file, mark) in files.iter().zip(&marks) {
                let name = text_of(file, "name");
                show(&pictures.body_state, &["Uploading ", &name, "\u{2026}"].concat());
                match upload(file).await {
                    Ok(path) => {
                        let (markdown, caret) = picture(&path);
                        replace(&body, mark, &markdown, caret);
                        let done = "Picture added. Say in the square brackets what it shows.";
                        show(&pictures.body_state, done);
                    }
                    Err(reason) => {
                        replace(&body, mark, "", 0);
                        show(&pictures.body_state, &failure(&name, &reason));
                    }
                }
            }
        }));
    }

    fn set_image_file(self: &Rc<Self>, file: JsValue) {
        let pictures = Rc::clone(self);
        spawn(Box::pin(async move {
            let (name, state) = (text_of(&file, "name"), &pictures.image_state);
            show(state, &["Uploading ", &name, "\u{2026}"].concat());
            match upload(&file).await {
                Ok(path) => {
                    pictures.set_image(&path);
                    show(state, "Picture added. Say below what it shows.");
                }
                Err(reason) => show(state, &failure(&name, &reason)),
            }
        }));
    }

    fn set_image(&self, path: &str) {
        self.form.set(IMAGE, path);
        show_picture(path);
        if let Some(image) = by_id(IMAGE) {
            announce(&image);
        }
    }
}

/// Shows the picture of the story.
fn show_picture(path: &str) {
    let image = find(&document(), &[".", PICTURE_CLASS].concat()).unwrap_or_else(|| {
        let image = element("img", PICTURE_CLASS, "");
        let group = by_id(FILE_ID).and_then(|file| closest(&file, "fieldset"));
        if let Some(legend) = group.and_then(|group| find(&group, "legend")) {
            call(&legend, "after", &[image.clone().into()]);
        }
        image
    });
    for attribute in ["width", "height"] {
        call(&image, "removeAttribute", &[attribute.into()]);
    }
    set_attribute(&image, "alt", "The story\u{2019}s picture");
    set_attribute(&image, "src", path);
}

/// Returns the text that stands in the body while a picture is uploaded.
fn mark((index, file): (usize, &JsValue)) -> String {
    let name = text_of(file, "name").replace(['[', ']', '\n', '\\'], "");
    ["![Uploading ", &name, " ", &(index + 1).to_string(), "\u{2026}]()"].concat()
}

fn failure(name: &str, reason: &str) -> String {
    [name, " was not uploaded: ", reason].concat()
}

fn show(state: &Element, text: &str) {
    set_text(state, text);
}

/// Adds an element that is read out when it changes.
fn state_after(id: &str) -> Element {
    let state = element("p", "meta upload-state", "");
    set_attribute(&state, "role", "status");
    if let Some(element) = by_id(id) {
        call(&element, "after", &[state.clone().into()]);
    }
    state
}

/// Lets files be dropped on an element.
fn accept_drops(target: &Element, drop: Drop) {
    let over = |event: JsValue| {
        let kinds: Vec<JsValue> = items(&get(&get(&event, "dataTransfer"), "types"));
        if kinds.contains(&"Files".into()) {
            prevent_default(&event);
        }
    };
    listen(target, "dragover", Box::new(over));
    let dropped = move |event: JsValue| drop(&event, &get(&event, "dataTransfer"));
    listen(target, "drop", Box::new(dropped));
}

fn images(data: &JsValue) -> Vec<JsValue> {
    let mut files = files(data);
    files.retain(|file| text_of(file, "type").starts_with("image/"));
    files
}

fn files(holder: &JsValue) -> Vec<JsValue> {
    let mut files: Vec<JsValue> = items(&get(holder, "files"));
    files.truncate(MAX_FILES);
    files
}
