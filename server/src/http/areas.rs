//! Areas of the site: their layers, and the handlers of the route table.

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::http::header::ALLOW;
use axum::http::{HeaderValue, Uri};
use axum::middleware::from_fn_with_state;
use axum::response::{IntoResponse as _, Response};
use axum::routing::{MethodRouter, delete, get, post, put};
use gazette_domain::{Area, Endpoint, FeedFormat, Method, ROUTES, Route};
use tower::layer::layer_fn;

use crate::http::identified::{SessionLayers, identify};
use crate::http::middleware::admission::{Entrance, class_of};
use crate::http::middleware::authorize::Rule;
use crate::http::middleware::bodies::BodyLimits;
use crate::http::middleware::caller::Access;
use crate::http::middleware::clone_on_call::CloneOnCall;
use crate::http::middleware::{admission, authorize, bodies, page_cache, redirects, saved_forms};
use crate::http::reply::AppError;
use crate::http::request::{
    FeedParameters, KnownParameters, ListParameters, max_body_bytes, max_held_bytes,
};
use crate::http::routes::archive::{self, ArchiveParameters};
use crate::http::routes::member::{account, reading_list, saved_form};
use crate::http::routes::newsroom::{
    activity, bulk, corrections as corrections_page, delete as delete_page, deletion, editor,
    erase, history, images as images_page, imports, labels, list, people,
    redirects as redirects_page, status, trash,
};
use crate::http::routes::sign_in::{callback, login, logout};
use crate::http::routes::{
    api_docs, assets, corrections, delete_api, feeds, front_page, health, identity, images, lists,
    search, site_files, site_pages, sitemaps, story, theme, write_api,
};
use crate::http::state::AppState;

/// Builds the routes of the route table with the layers of their areas. Only [`Area::Reader`] is
/// cached, and only [`Area::Machine`] has no caller. The action of a route decides who may call it.
pub(super) fn router(state: &AppState, bodies: &BodyLimits) -> Router<AppState> {
    ROUTES.iter().fold(Router::new(), |router, route| {
        let handler = with_layers(route, state);
        let size = max_body_bytes(route.endpoint);
        let held = max_held_bytes(route.endpoint);
        let limit = from_fn_with_state(bodies.of_size(size, held), bodies::limit);
        let limits = (limit, DefaultBodyLimit::max(size));
        let entrance = from_fn_with_state(Entrance::of(route, state), admission::admit);
        let handler = if route.method.is_safe() {
            handler.layer((entrance, layer_fn(CloneOnCall::new)))
        } else {
            handler.layer((entrance, limits, layer_fn(CloneOnCall::new)))
        };
        router.route(route.path, handler)
    })
}

/// Returns the handler of a route with the layers of its area.
fn with_layers(route: &'static Route, state: &AppState) -> MethodRouter<AppState> {
    let (area, session_layers) = (route.area, SessionLayers::of(route.endpoint));
    let (handler, rule) = (handler(route), rule(route));
    let access = Access { area, rule };
    match area {
        Area::Reader => {
            let handler = handler.layer(identify(access, session_layers, state));
            let Some(known) = known_parameters(route.endpoint) else { return handler };
            handler.layer((
                from_fn_with_state(state.clone(), redirects::answer),
                from_fn_with_state((state.clone(), known), page_cache::serve),
                layer_fn(CloneOnCall::new),
            ))
        }
        Area::Newsroom if route.is_newsroom_form() => {
            // A form is kept if the policy refuses it.
            let saved_forms = from_fn_with_state(state.clone(), saved_forms::save);
            let handler = authorized(handler, rule, state).layer(saved_forms);
            handler.layer(identify(Access { area, rule: None }, session_layers, state))
        }
        Area::Newsroom | Area::Member | Area::SignIn => {
            handler.layer(identify(access, session_layers, state))
        }
        Area::Machine => authorized(handler, rule, state),
    }
}

/// Returns the rule of a route; `None` if it has no action.
fn rule(route: &Route) -> Option<Rule> {
    let action = route.action?;
    let max_groups_age = if route.method.is_safe() {
        action.max_groups_age_for_reading_seconds()
    } else {
        action.max_groups_age_seconds()
    };
    Some(Rule { action, max_groups_age, class: class_of(route) })
}

/// Binds a handler behind the policy.
fn authorized(
    handler: MethodRouter<AppState>,
    rule: Option<Rule>,
    state: &AppState,
) -> MethodRouter<AppState> {
    let Some(rule) = rule else { return handler };
    handler.layer(from_fn_with_state((state.clone(), rule), authorize::authorize))
}

/// Responds 405. `Allow` lists the methods of the path.
pub(super) async fn method_not_allowed(uri: Uri) -> Response {
    // The first route that matches is the one that was asked: those with variables come later.
    let first = ROUTES.iter().find(|route| route.matches(uri.path()));
    let routes = ROUTES.iter().filter(|route| first.is_some_and(|first| first.path == route.path));
    let methods: Vec<_> = routes.flat_map(|route| route.method.names().iter().copied()).collect();
    let mut response = AppError::method_not_allowed().into_response();
    if let Ok(methods) = HeaderValue::from_str(&methods.join(", ")) {
        response.headers_mut().insert(ALLOW, methods);
    }
    response
}

/// Binds the handler of a route.
fn handler(route: &Route) -> MethodRouter<AppState> {
    match route.method {
        // Without it, axum would route HEAD to the GET handler.
        Method::GetOnly => bind(route.endpoint).head(method_not_allowed),
        Method::Get | Method::Post | Method::Put | Method::Delete => bind(route.endpoint),
    }
}

/// Returns the parameters that a page reads; `None` if the page is not cached.
fn known_parameters(endpoint: Endpoint) -> Option<KnownParameters> {
    match endpoint {
        Endpoint::FrontPage
        | Endpoint::ReadStory
        | Endpoint::About
        | Endpoint::Archive
        | Endpoint::Privacy
        | Endpoint::Accessibility
        | Endpoint::Sitemap
        | Endpoint::NewsSitemap
        | Endpoint::SitemapPart
        | Endpoint::LanguageModels
        | Endpoint::OpenApi
        | Endpoint::ApiDocs => Some(KnownParameters::NONE),
        Endpoint::ListNews => Some(KnownParameters::of::<ListParameters>().strict_for_programs()),
        Endpoint::ArchiveMonth => Some(KnownParameters::of::<ArchiveParameters>()),
        Endpoint::Section | Endpoint::Tag | Endpoint::Author | Endpoint::Corrections => {
            Some(KnownParameters::of::<FeedParameters>())
        }
        _ => FeedFormat::of_path(endpoint.path()).map(|_| KnownParameters::NONE),
    }
}

/// One line for each endpoint of the route table.
#[expect(clippy::too_many_lines, reason = "the endpoints are that many")]
fn bind(endpoint: Endpoint) -> MethodRouter<AppState> {
    match endpoint {
        Endpoint::FrontPage => get(front_page::page),
        Endpoint::ListNews => get(lists::latest),
        Endpoint::ReadStory => get(story::read),
        Endpoint::Section => get(lists::section),
        Endpoint::Tag => get(lists::tag),
        Endpoint::Author => get(lists::author),
        Endpoint::Search => get(search::search),
        Endpoint::Corrections => get(corrections::page),
        Endpoint::Archive => get(archive::years),
        Endpoint::ArchiveMonth => get(archive::month),
        Endpoint::About => get(site_pages::about),
        Endpoint::Privacy => get(site_pages::privacy),
        Endpoint::Accessibility => get(site_pages::accessibility),
        Endpoint::ChooseTheme => post(theme::choose),
        Endpoint::AtomFeed | Endpoint::RssFeed | Endpoint::JsonFeed => get(feeds::site),
        Endpoint::SectionAtom | Endpoint::SectionRss | Endpoint::SectionJson => get(feeds::section),
        Endpoint::TagAtom | Endpoint::TagRss | Endpoint::TagJson => get(feeds::tag),
        Endpoint::AuthorAtom | Endpoint::AuthorRss | Endpoint::AuthorJson => get(feeds::author),
        Endpoint::Sitemap => get(sitemaps::index),
        Endpoint::NewsSitemap => get(sitemaps::news),
        Endpoint::SitemapPart => get(sitemaps::part),
        Endpoint::LanguageModels => get(site_files::llms),
        Endpoint::OpenApi => get(api_docs::document),
        Endpoint::ApiDocs => get(api_docs::page),
        Endpoint::CreateStory => post(write_api::create),
        Endpoint::ReplaceStory => put(write_api::replace),
        Endpoint::DeleteNews => delete(delete_api::delete_many),
        Endpoint::DeleteStory => delete(delete_api::delete_one),
        Endpoint::AddCorrection => post(corrections::add),
        Endpoint::StoryCorrections => get(corrections_page::page),
        Endpoint::CorrectStory => post(corrections_page::add),
        Endpoint::Desk => get(list::page),
        Endpoint::BulkStories => post(bulk::change),
        Endpoint::TrashStories => post(bulk::trash),
        Endpoint::UndoTrash => post(bulk::undo),
        Endpoint::ConfirmDelete => get(delete_page::confirm),
        Endpoint::DeleteStories => post(delete_page::delete),
        Endpoint::NewStory => get(editor::new),
        Endpoint::CreateDraft => post(editor::create),
        Endpoint::NewStoryImage => post(editor::new_image),
        Endpoint::EditStory => get(editor::edit),
        Endpoint::ChangeStory => post(editor::change),
        Endpoint::StoryImage => post(editor::story_image),
        Endpoint::StoryHistory => get(history::page),
        Endpoint::RestoreVersion => post(history::restore),
        Endpoint::DeletionProgress => get(deletion::page),
        Endpoint::Trash => get(trash::page),
        Endpoint::ConfirmEmptyTrash => get(erase::confirm_empty),
        Endpoint::EmptyTrash => post(erase::empty),
        Endpoint::ConfirmErase => get(erase::confirm),
        Endpoint::EraseStories => post(erase::erase),
        Endpoint::ErasureProgress => get(deletion::erasure_page),
        Endpoint::RestoreStories => post(trash::restore),
        Endpoint::Labels => get(labels::page),
        Endpoint::RenameLabel => post(labels::rename),
        Endpoint::Redirects => get(redirects_page::page),
        Endpoint::AddRedirect => post(redirects_page::add),
        Endpoint::RemoveRedirect => post(redirects_page::remove),
        Endpoint::Imports => get(imports::page),
        Endpoint::UndoImport => post(imports::undo),
        Endpoint::Activity => get(activity::page),
        Endpoint::ActivityCsv => get(activity::csv),
        Endpoint::ActivityNdjson => get(activity::ndjson),
        Endpoint::Status => get(status::page),
        Endpoint::People => get(people::list),
        Endpoint::InvitePerson => post(people::invite),
        Endpoint::Person => get(people::person),
        Endpoint::InvitePersonAgain => post(people::invite_again),
        Endpoint::ChangeRole => post(people::change_role),
        Endpoint::DisablePerson => post(people::disable),
        Endpoint::EnablePerson => post(people::enable),
        Endpoint::SignOutPerson => post(people::sign_out),
        Endpoint::UploadImage => post(images::upload),
        Endpoint::Images => get(images_page::page),
        Endpoint::AddImage => post(images_page::add),
        Endpoint::DeleteImages => post(images_page::delete),
        Endpoint::Account => get(account::page),
        Endpoint::RefreshAccount => post(account::refresh),
        Endpoint::EndSession => post(account::end_one),
        Endpoint::EndAllSessions => post(account::end_all),
        Endpoint::FormerPeople => get(people::moved_page),
        Endpoint::ReadingList => get(reading_list::page),
        Endpoint::SaveStory => post(reading_list::save),
        Endpoint::RemoveSavedStory => post(reading_list::remove),
        Endpoint::SavedForm => get(saved_form::page),
        Endpoint::DiscardSavedForm => post(saved_form::discard),
        Endpoint::Login => get(login::login),
        Endpoint::Callback => get(callback::callback),
        Endpoint::Logout => post(logout::logout),
        Endpoint::Me => get(identity::me),
        Endpoint::Explain => get(identity::explain),
        Endpoint::Verify => get(identity::verify),
        Endpoint::Health => get(health::alive),
        Endpoint::Readiness => get(health::ready),
        Endpoint::Robots => get(site_files::robots),
        Endpoint::Manifest => get(site_files::manifest),
        Endpoint::SecurityContact => get(site_files::security),
        Endpoint::Asset => get(assets::hashed),
        Endpoint::Image => get(images::file),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_page_of_readers_is_cached_under_the_parameters_that_it_reads() {
        let pages = ROUTES.iter().filter(|route| route.method.is_safe());
        for route in pages.filter(|route| route.area == Area::Reader) {
            let known = known_parameters(route.endpoint);
            // Hardly anyone asks for the same search twice.
            let is_cached = known.is_some() || route.endpoint == Endpoint::Search;
            assert!(is_cached, "{} needs a line in known_parameters", route.path);
        }
    }
}
