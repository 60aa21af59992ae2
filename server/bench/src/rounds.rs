//! Interleaved rounds: what disturbs the machine then disturbs every server alike.

use serde::{Deserialize, Serialize};

use crate::client::Connection;
use crate::process::Server;

/// Number of measured rounds.
const ROUNDS: usize = 15;
/// Connections that stay open. Each has one request at a time.
const CONNECTIONS: usize = 32;

/// A server and the request that it gets.
pub(crate) struct Subject<'s> {
    pub(crate) server: &'s Server,
    pub(crate) request: Vec<u8>,
    pub(crate) status: u16,
}

/// Median and quartiles.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub(crate) struct Spread {
    pub(crate) low: f64,
    pub(crate) median: f64,
    pub(crate) high: f64,
}

impl Spread {
    pub(crate) fn of(mut values: Vec<f64>) -> Self {
        values.sort_unstable_by(f64::total_cmp);
        let at = |quarter: usize| values[(values.len() - 1) * quarter / 4];
        Self { low: at(1), median: at(2), high: at(3) }
    }

    /// Returns a value that was measured once.
    pub(crate) fn exactly(value: f64) -> Self {
        Self { low: value, median: value, high: value }
    }
}

/// Microseconds of CPU a request, one value for each round.
pub(crate) struct Costs(Vec<f64>);

impl Costs {
    pub(crate) fn spread(&self) -> Spread {
        Spread::of(self.0.clone())
    }

    /// Returns these costs in units of others.
    pub(crate) fn relative_to(&self, other: &Self) -> Spread {
        Spread::of(self.0.iter().zip(&other.0).map(|(own, other)| own / other).collect())
    }
}

/// Measures servers in turn. Each gets `requests` requests a round; the first round is not counted.
pub(crate) fn measure(subjects: &[Subject<'_>], requests: usize) -> Vec<Costs> {
    let mut loads: Vec<Load<'_>> = subjects.iter().map(Load::open).collect();
    let mut costs: Vec<Costs> = subjects.iter().map(|_| Costs(Vec::new())).collect();
    for round in 0..=ROUNDS {
        for turn in 0..loads.len() {
            // Each round begins with another server.
            let index = (round + turn) % loads.len();
            let cost = loads[index].run(requests);
            if round > 0 {
                costs[index].0.push(cost);
            }
        }
    }
    costs
}

struct Load<'s> {
    subject: &'s Subject<'s>,
    connections: Vec<Connection>,
}

impl<'s> Load<'s> {
    fn open(subject: &'s Subject<'s>) -> Self {
        let connections = (0..CONNECTIONS).map(|_| Connection::open(subject.server.address));
        Self { subject, connections: connections.collect() }
    }

    /// Returns the microseconds of CPU a request.
    fn run(&mut self, requests: usize) -> f64 {
        let turns = requests.div_ceil(CONNECTIONS);
        let before = self.subject.server.cpu_time();
        for _ in 0..turns {
            for connection in &mut self.connections {
                connection.send(&self.subject.request);
            }
            for connection in &mut self.connections {
                assert_eq!(connection.receive(), self.subject.status, "the status");
            }
        }
        let spent = self.subject.server.cpu_time().saturating_sub(before);
        let answered = u32::try_from(turns * CONNECTIONS).expect("few requests");
        spent.as_secs_f64() * 1e6 / f64::from(answered)
    }
}
