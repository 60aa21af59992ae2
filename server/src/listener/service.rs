//! Service of one connection: the router, with what the listener adds to requests and responses.

use std::convert::Infallible;
use std::future::Future;
use std::net::IpAddr;
use std::pin::Pin;
use std::sync::Arc;

use axum::body::Body;
use axum::http::header::CONNECTION;
use axum::http::{HeaderValue, Request, Response, Version};
use hyper::body::Incoming;
use hyper::service::Service as HyperService;
use tokio::sync::watch;

use super::activity::Activity;
use super::exchange::{Exchange, ResponseBody};
use super::limits::Limits;
use super::own_responses::{panicked, too_many_connections};
use super::peer::PeerAddress;
use super::stop::{Phase, Stopping};
use crate::cached_router::CachedRouter;
use crate::panics::catch_panic;

/// Service of one connection.
pub(super) struct ConnectionService {
    pub(super) router: CachedRouter,
    pub(super) peer: IpAddr,
    pub(super) activity: Arc<Activity>,
    pub(super) limits: Arc<Limits>,
    pub(super) is_reserve: bool,
    pub(super) phases: watch::Receiver<Phase>,
}

type ServiceResult = Result<Response<ResponseBody<Body>>, Infallible>;

impl HyperService<Request<Incoming>> for ConnectionService {
    type Response = Response<ResponseBody<Body>>;
    type Error = Infallible;
    type Future = Pin<Box<dyn Future<Output = ServiceResult> + Send>>;

    fn call(&self, request: Request<Incoming>) -> Self::Future {
        let exchange = Exchange::begin(&self.activity);
        let version = request.version();
        let mut request = request.map(|body| Body::new(exchange.request_body(body)));
        request.extensions_mut().insert(PeerAddress(self.peer));
        let phases = self.phases.clone();
        if *phases.borrow() > Phase::Serving {
            request.extensions_mut().insert(Stopping);
        }
        let is_reserve = self.is_reserve;
        let has_room = !is_reserve || self.limits.health_checks.contains(&request.uri().path());
        let response = has_room.then(|| self.router.clone().answer(request));
        Box::pin(async move {
            let mut response = match response {
                // The site answers panics of its handlers itself; the embedded pool does not.
                Some(response) => catch_panic(response).await.unwrap_or_else(panicked),
                None => too_many_connections(),
            };
            let is_last = is_reserve || *phases.borrow() > Phase::Serving;
            // HTTP/2 has no such header; its clients are told when the drain begins.
            if is_last && version < Version::HTTP_2 {
                response.headers_mut().insert(CONNECTION, HeaderValue::from_static("close"));
            }
            Ok(response.map(|body| exchange.response_body(body)))
        })
    }
}
