//! Layers that only requests with a cookie pass.

use std::task::{Context, Poll};

use axum::extract::Request;
use axum::http::header::COOKIE;
use tower::util::Either;
use tower_service::Service;

/// Service with such layers.
#[derive(Clone)]
pub(in crate::http) struct WithCookies<L, S> {
    layered: L,
    bare: S,
}

impl<L, S: Clone> WithCookies<L, S> {
    /// Wraps a service that is always ready, as all of axum's are.
    pub(in crate::http) fn new(service: S, layer: impl FnOnce(S) -> L) -> Self {
        Self { layered: layer(service.clone()), bare: service }
    }
}

impl<L, S> Service<Request> for WithCookies<L, S>
where
    L: Service<Request> + Clone,
    S: Service<Request, Response = L::Response, Error = L::Error> + Clone,
{
    type Response = L::Response;
    type Error = L::Error;
    type Future = <Either<L, S> as Service<Request>>::Future;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), L::Error>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request) -> Self::Future {
        let mut service = if request.headers().contains_key(COOKIE) {
            Either::Left(self.layered.clone())
        } else {
            Either::Right(self.bare.clone())
        };
        service.call(request)
    }
}
