//! The caller of a request and other request data for handlers.

use std::sync::Arc;

use axum::extract::FromRequestParts;
use axum::http::Uri;
use axum::http::request::Parts;
use axum::response::Response;
use gazette_app::pages::{Layout, Page};
use gazette_app::{Frame, RailCounts, RenderedPage, Theme, Viewer};
use gazette_authorizer::TokenError;
use gazette_domain::{AccessError, Action, Caller, Identity, NewsDesk, Policy};
use tower_sessions::Session;

use crate::auth::{SessionError, SessionHash, hash_for_log};
use crate::http::reply::{self, AppError};
use crate::http::request::RequestId;
use crate::http::state::AppState;

/// Caller and other context of a request. Only the middleware `caller` makes it.
#[derive(Clone, Debug)]
pub(in crate::http) struct RequestContext {
    /// Caller, as the token or the session proves.
    pub(in crate::http) caller: Caller,
    /// Reason for which the token in the `Authorization` header was refused.
    pub(in crate::http) token_error: Option<TokenError>,
    /// Session that proves the caller's identity.
    pub(in crate::http) session: Option<Session>,
    /// Session named by the cookie, valid or not.
    pub(in crate::http) presented: Option<SessionHash>,
    /// Path and query, to return to after signing in.
    pub(in crate::http) path: Arc<str>,
    /// Theme that the reader chose.
    pub(in crate::http) theme: Option<Theme>,
    /// `true` if the request has a session that cannot be read now.
    pub(in crate::http) session_unreadable: bool,
    /// Id of the request in logs.
    pub(in crate::http) request_id: RequestId,
}

impl RequestContext {
    /// Context of a request whose caller is not known, or not yet.
    pub(in crate::http) fn anonymous(
        uri: &Uri,
        theme: Option<Theme>,
        request_id: RequestId,
    ) -> Self {
        Self {
            caller: Caller::Anonymous,
            token_error: None,
            session: None,
            presented: None,
            path: uri.path_and_query().map_or("/", |path| path.as_str()).into(),
            theme,
            session_unreadable: false,
            request_id,
        }
    }

    /// Returns the caller's identity.
    ///
    /// # Errors
    /// [`AccessError::NotSignedIn`] for anonymous callers.
    pub(in crate::http) fn identity(&self) -> Result<&Identity, AccessError> {
        self.caller.identity().ok_or(AccessError::NotSignedIn)
    }

    /// Asks the policy, and logs its decision with the reason code.
    pub(in crate::http) fn require(
        &self,
        policy: &Policy,
        action: Action,
    ) -> Result<(), AccessError> {
        let reason = policy.decide(&self.caller, action).as_str();
        let action_name = action.as_str();
        match policy.authorize(&self.caller, action) {
            Ok(_) => {
                tracing::debug!(action = action_name, reason, "allowed");
                Ok(())
            }
            Err(error) => {
                let token = self.token_error.map(TokenError::code);
                let sub_hash = self.caller.identity().map(|it| hash_for_log(&it.claims().sub));
                tracing::info!(action = action_name, reason, token, sub_hash, "denied");
                Err(error)
            }
        }
    }

    /// Asks the policy about an action by groups that the user pool confirmed at most
    /// `max_groups_age` seconds ago. Returns the context with these groups.
    ///
    /// A bearer token counts until it expires, as its issuer intends.
    pub(in crate::http) async fn require_fresh(
        self,
        app: &AppState,
        action: Action,
        max_groups_age: Option<i64>,
    ) -> Result<Self, AppError> {
        self.require(app.desk.policy(), action)?;
        let (Some(session), Some(max_age)) = (&self.session, max_groups_age) else {
            return Ok(self);
        };
        let caller = match app.sessions.fresh_identity(session, max_age).await {
            Ok(identity) => identity.map_or(Caller::Anonymous, Caller::SignedIn),
            Err(SessionError::PoolUnavailable) => return Err(AppError::groups_unconfirmed()),
            Err(error) => return Err(error.into()),
        };
        let context = Self { caller, ..self };
        context.require(app.desk.policy(), action)?;
        Ok(context)
    }

    /// Returns the news desk; its changes carry the id of this request into the audit log.
    pub(in crate::http) fn desk(&self, app: &AppState) -> NewsDesk {
        app.desk.in_request(&self.request_id.to_string())
    }

    /// Renders a page for this caller.
    pub(in crate::http) async fn page(
        &self,
        app: &AppState,
        make: impl FnOnce(&Frame) -> Page,
    ) -> Response {
        let (html, is_public) = self.html(app, make).await;
        reply::page(html, is_public)
    }

    /// Renders a page, and returns whether it is the same for all anonymous readers.
    pub(in crate::http) async fn html(
        &self,
        app: &AppState,
        make: impl FnOnce(&Frame) -> Page,
    ) -> (String, bool) {
        let (mut frame, is_complete) = self.frame(app).await;
        let page = RenderedPage::new(make(&frame));
        if matches!(page.page().layout, Layout::Newsroom(_)) {
            frame.rail_counts = self.rail_counts(app).await;
        }
        (gazette_app::render(&frame, &page), self.is_public(page.page(), is_complete))
    }

    /// Returns whether a page is the same for all anonymous readers.
    pub(super) fn is_public(&self, page: &Page, is_complete: bool) -> bool {
        let is_anonymous = matches!(self.caller, Caller::Anonymous) && !self.session_unreadable;
        page.canonical.is_some() && is_anonymous && is_complete
    }

    /// Returns the numbers in the newsroom's navigation. A page without them is better than no page.
    async fn rail_counts(&self, app: &AppState) -> Option<RailCounts> {
        let counts = app.desk.story_counts(&self.caller).await;
        let counts = counts.inspect_err(|error| tracing::warn!(%error, "no counts"));
        counts.ok().map(|counts| RailCounts { stories: counts.all, trash: counts.trash })
    }

    /// Returns the viewer. Copies of text in a browser have a hash as their name, so that the browser
    /// does not keep who typed it.
    fn viewer(&self, app: &AppState) -> Option<Viewer> {
        let viewer = Viewer::of(&self.caller, app.desk.policy())?;
        let sub =
            self.caller.identity().filter(|_| viewer.may_open_desk).map(|it| &it.claims().sub);
        Some(Viewer { person: sub.map(|sub| hash_for_log(sub)).unwrap_or_default(), ..viewer })
    }

    /// Returns the frame, and `false` if it lacks the navigation.
    pub(in crate::http) async fn frame(&self, app: &AppState) -> (Frame, bool) {
        let sections = app.desk.sections(&self.caller).await.inspect_err(|error| {
            // A page without its navigation is better than no page.
            tracing::warn!(%error, "the sections cannot be read");
        });
        let is_complete = sections.is_ok();
        let frame = Frame {
            site: Arc::clone(&app.site),
            viewer: self.viewer(app),
            sections: sections.unwrap_or_default(),
            rail_counts: None,
            theme: self.theme,
            sign_in_unknown: self.session_unreadable,
            path: self.path.to_string(),
            now: app.clock.now(),
        };
        (frame, is_complete)
    }
}

impl<S: Sync> FromRequestParts<S> for RequestContext {
    type Rejection = AppError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, AppError> {
        let context = parts.extensions.get().cloned();
        context.ok_or_else(|| AppError::internal("the route is outside the caller middleware"))
    }
}
