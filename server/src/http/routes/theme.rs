//! Choosing the theme.

use axum::extract::State;
use axum::response::{IntoResponse as _, Redirect, Response};
use gazette_app::Theme;
use serde::Deserialize;
use time::Duration;

use crate::http::cookie_names::THEME_SECONDS;
use crate::http::reply::{AppError, add_cookie, expired_cookie, short_lived_cookie};
use crate::http::request::{Form, local_path};
use crate::http::state::AppState;

/// Name of the choice that follows the device.
const AUTOMATIC: &str = "auto";

/// Fields of the form.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::http) struct Fields {
    theme: String,
    return_to: Option<String>,
}

/// `POST /theme`: sets the theme's cookie, and leads back to the form on the page it was sent from.
pub(in crate::http) async fn choose(
    State(app): State<AppState>,
    Form(fields): Form<Fields>,
) -> Result<Response, AppError> {
    let name = &app.cookies.theme;
    let cookie = match Theme::of_name(&fields.theme) {
        Some(theme) => {
            let lifetime = Duration::seconds(THEME_SECONDS);
            short_lived_cookie(name, theme.as_str(), app.is_https(), lifetime)
        }
        None if fields.theme == AUTOMATIC => expired_cookie(name, app.is_https()),
        None => return Err(AppError::bad_request("The theme must be auto, light or dark.")),
    };
    let back = fields.return_to.and_then(|path| local_path(&path, &app.site.public_url));
    let back = format!("{}#theme", back.as_deref().unwrap_or("/"));
    let mut response = Redirect::to(&back).into_response();
    add_cookie(&mut response, &cookie);
    Ok(response)
}
