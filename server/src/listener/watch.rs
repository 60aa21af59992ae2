//! Watch over a connection: closes it when it expires, must make room, or at a stop.

use std::future::Future;
use std::pin::{Pin, pin};
use std::task::{Context, Poll, ready};

use tokio::net::TcpStream;
use tokio::sync::watch;
use tokio::time::{Instant, Sleep, sleep_until};

use super::activity::{Activity, Expiry};
use super::limits::Limits;
use super::stop::{Phase, reached};
use super::stream::has_unread;

/// End of a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum End {
    /// The client or a response ended it.
    Finished,
    /// Its time ran out.
    Expired(Expiry),
    /// It made room for another.
    Replaced,
}

/// Watch over a connection.
pub(super) struct Watch<'a> {
    pub(super) limits: &'a Limits,
    pub(super) activity: &'a Activity,
    pub(super) socket: &'a TcpStream,
    pub(super) phases: watch::Receiver<Phase>,
}

impl Watch<'_> {
    /// Runs the connection until its end.
    pub(super) async fn run(self, work: impl Future<Output = ()>) -> End {
        let mut work = pin!(work);
        let mut sleep = pin!(sleep_until(Instant::now()));
        let mut phases = self.phases.clone();
        let mut is_draining = false;
        loop {
            tokio::select! {
                biased;
                end = std::future::poll_fn(|cx| {
                    self.poll(cx, work.as_mut(), sleep.as_mut(), is_draining)
                }) => return end,
                () = self.activity.closed() => return End::Replaced,
                () = reached(&mut phases, Phase::Draining), if !is_draining => is_draining = true,
            }
        }
    }

    fn poll(
        &self,
        cx: &mut Context<'_>,
        work: Pin<&mut impl Future<Output = ()>>,
        mut sleep: Pin<&mut Sleep>,
        is_draining: bool,
    ) -> Poll<End> {
        if work.poll(cx).is_ready() {
            return Poll::Ready(End::Finished);
        }
        loop {
            // Asked after each poll, since most of what moves the deadline happens in one.
            let (deadline, expiry) = self.activity.deadline(self.limits, is_draining);
            if sleep.deadline() != deadline {
                sleep.as_mut().reset(deadline);
            }
            ready!(sleep.as_mut().poll(cx));
            match expiry {
                Expiry::Recheck => {}
                // A request that has already arrived is answered.
                Expiry::Idle if has_unread(self.socket) => self.activity.restart_idle_timer(),
                Expiry::Head | Expiry::Idle | Expiry::Unread => {
                    return Poll::Ready(End::Expired(expiry));
                }
            }
        }
    }
}
