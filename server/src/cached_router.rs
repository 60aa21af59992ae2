//! A router, and the cache in front of it.

use std::sync::Arc;

use axum::Router;
use axum::extract::Request;
use axum::http::StatusCode;
use axum::http::header::CONTENT_LENGTH;
use axum::response::Response;
use tower_service::Service as _;

/// Returns the response to a request, if it is cached.
type Lookup = Arc<dyn Fn(&Request) -> Option<Response> + Send + Sync>;

/// A router with a cache in front of it, so that a cached response passes no route and no layer.
#[derive(Clone)]
pub struct CachedRouter {
    router: Router,
    lookup: Option<Lookup>,
}

impl CachedRouter {
    /// Puts a cache in front of a router.
    pub(crate) fn new(
        router: Router,
        lookup: impl Fn(&Request) -> Option<Response> + Send + Sync + 'static,
    ) -> Self {
        Self { router, lookup: Some(Arc::new(lookup)) }
    }

    /// Answers a request.
    pub async fn answer(mut self, request: Request) -> Response {
        if let Some(response) = self.lookup.and_then(|lookup| lookup(&request)) {
            return response;
        }
        let mut response = match self.router.call(request).await {
            Ok(response) => response,
            Err(never) => match never {},
        };
        if matches!(response.status(), StatusCode::NO_CONTENT | StatusCode::NOT_MODIFIED) {
            // Axum says 0, which would be the length of the page (RFC 9110 §8.6).
            response.headers_mut().remove(CONTENT_LENGTH);
        }
        response
    }
}

impl From<Router> for CachedRouter {
    /// Returns the router without a cache.
    fn from(router: Router) -> Self {
        Self { router, lookup: None }
    }
}
