//! Sending a picture to the server.

use leptos::wasm_bindgen::JsValue;

use super::request::{UPLOAD_TIMEOUT, post};
use crate::islands::dom::{call, get, new, text_of, window};

/// Path that takes pictures.
const UPLOAD_PATH: &str = "/images";
/// Largest file that the server takes, in bytes.
const MAX_BYTES: f64 = 20.0 * 1_024.0 * 1_024.0;

/// Uploads a picture. Returns its path, or a message that says why not.
pub(super) async fn upload(file: &JsValue) -> Result<String, String> {
    if get(file, "size").as_f64().is_some_and(|size| size > MAX_BYTES) {
        return Err("it is larger than 20 MiB.".to_owned());
    }
    let body = new("FormData", &[]);
    call(&body, "append", &["file".into(), file.clone()]);
    let reply = post(UPLOAD_PATH, &body, UPLOAD_TIMEOUT).await.ok_or("no connection.")?;
    let url = text_of(&reply.json, "url");
    if reply.status != 201 || url.is_empty() {
        return Err(reply.message());
    }
    let origin = text_of(&window(), "origin");
    Ok(url.strip_prefix(origin.as_str()).unwrap_or(&url).to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pictures_are_sent_to_the_address_that_takes_them() {
        assert_eq!(UPLOAD_PATH, gazette_domain::Endpoint::UploadImage.path());
    }
}
