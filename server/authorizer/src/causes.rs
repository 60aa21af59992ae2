//! Causes of errors, for the log.

use std::error::Error;
use std::iter::successors;

/// Returns the messages of the causes of an error, the nearest first.
pub fn causes(error: &dyn Error) -> String {
    let causes = successors(error.source(), |&cause| cause.source());
    causes.map(ToString::to_string).collect::<Vec<_>>().join(": ")
}
