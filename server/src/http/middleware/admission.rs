//! Whether a route takes on a request, decided before its body is read: rates of addresses and
//! people, requests in progress, and their queueing delay.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::header::RETRY_AFTER;
use axum::http::{HeaderName, HeaderValue, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use gazette_domain::{Area, Endpoint, FeedFormat, Route};

use crate::config::TrafficClass;
use crate::http::reply::AppError;
use crate::http::request::ClientAddress;
use crate::http::state::AppState;
use crate::listener::PeerAddress;
use crate::metrics::RouteMetrics;
use crate::panics::catch_panic;
use crate::traffic::{RateLimited, Requester};

const RATE_LIMIT: HeaderName = HeaderName::from_static("ratelimit");
const RATE_LIMIT_POLICY: HeaderName = HeaderName::from_static("ratelimit-policy");

/// Entrance of a route.
pub(in crate::http) struct Entrance {
    app: AppState,
    metrics: Arc<RouteMetrics>,
    /// Health checks are always answered.
    is_open: bool,
    /// To send a file takes no more than to refuse it.
    is_cheap: bool,
}

impl Entrance {
    /// Returns the entrance of a route.
    pub(in crate::http) fn of(route: &Route, app: &AppState) -> Arc<Self> {
        let method = route.method.names().first().copied().unwrap_or_default();
        Arc::new(Self {
            app: app.clone(),
            metrics: app.metrics.add_route(route.path, method, class_of(route)),
            is_open: matches!(route.endpoint, Endpoint::Health | Endpoint::Readiness),
            is_cheap: false,
        })
    }

    /// Returns the entrance of the files of the site, and of what is not there.
    pub(in crate::http) fn of_files(app: &AppState) -> Arc<Self> {
        Arc::new(Self {
            app: app.clone(),
            metrics: app.metrics.add_route("files", "GET", TrafficClass::Machine),
            is_open: false,
            is_cheap: true,
        })
    }

    async fn enter(&self, request: Request, next: Next) -> Response {
        let class = self.metrics.class;
        if self.is_open {
            return next.run(request).await;
        }
        if let Err(limited) = check_address(&self.app, class, &request) {
            self.app.metrics.limited_addresses.add(class.as_str());
            return too_many_requests(class, limited);
        }
        if !self.is_cheap && self.app.queue_delay.is_too_long(class) {
            return self.shed(class);
        }
        let Some(_place) = self.app.in_progress.enter(class) else {
            return self.shed(class);
        };
        next.run(request).await
    }

    fn shed(&self, class: TrafficClass) -> Response {
        self.app.metrics.shed.add(class.as_str());
        AppError::overloaded().into_response()
    }
}

/// Answers through the entrance of a route, also if its handler panics. The response carries its metrics, which the outermost
/// layer counts with the final status.
pub(in crate::http) async fn admit(
    State(entrance): State<Arc<Entrance>>,
    request: Request,
    next: Next,
) -> Response {
    let answered = catch_panic(entrance.enter(request, next)).await;
    let mut response =
        answered.unwrap_or_else(|| AppError::internal("the request panicked").into_response());
    response.extensions_mut().insert(Arc::clone(&entrance.metrics));
    response
}

/// Returns the class of a route.
pub(in crate::http) fn class_of(route: &Route) -> TrafficClass {
    match route.endpoint {
        Endpoint::Login | Endpoint::Callback | Endpoint::Logout => TrafficClass::SignIn,
        _ if !route.method.is_safe() => TrafficClass::Write,
        Endpoint::Sitemap | Endpoint::NewsSitemap | Endpoint::SitemapPart => TrafficClass::Machine,
        _ if route.area == Area::Machine || FeedFormat::of_path(route.path).is_some() => {
            TrafficClass::Machine
        }
        _ => TrafficClass::Read,
    }
}

/// Counts a request for its person; returns the answer if there were too many.
pub(in crate::http) fn refuse_person(
    app: &AppState,
    class: TrafficClass,
    request: &Request,
    subject: &str,
) -> Option<Response> {
    let person = Requester::Person(subject);
    let limited = check(app, class, client(app, request), |_| person).err()?;
    app.metrics.limited_people.add(class.as_str());
    Some(too_many_requests(class, limited))
}

/// Counts a request for its address, and returns whether it may pass.
pub(in crate::http) fn is_within_rate(
    app: &AppState,
    class: TrafficClass,
    request: &Request,
) -> bool {
    check_address(app, class, request).is_ok()
}

fn check_address(
    app: &AppState,
    class: TrafficClass,
    request: &Request,
) -> Result<(), RateLimited> {
    check(app, class, client(app, request), |client| Requester::at(client.address))
}

/// Counts a request. A client on this machine, or a proxy that does not say for whom it asks, is
/// limited only if the configuration names the class: everyone might be behind it.
fn check<'r>(
    app: &AppState,
    class: TrafficClass,
    client: Option<ClientAddress>,
    requester: impl FnOnce(ClientAddress) -> Requester<'r>,
) -> Result<(), RateLimited> {
    let (Some(limit), Some(client)) = (app.rate_limits.of(class), client) else { return Ok(()) };
    if client.is_trusted && !limit.is_explicit {
        return Ok(());
    }
    app.rate_limiter.check(class, limit.rate, requester(client))
}

/// Returns the client; `None` where an API gateway stands in front, which has limits of its own.
fn client(app: &AppState, request: &Request) -> Option<ClientAddress> {
    let PeerAddress(peer) = request.extensions().get()?;
    Some(ClientAddress::of(*peer, request.headers(), &app.trusted_proxies))
}

/// 429, with the fields of the IETF draft on rate limits.
fn too_many_requests(class: TrafficClass, limited: RateLimited) -> Response {
    let RateLimited { rate, retry_seconds } = limited;
    let name = class.as_str();
    let fields = [
        (RETRY_AFTER, retry_seconds.to_string()),
        (RATE_LIMIT, format!("\"{name}\";r=0;t={retry_seconds}")),
        (RATE_LIMIT_POLICY, format!("\"{name}\";q={};w={}", rate.requests, rate.seconds)),
    ];
    let error = AppError::with_message(StatusCode::TOO_MANY_REQUESTS, "Too Many Requests");
    let mut response = error.into_response();
    for (name, value) in fields {
        if let Ok(value) = HeaderValue::from_str(&value) {
            response.headers_mut().insert(name, value);
        }
    }
    response
}
