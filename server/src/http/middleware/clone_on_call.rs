//! Clones of services, put off until a request needs them.

use std::sync::Arc;
use std::task::{Context, Poll};

use tower_service::Service;

/// Service whose clones share it, until one of them is called.
///
/// Each layer of axum clones everything below it for each request, even if it answers the request
/// itself. Between layers, this type reduces such a clone to one reference count.
pub(in crate::http) struct CloneOnCall<S>(Arc<S>);

impl<S> CloneOnCall<S> {
    /// Wraps a service that is always ready, as all of axum's are.
    pub(in crate::http) fn new(service: S) -> Self {
        Self(Arc::new(service))
    }
}

impl<S> Clone for CloneOnCall<S> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<S: Service<R> + Clone, R> Service<R> for CloneOnCall<S> {
    type Response = S::Response;
    type Error = S::Error;
    type Future = S::Future;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: R) -> S::Future {
        S::clone(&self.0).call(request)
    }
}
