//! Queue of spans, and the task that sends them.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use anyhow::{Context as _, Result, ensure};
use http::Method;
use tokio::sync::{mpsc, oneshot};
use tokio::time::{Instant, timeout, timeout_at};

use super::payload::payload;
use super::span::{EndedSpan, Span};
use crate::config::OtlpConfig;
use crate::trace::context::TraceContext;

/// Maximum number of spans that wait. Further ones are dropped.
const MAX_QUEUE: usize = 2048;
/// Maximum number of spans in one request.
const MAX_BATCH: usize = 512;
/// Maximum time that a span waits for others.
const BATCH_DELAY: Duration = Duration::from_secs(5);
const EXPORT_TIMEOUT: Duration = Duration::from_secs(10);
/// Maximum time that the end of the process waits for the last spans.
const FLUSH_TIMEOUT: Duration = Duration::from_secs(3);

/// Queue of this process, if it exports spans.
static QUEUE: OnceLock<mpsc::Sender<Message>> = OnceLock::new();

/// Spans that were dropped since the last successful export.
static DROPPED: AtomicU64 = AtomicU64::new(0);

enum Message {
    Span(EndedSpan),
    /// Asks for an export now, and for a word when it is done.
    Flush(oneshot::Sender<()>),
}

/// Starts to export spans, if the configuration names a receiver.
///
/// # Errors
/// The client cannot be made.
pub(crate) fn start_export() -> Result<()> {
    let Some(config) = OtlpConfig::of_environment()? else { return Ok(()) };
    let builder = reqwest::Client::builder()
        .redirect(reqwest::redirect::Policy::none())
        .timeout(EXPORT_TIMEOUT);
    let builder = if config.is_https() { builder } else { builder.tls_certs_only([]) };
    let client = builder.build().context("no client for OTEL_EXPORTER_OTLP_ENDPOINT")?;
    let (sender, receiver) = mpsc::channel(MAX_QUEUE);
    if QUEUE.set(sender).is_ok() {
        tracing::info!(endpoint = %config.url, "exporting spans");
        tokio::spawn(Exporter { config, client, is_failing: false }.run(receiver));
    }
    Ok(())
}

/// Begins the span of a request, if spans are exported and this one is to be recorded.
pub(in crate::trace) fn begin(method: &Method, context: Option<&TraceContext>) -> Option<Span> {
    QUEUE.get().and_then(|_| Span::begin(method, context))
}

/// Queues a span, or drops it if too many wait.
pub(in crate::trace) fn export(span: EndedSpan) {
    if let Some(queue) = QUEUE.get()
        && queue.try_send(Message::Span(span)).is_err()
    {
        DROPPED.fetch_add(1, Ordering::Relaxed);
    }
}

/// Exports the spans that wait, before the process ends.
pub(crate) async fn flush() {
    let Some(queue) = QUEUE.get() else { return };
    let (done, exported) = oneshot::channel();
    let flushed = async {
        if queue.send(Message::Flush(done)).await.is_ok() {
            let _ = exported.await;
        }
    };
    let _ = timeout(FLUSH_TIMEOUT, flushed).await;
}

struct Exporter {
    config: OtlpConfig,
    client: reqwest::Client,
    is_failing: bool,
}

impl Exporter {
    async fn run(mut self, mut queue: mpsc::Receiver<Message>) {
        let mut batch = Vec::with_capacity(MAX_BATCH);
        while let Some(message) = queue.recv().await {
            let due = Instant::now() + BATCH_DELAY;
            let mut next = Some(message);
            let mut flushed = None;
            while let Some(message) = next.take() {
                match message {
                    Message::Span(span) => batch.push(span),
                    Message::Flush(done) => flushed = Some(done),
                }
                if flushed.is_none() && batch.len() < MAX_BATCH {
                    next = timeout_at(due, queue.recv()).await.ok().flatten();
                }
            }
            self.export(&batch).await;
            batch.clear();
            if let Some(done) = flushed {
                let _ = done.send(());
            }
        }
    }

    /// Sends a batch. One that fails is dropped: the next one follows soon.
    async fn export(&mut self, batch: &[EndedSpan]) {
        if batch.is_empty() {
            return;
        }
        match self.send(batch).await {
            Ok(()) => {
                let dropped = DROPPED.swap(0, Ordering::Relaxed);
                if std::mem::take(&mut self.is_failing) || dropped > 0 {
                    tracing::warn!(dropped, "spans are exported again");
                }
            }
            Err(error) => {
                DROPPED.fetch_add(batch.len() as u64, Ordering::Relaxed);
                if !std::mem::replace(&mut self.is_failing, true) {
                    tracing::warn!(error = format!("{error:#}"), "cannot export spans");
                }
            }
        }
    }

    async fn send(&self, batch: &[EndedSpan]) -> Result<()> {
        let body = payload(&self.config.service, batch);
        let response = self.client.post(self.config.url.clone()).json(&body).send().await?;
        let status = response.status();
        ensure!(status.is_success(), "the answer has status {status}");
        Ok(())
    }
}
