//! The whole site: the areas, and the layers that every request passes.

use axum::Router;
use axum::middleware::from_fn_with_state;
use gazette_domain::Area;
use leptos::server_fn::axum::register_explicit;
use tower::layer::layer_fn;

use crate::cached_router::CachedRouter;
use crate::http::areas;
use crate::http::identified::{SessionLayers, identify};
use crate::http::middleware::admission::Entrance;
use crate::http::middleware::bodies::BodyLimits;
use crate::http::middleware::caller::Access;
use crate::http::middleware::clone_on_call::CloneOnCall;
use crate::http::middleware::headers::ContentSecurityPolicy;
use crate::http::middleware::{admission, csrf, every_request, finished, redirects};
use crate::http::routes::assets;
use crate::http::state::AppState;

/// Builds the router of the site, with the finished pages in front of it.
pub(crate) fn router(state: AppState) -> CachedRouter {
    // By name, since a linker may drop what only an inventory mentions.
    register_explicit::<gazette_app::server_functions::ListNews>();
    register_explicit::<gazette_app::server_functions::DeleteNews>();

    // A router, since a service of its own would drop the body of an answer to HEAD before the outer layers
    // know its length.
    let files = Router::new().fallback(assets::named);
    let access = Access { area: Area::Reader, rule: None };
    let files = files.layer(identify(access, SessionLayers::WithCookie, &state)).layer((
        from_fn_with_state(Entrance::of_files(&state), admission::admit),
        from_fn_with_state(state.clone(), redirects::answer),
        layer_fn(CloneOnCall::new),
    ));
    let site = files.merge(areas::router(&state, &BodyLimits::default()));

    // A request meets the first layer first.
    let layers = (
        from_fn_with_state(
            (state.clone(), ContentSecurityPolicy::default()),
            every_request::answer,
        ),
        csrf::layer(&state.site.public_url),
        layer_fn(CloneOnCall::new),
    );
    let site = site.method_not_allowed_fallback(areas::method_not_allowed).layer(layers);
    let site = site.with_state(state.clone());
    CachedRouter::new(site, move |request| finished::find(&state, request))
}
