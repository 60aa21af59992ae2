//! The files that pages load. They are part of the program, because the pool also runs alone.

use axum::extract::Path;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::http::{HeaderName, StatusCode};
use axum::response::{IntoResponse, Response};

const STYLE: &str = include_str!("../../../assets/style.css");
const ICON: &str = include_str!("../../../assets/icon.svg");
const SHOW_PASSWORD: &str = include_str!("../../../assets/show-password.js");
const CACHE_FIVE_MINUTES: (HeaderName, &str) = (CACHE_CONTROL, "public, max-age=300");
const CACHE_A_DAY: (HeaderName, &str) = (CACHE_CONTROL, "public, max-age=86400");

macro_rules! font {
    ($name:literal) => {
        (
            concat!($name, ".woff2"),
            include_bytes!(concat!(
                "../../../../../public/fonts/source-serif-4-",
                $name,
                "-wght-normal.woff2"
            )),
        )
    };
}

/// The typeface of the site. A browser loads only the files of the letters on the page.
const FONTS: [(&str, &[u8]); 6] = [
    font!("latin"),
    font!("latin-ext"),
    font!("cyrillic"),
    font!("cyrillic-ext"),
    font!("greek"),
    font!("vietnamese"),
];

pub(in crate::http) async fn style() -> impl IntoResponse {
    ([(CONTENT_TYPE, "text/css; charset=utf-8"), CACHE_FIVE_MINUTES], STYLE)
}

pub(in crate::http) async fn icon() -> impl IntoResponse {
    ([(CONTENT_TYPE, "image/svg+xml"), CACHE_FIVE_MINUTES], ICON)
}

pub(in crate::http) async fn show_password() -> impl IntoResponse {
    ([(CONTENT_TYPE, "text/javascript; charset=utf-8"), CACHE_FIVE_MINUTES], SHOW_PASSWORD)
}

pub(in crate::http) async fn font(Path(name): Path<String>) -> Response {
    match FONTS.iter().find(|(file, _)| *file == name) {
        Some((_, bytes)) => ([(CONTENT_TYPE, "font/woff2"), CACHE_A_DAY], *bytes).into_response(),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}
