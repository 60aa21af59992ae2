//! The route table.

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::middleware::{from_fn, from_fn_with_state};
use axum::routing::{get, post};
use leptos::server_fn::axum::register_explicit;
use tower_sessions::cookie::SameSite;
use tower_sessions::cookie::time::Duration;
use tower_sessions::{Expiry, SessionManagerLayer};

use crate::auth::TableSessionStore;
use crate::http::state::AppState;
use crate::http::{
    account, assets, audit, caller, csrf, desk, headers, health, identity, limits, news,
    page_cache, pages, problem_pages, request_id, saved, saved_form, session_cookie, sign_in,
    trash, writing,
};

/// Every address of the site, and what every request goes through.
pub fn router(state: AppState) -> Router {
    // By name, since a linker may drop what only an inventory mentions.
    register_explicit::<gazette_app::server_functions::ListNews>();
    register_explicit::<gazette_app::server_functions::DeleteNews>();

    let routes = Router::new()
        .route("/", get(pages::front))
        .route("/news", get(news::list).post(writing::create).delete(news::delete_many))
        .route("/news/{name}", get(news::story).put(writing::replace).delete(news::delete_one))
        .route("/section/{slug}", get(pages::section))
        .route("/tag/{slug}", get(pages::tag))
        .route("/author/{slug}", get(pages::author))
        .route("/account", get(account::page))
        .route("/account/refresh", post(account::refresh))
        .route("/account/sessions/end", post(account::end_one))
        .route("/account/sessions/end-all", post(account::end_all))
        .route("/account/people", get(account::people))
        .route("/account/people/end", post(account::end_person))
        .route("/desk", get(desk::list))
        .route("/desk/delete", get(desk::ask_to_delete).post(desk::delete))
        .route("/desk/trash", get(trash::page))
        .route("/desk/trash/empty", post(trash::empty))
        .route("/desk/restore", post(trash::restore))
        .route("/desk/audit", get(audit::page))
        .route("/saved", get(saved::page).post(saved::save))
        .route("/saved/remove", post(saved::remove))
        .route("/kept", get(saved_form::page))
        .route("/kept/discard", post(saved_form::discard))
        // HEAD would begin a login, or use one up, for somebody who only looks.
        .route("/auth/login", get(sign_in::login).head(pages::method_not_allowed))
        .route("/auth/callback", get(sign_in::callback).head(pages::method_not_allowed))
        .route("/auth/logout", post(sign_in::logout))
        .route("/auth/me", get(identity::me))
        .route("/auth/explain", get(identity::explain))
        .route("/auth/verify", get(identity::verify))
        .fallback(assets::named)
        .method_not_allowed_fallback(pages::method_not_allowed);

    // What is the same for everybody does not ask who is asking.
    let impersonal = Router::new()
        .route("/healthz", get(health::alive))
        .route("/readyz", get(health::ready))
        .route("/assets/{file}", get(assets::hashed));

    // The last layer is the first that a request meets.
    routes
        .layer(DefaultBodyLimit::max(limits::MAX_BODY_BYTES))
        .layer(from_fn_with_state(state.clone(), saved_form::keep))
        .layer(from_fn_with_state(state.clone(), caller::identify))
        .layer(session_layer(&state))
        .layer(from_fn_with_state(state.clone(), session_cookie::guard))
        .layer(from_fn_with_state(state.clone(), page_cache::serve))
        .merge(impersonal)
        .layer(from_fn_with_state(state.clone(), csrf::require_known_origin))
        .layer(csrf::layer(&state.site.public_url))
        .layer(from_fn(limits::enforce))
        .layer(from_fn_with_state(state.clone(), problem_pages::show))
        .layer(from_fn_with_state(state.clone(), headers::secure))
        .layer(from_fn(request_id::assign))
        .with_state(state)
}

fn session_layer(state: &AppState) -> SessionManagerLayer<TableSessionStore> {
    SessionManagerLayer::new(state.sessions.store())
        .with_name(session_cookie::session_cookie_name(state.is_https()))
        .with_secure(state.is_https())
        .with_http_only(true)
        // Lax, since the way back from the hosted UI is a cross-site navigation; what
        // changes anything is guarded by its origin besides.
        .with_same_site(SameSite::Lax)
        .with_path("/")
        // How long it opens anything is said in the table; the cookie is only not to outlive that.
        .with_expiry(Expiry::OnInactivity(Duration::seconds(state.sessions.max_lifetime_seconds())))
}
