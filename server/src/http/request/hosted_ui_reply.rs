//! The reply of the hosted UI to a login.

use crate::auth::Secret;
use crate::http::reply::AppError;

/// The longest query that is read (OAU-04).
const MAX_QUERY_BYTES: usize = 2 * 1024;
/// Lengths at which the error and the description of the hosted UI are cut.
const MAX_ERROR_CHARACTERS: usize = 60;
const MAX_DESCRIPTION_CHARACTERS: usize = 300;

/// Reply of the hosted UI, in the query of the callback.
pub(in crate::http) struct Reply {
    pub(in crate::http) state: Secret,
    pub(in crate::http) code: Option<String>,
    error: Option<String>,
    description: Option<String>,
}

impl Reply {
    /// Reads it strictly: no repeated parameters, and not both a code and an error (OAU-04).
    ///
    /// Unlike other queries, an empty value is not an absent one.
    ///
    /// # Errors
    /// [`UnreadableReply`], whose login has had its attempt.
    pub(in crate::http) fn parse(
        query: &str,
        (issuer, must_be_named): (&str, bool),
    ) -> Result<Self, UnreadableReply> {
        if query.len() > MAX_QUERY_BYTES {
            return Err(UnreadableReply { state: None });
        }
        let (mut code, mut state, mut error, mut iss) = (None, None, None, None);
        let (mut description, mut is_repeated) = (None, false);
        for (name, value) in url::form_urlencoded::parse(query.as_bytes()) {
            let slot = match name.as_ref() {
                "code" => &mut code,
                "state" => &mut state,
                "error" => &mut error,
                "error_description" => &mut description,
                "iss" => &mut iss,
                _ => continue,
            };
            is_repeated |= slot.replace(value.into_owned()).is_some();
        }
        let Some(state) = state.as_deref().and_then(Secret::parse) else {
            return Err(UnreadableReply { state: None });
        };
        // RFC 9207: the reply must come from the issuer that was asked.
        let is_foreign = iss.as_deref().map_or(must_be_named, |iss| iss != issuer);
        let is_unclear = code.is_some() == error.is_some() || code.as_deref() == Some("");
        if is_repeated || is_foreign || is_unclear {
            return Err(UnreadableReply { state: Some(state) });
        }
        Ok(Self { state, code, error, description })
    }

    /// Logs the error that the hosted UI returned and explains it.
    pub(in crate::http) fn explanation(&self) -> String {
        let error = plain_text(self.error.as_deref().unwrap_or_default(), MAX_ERROR_CHARACTERS);
        let description = self.description.as_deref().unwrap_or_default();
        let description = plain_text(description, MAX_DESCRIPTION_CHARACTERS);
        tracing::info!(error, description, "the hosted UI returned an error");
        let summary = match error.as_str() {
            "access_denied" => "Sign-in was cancelled.",
            _ => "The sign-in service refused the sign-in.",
        };
        let reported = match (error.as_str(), description.as_str()) {
            ("" | "access_denied", "") => return summary.to_owned(),
            (only, "") | ("", only) => only.to_owned(),
            (error, description) => format!("{error} ({description})"),
        };
        format!("{summary} The sign-in service reported: {reported}")
    }
}

/// A reply that is not what a hosted UI sends.
pub(in crate::http) struct UnreadableReply {
    /// The last state in it, if it has one.
    pub(in crate::http) state: Option<Secret>,
}

impl From<UnreadableReply> for AppError {
    fn from(_: UnreadableReply) -> Self {
        Self::sign_in("We couldn't read the reply from the sign-in service.")
    }
}

/// Returns the beginning of a text without control characters and overrides of its direction.
fn plain_text(text: &str, max_characters: usize) -> String {
    let is_override = |c: char| matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    let plain = text.chars().filter(|c| !c.is_control() && !is_override(*c));
    plain.take(max_characters).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const ISSUER: &str = "https://issuer.example/pool";

    proptest! {
        #[test]
        fn oau_04_no_reply_panics(query in ".{0,300}") {
            let _ = Reply::parse(&query, (ISSUER, false));
        }
    }

    #[test]
    fn oau_04_repeated_or_contradicting_replies_are_refused() {
        let state = Secret::generate().expect("randomness");
        let state = state.as_str();
        for query in [
            format!("code=a&code=b&state={state}"),
            format!("code=a&state={state}&state={state}"),
            format!("code=a&error=b&state={state}"),
            format!("state={state}"),
            format!("code=&state={state}"),
            "code=a&state=short".to_owned(),
            "code=a".to_owned(),
            format!("code={}&state={state}", "a".repeat(2_048)),
        ] {
            assert!(Reply::parse(&query, (ISSUER, false)).is_err(), "{query}");
        }
        let good = |query: String| Reply::parse(&query, (ISSUER, false));
        assert!(good(format!("error=x&state={state}")).is_ok_and(|reply| reply.code.is_none()));
        assert!(good(format!("code=a&state={state}&session_state=x")).is_ok());
    }

    #[test]
    fn oau_11_the_error_of_the_hosted_ui_is_explained_as_limited_text() {
        let state = Secret::generate().expect("randomness");
        let explain = |query: &str| {
            let query = format!("{query}&state={}", state.as_str());
            Reply::parse(&query, (ISSUER, false)).ok().map(|reply| reply.explanation())
        };
        let text = explain("error=access_denied").expect("readable");
        assert_eq!(text, "Sign-in was cancelled.");
        let text = explain("error=invalid_request&error_description=PreSignUp+failed%0a%E2%80%AE");
        let text = text.expect("readable");
        assert!(
            text.ends_with("The sign-in service reported: invalid_request (PreSignUp failed)"),
            "{text}"
        );
        let long = format!("error={}&error_description={}", "e".repeat(500), "d".repeat(500));
        assert!(explain(&long).expect("readable").len() < 450);
        assert!(explain("error=x&error_description=a&error_description=b").is_none());
    }

    #[test]
    fn oau_05_a_reply_of_another_issuer_is_refused() {
        let state = Secret::generate().expect("randomness");
        let replies = |iss: &str, must_be_named| {
            let query = format!("code=a&state={}{iss}", state.as_str());
            Reply::parse(&query, (ISSUER, must_be_named)).is_ok()
        };
        let parse = |iss: &str| replies(iss, false);
        assert!(parse("") && parse(&format!("&iss={ISSUER}")));
        assert!(!parse("&iss=https://evil.example") && !parse("&iss="));
        assert!(!parse(&format!("&iss={ISSUER}&iss={ISSUER}")));
        assert!(!replies("", true), "the pool declares that it always sends `iss`");
        assert!(replies(&format!("&iss={ISSUER}"), true) && !replies("&iss=https://x", true));
    }
}
