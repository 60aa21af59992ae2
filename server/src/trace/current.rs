//! Trace of the request that a task serves.

use http::HeaderMap;

use super::context::TraceContext;

tokio::task_local! {
    static CURRENT: Option<TraceContext>;
}

/// Runs work as a part of a trace.
pub(crate) fn within<W: Future>(
    trace: Option<TraceContext>,
    work: W,
) -> impl Future<Output = W::Output> {
    CURRENT.scope(trace, work)
}

/// Returns the trace of the request that this task serves.
pub(crate) fn current() -> Option<TraceContext> {
    CURRENT.try_with(Clone::clone).ok().flatten()
}

/// Makes a request to another service a part of the current trace.
pub(crate) fn add_headers(headers: &mut HeaderMap) {
    if let Some(trace) = current() {
        trace.write(headers);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::trace::context::{TRACEPARENT, TRACESTATE};

    fn sent() -> HeaderMap {
        let mut headers = HeaderMap::new();
        add_headers(&mut headers);
        headers
    }

    #[tokio::test]
    async fn requests_within_a_trace_carry_it() {
        assert!(sent().is_empty());
        let value = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
        let mut headers = HeaderMap::new();
        headers.insert(TRACEPARENT, value.parse().expect("a value"));
        headers.insert(TRACESTATE, "a=1".parse().expect("a value"));
        let trace = TraceContext::of(&headers);
        assert_eq!(within(trace, async { sent() }).await, headers);
        assert!(within(None, async { sent() }).await.is_empty());
    }
}
