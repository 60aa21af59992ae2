//! Span of one request.

use std::num::{NonZeroU64, NonZeroU128};
use std::time::SystemTime;

use http::Method;

use crate::trace::context::{SAMPLED, TraceContext, TraceId};

/// Methods that have a name in the semantic conventions of OpenTelemetry.
const METHODS: [&str; 9] =
    ["GET", "HEAD", "POST", "PUT", "DELETE", "CONNECT", "OPTIONS", "TRACE", "PATCH"];

/// Span of one request, which is being answered.
pub(in crate::trace) struct Span {
    /// Trace with this span as the parent of what follows.
    pub(in crate::trace) context: TraceContext,
    pub(super) parent: Option<NonZeroU64>,
    pub(super) method: &'static str,
    pub(super) start: SystemTime,
}

/// Span of one request that was answered.
pub(in crate::trace) struct EndedSpan {
    pub(super) span: Span,
    pub(super) route: &'static str,
    pub(super) status: u16,
    pub(super) end: SystemTime,
}

impl Span {
    /// Begins a span in the trace of a request, or in a new one; `None` if its caller does not
    /// record the trace.
    pub(super) fn begin(method: &Method, of_request: Option<&TraceContext>) -> Option<Self> {
        let id = NonZeroU64::new(fastrand::u64(1..))?;
        let context = match of_request {
            Some(context) if context.flags & SAMPLED == 0 => return None,
            Some(context) => TraceContext { parent: id, ..context.clone() },
            None => TraceContext {
                id: TraceId(NonZeroU128::new(fastrand::u128(1..))?),
                parent: id,
                flags: SAMPLED,
                state: None,
            },
        };
        let known = METHODS.into_iter().find(|known| *known == method.as_str());
        Some(Self {
            context,
            parent: of_request.map(|context| context.parent),
            method: known.unwrap_or("_OTHER"),
            start: SystemTime::now(),
        })
    }

    /// Ends the span.
    pub(in crate::trace) fn ended(self, route: &'static str, status: u16) -> EndedSpan {
        EndedSpan { span: self, route, status, end: SystemTime::now() }
    }
}
