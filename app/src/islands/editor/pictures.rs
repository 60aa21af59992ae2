//! Pictures that are pasted, dropped or chosen: for the body and for the story.

use std::rc::Rc;

use leptos::wasm_bindgen::JsCast as _;
use leptos::web_sys::js_sys::futures::spawn_local;
use leptos::web_sys::{
    ClipboardEvent, DataTransfer, DragEvent, Element, Event, File, FileList, HtmlInputElement,
    HtmlTextAreaElement,
};

use super::dom::{by_id, document, element, listen, set_property, text_of};
use super::form::Form;
use super::format::{Edit, picture};
use super::text_area::{announce, apply, replace, selection};
use super::upload::upload;
use crate::islands::editor_form::{
    FILE_ID, IMAGE, IMAGE_ALT, IMAGE_CREDIT, PICTURE_CLASS, TOOLBAR_ID,
};

/// Most pictures that are taken at once.
const MAX_FILES: u32 = 20;

/// Uploads pictures into the page.
pub(super) struct Pictures {
    form: Form,
    /// Shows progress and errors of pictures for the body.
    body_state: Option<Element>,
    /// The same for the picture of the story.
    image_state: Option<Element>,
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
        if let Some(input) = by_id(FILE_ID).and_then(|input| input.dyn_into().ok()) {
            pictures.watch_input(&input);
        }
        pictures
    }

    /// Lets the user choose pictures for the body.
    pub(super) fn choose_for_body(self: &Rc<Self>) {
        let Some(input) = element("input", "", "") else { return };
        let Ok(input) = input.dyn_into::<HtmlInputElement>() else { return };
        input.set_type("file");
        input.set_multiple(true);
        input.set_accept("image/jpeg,image/png,image/webp,image/gif");
        let (pictures, chosen) = (Rc::clone(self), input.clone());
        listen(&input, "change", move |_| pictures.into_body(files(chosen.files())));
        input.click();
    }

    /// Takes a picture that was uploaded before, from its button.
    pub(super) fn choose(&self, button: &Element) {
        self.set_image(&text_of(button, "value"));
        for (field, attribute) in [(IMAGE_ALT, "data-alt"), (IMAGE_CREDIT, "data-credit")] {
            if let Some(text) = button.get_attribute(attribute) {
                self.form.set(field, &text);
            }
        }
    }

    fn watch_body(self: &Rc<Self>, body: &HtmlTextAreaElement) {
        let pictures = Rc::clone(self);
        listen(body, "paste", move |event| {
            let paste = event.dyn_ref::<ClipboardEvent>();
            let data = paste.and_then(ClipboardEvent::clipboard_data);
            // Office programs add a picture of the text that they copy.
            let has_text = data
                .as_ref()
                .is_some_and(|data| data.get_data("text/plain").is_ok_and(|text| !text.is_empty()));
            if !has_text {
                pictures.take(&event, data);
            }
        });
        accept_drops(body);
        let pictures = Rc::clone(self);
        listen(body, "drop", move |event| pictures.take(&event, dropped(&event)));
    }

    fn watch_input(self: &Rc<Self>, input: &HtmlInputElement) {
        let (pictures, control) = (Rc::clone(self), input.clone());
        listen(input, "change", move |_| {
            if let Some(file) = files(control.files()).into_iter().next() {
                pictures.into_image(file);
                // Sending the form must not send the file again.
                control.set_value("");
            }
        });
        // Its button is for browsers without scripts.
        let button = self.form.button("upload");
        if let Some(button) = button {
            set_property(&button, "hidden", &true.into());
        }
        let group = input.closest("fieldset").ok().flatten();
        if let Some(group) = group {
            accept_drops(&group);
            let pictures = Rc::clone(self);
            listen(&group, "drop", move |event| {
                if let Some(file) = images(dropped(&event)).into_iter().next() {
                    event.prevent_default();
                    pictures.into_image(file);
                }
            });
        }
    }

    fn take(self: &Rc<Self>, event: &Event, data: Option<DataTransfer>) {
        let files = images(data);
        if !files.is_empty() {
            event.prevent_default();
            self.into_body(files);
        }
    }

    /// Uploads one picture after the other into the body, at the caret.
    fn into_body(self: &Rc<Self>, files: Vec<File>) {
        let Some(body) = Form::body() else { return };
        let marks: Vec<String> = files.iter().enumerate().map(mark).collect();
        let text = marks.join("\n\n");
        let (range, end) = (selection(&body), super::format::utf16_length(&text));
        let caret = super::format::Range { start: range.start + end, end: range.start + end };
        apply(&body, &Edit { range, text, selection: caret });
        let pictures = Rc::clone(self);
        spawn_local(async move {
            for (file, mark) in files.iter().zip(&marks) {
                let name = file.name();
                show(pictures.body_state.as_ref(), &["Uploading ", &name, "\u{2026}"].concat());
                match upload(file).await {
                    Ok(path) => {
                        let (markdown, caret) = picture(&path);
                        replace(&body, mark, &markdown, caret);
                        let done = "Picture added. Say in the square brackets what it shows.";
                        show(pictures.body_state.as_ref(), done);
                    }
                    Err(reason) => {
                        replace(&body, mark, "", 0);
                        show(pictures.body_state.as_ref(), &failure(&name, &reason));
                    }
                }
            }
        });
    }

    fn into_image(self: &Rc<Self>, file: File) {
        let pictures = Rc::clone(self);
        spawn_local(async move {
            let (name, state) = (file.name(), pictures.image_state.as_ref());
            show(state, &["Uploading ", &name, "\u{2026}"].concat());
            match upload(&file).await {
                Ok(path) => {
                    pictures.set_image(&path);
                    show(state, "Picture added. Say below what it shows.");
                }
                Err(reason) => show(state, &failure(&name, &reason)),
            }
        });
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
fn show_picture(path: &str) -> Option<()> {
    let document = document()?;
    let shown = document.get_elements_by_class_name(PICTURE_CLASS).item(0);
    let image = match shown {
        Some(image) => image,
        None => {
            let image = element("img", PICTURE_CLASS, "")?;
            let legend = by_id(FILE_ID)?.closest("fieldset").ok()??.first_element_child()?;
            legend.after_with_node_1(&image).ok()?;
            image
        }
    };
    for attribute in ["width", "height"] {
        image.remove_attribute(attribute).ok()?;
    }
    image.set_attribute("alt", "The story\u{2019}s picture").ok()?;
    image.set_attribute("src", path).ok()
}

/// Returns the text that stands in the body while a picture is uploaded.
fn mark((index, file): (usize, &File)) -> String {
    let name = file.name().replace(['[', ']', '\n', '\\'], "");
    ["![Uploading ", &name, " ", &(index + 1).to_string(), "\u{2026}]()"].concat()
}

fn failure(name: &str, reason: &str) -> String {
    [name, " was not uploaded: ", reason].concat()
}

fn show(state: Option<&Element>, text: &str) {
    if let Some(state) = state {
        state.set_text_content(Some(text));
    }
}

/// Adds an element that is read out when it changes.
fn state_after(id: &str) -> Option<Element> {
    let state = element("p", "meta upload-state", "")?;
    state.set_attribute("role", "status").ok()?;
    by_id(id)?.after_with_node_1(&state).ok()?;
    Some(state)
}

/// Lets files be dropped on an element.
fn accept_drops(target: &Element) {
    listen(target, "dragover", move |event| {
        let has_files = dropped(&event).is_some_and(|data| {
            data.types().iter().any(|kind| kind.as_string().as_deref() == Some("Files"))
        });
        if has_files {
            event.prevent_default();
        }
    });
}

fn dropped(event: &Event) -> Option<DataTransfer> {
    event.dyn_ref::<DragEvent>().and_then(DragEvent::data_transfer)
}

fn images(data: Option<DataTransfer>) -> Vec<File> {
    let files = files(data.and_then(|data| data.files()));
    files.into_iter().filter(|file| file.type_().starts_with("image/")).collect()
}

fn files(list: Option<FileList>) -> Vec<File> {
    let Some(list) = list else { return Vec::new() };
    (0..list.length().min(MAX_FILES)).filter_map(|index| list.get(index)).collect()
}
