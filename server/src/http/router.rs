//! The whole site: the areas, and the layers that every request passes.

use axum::Router;
use axum::middleware::{from_fn, from_fn_with_state};
use gazette_domain::Area;
use leptos::server_fn::axum::register_explicit;

use crate::http::areas;
use crate::http::middleware::bodies::BodyLimits;
use crate::http::middleware::{
    bodies, conditional, csrf, error_pages, headers, limits, request_log,
};
use crate::http::routes::assets;
use crate::http::state::AppState;

/// Builds the router of the site.
pub(crate) fn router(state: AppState) -> Router {
    // By name, since a linker may drop what only an inventory mentions.
    register_explicit::<gazette_app::server_functions::ListNews>();
    register_explicit::<gazette_app::server_functions::DeleteNews>();

    let files = areas::identified(Router::new().fallback(assets::named), Area::Reader, &state);
    let site =
        Area::ALL.into_iter().fold(files, |site, area| site.merge(areas::router(area, &state)));

    // The last layer is the first that a request meets.
    site.method_not_allowed_fallback(areas::method_not_allowed)
        .layer(from_fn_with_state(BodyLimits::default(), bodies::limit))
        .layer(from_fn_with_state(state.clone(), csrf::require_known_origin))
        .layer(csrf::layer(&state.site.public_url))
        .layer(from_fn(limits::enforce))
        .layer(from_fn_with_state(state.clone(), error_pages::render))
        .layer(from_fn(conditional::not_modified))
        .layer(from_fn_with_state(state.clone(), headers::secure))
        .layer(from_fn_with_state(state.clone(), request_log::record))
        .with_state(state)
}
