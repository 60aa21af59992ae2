//! Errors in words for the operator.

use std::error::Error;
use std::iter::successors;

/// Returns the message of an error and those of its causes, without repetitions.
pub(crate) fn with_causes(error: &(dyn Error + 'static)) -> String {
    let mut messages: Vec<String> = Vec::new();
    for cause in successors(Some(error), |&error| error.source()) {
        let message = cause.to_string();
        if !messages.iter().any(|earlier| earlier.contains(&message)) {
            messages.push(message);
        }
    }
    messages.join(": ")
}

#[cfg(test)]
mod tests {
    use std::io;

    use super::*;

    #[derive(Debug, thiserror::Error)]
    #[error("{0}")]
    struct Repeats(#[source] Cause);

    #[derive(Debug, thiserror::Error)]
    #[error("cannot be read")]
    struct Cause(#[from] io::Error);

    #[test]
    fn each_message_appears_once() {
        let error = Repeats(Cause(io::Error::other("disk")));
        assert_eq!(with_causes(&error), "cannot be read: disk");
    }
}
