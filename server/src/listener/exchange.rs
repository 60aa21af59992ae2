//! Exchange of a request and its response, and their bodies, which note its progress.

use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use http_body::{Body, Frame, SizeHint};

use super::activity::{Activity, Stage};

/// Most bytes of a response that are handed to HTTP/2 at once. It takes what it is given before the
/// client has room for it, and the client's progress would not be seen.
const MAX_HTTP2_CHUNK_BYTES: usize = 16 * 1024;

/// Exchange of a request and its response; it ends when this value is dropped.
pub(super) struct Exchange {
    activity: Arc<Activity>,
    id: u64,
}

impl Exchange {
    pub(super) fn begin(activity: &Arc<Activity>) -> Self {
        Self { activity: Arc::clone(activity), id: activity.begin() }
    }

    /// Wraps the body of the request.
    pub(super) fn request_body<B: Body>(&self, body: B) -> RequestBody<B> {
        let activity = Arc::clone(&self.activity);
        RequestBody { body, activity, id: self.id, is_waiting: false, has_ended: false }
    }

    /// Wraps the body of the response, with which the exchange ends.
    pub(super) fn response_body<B>(self, body: B) -> ResponseBody<B> {
        self.activity.enter(self.id, Stage::Response);
        let max_chunk = if self.activity.is_http2() { MAX_HTTP2_CHUNK_BYTES } else { usize::MAX };
        ResponseBody { body, exchange: self, rest: Bytes::new(), max_chunk }
    }
}

impl Drop for Exchange {
    fn drop(&mut self) {
        self.activity.end(self.id);
    }
}

/// Body of a request.
pub(super) struct RequestBody<B: Body> {
    body: B,
    activity: Arc<Activity>,
    id: u64,
    is_waiting: bool,
    has_ended: bool,
}

impl<B: Body> Drop for RequestBody<B> {
    fn drop(&mut self) {
        if !self.has_ended && !self.body.is_end_stream() {
            self.activity.leave_body();
        }
    }
}

impl<B: Body + Unpin> Body for RequestBody<B> {
    type Data = B::Data;
    type Error = B::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<B::Data>, B::Error>>> {
        let polled = Pin::new(&mut self.body).poll_frame(cx);
        self.has_ended = matches!(polled, Poll::Ready(None));
        if polled.is_pending() != self.is_waiting {
            self.is_waiting = polled.is_pending();
            let stage = if self.is_waiting { Stage::Body } else { Stage::Handler };
            self.activity.enter(self.id, stage);
        }
        polled
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

/// Body of a response.
pub(super) struct ResponseBody<B> {
    body: B,
    exchange: Exchange,
    /// Bytes of the last chunk that have not been handed on.
    rest: Bytes,
    max_chunk: usize,
}

impl<B: Body<Data = Bytes> + Unpin> ResponseBody<B> {
    fn poll_body(&mut self, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, B::Error>>> {
        if self.rest.is_empty() {
            match ready!(Pin::new(&mut self.body).poll_frame(cx)) {
                Some(Ok(frame)) => match frame.into_data() {
                    Ok(data) => self.rest = data,
                    Err(trailers) => return Poll::Ready(Some(Ok(trailers))),
                },
                ended => return Poll::Ready(ended),
            }
        }
        let count = self.rest.len().min(self.max_chunk);
        Poll::Ready(Some(Ok(Frame::data(self.rest.split_to(count)))))
    }
}

impl<B: Body<Data = Bytes> + Unpin> Body for ResponseBody<B> {
    type Data = Bytes;
    type Error = B::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, B::Error>>> {
        let polled = self.poll_body(cx);
        let stage = if polled.is_pending() { Stage::Handler } else { Stage::Response };
        self.exchange.activity.enter(self.exchange.id, stage);
        polled
    }

    fn is_end_stream(&self) -> bool {
        self.rest.is_empty() && self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        let (body, rest) = (self.body.size_hint(), self.rest.len() as u64);
        let mut hint = SizeHint::new();
        hint.set_lower(body.lower().saturating_add(rest));
        if let Some(upper) = body.upper() {
            hint.set_upper(upper.saturating_add(rest));
        }
        hint
    }
}
