//! Condition of a change: which version of a story it is meant for (RFC 9110 §13.1.1).

use std::convert::Infallible;

use axum::extract::FromRequestParts;
use axum::http::header::IF_MATCH;
use axum::http::request::Parts;
use axum_extra::headers::{ETag, Header as _, IfNoneMatch};
use gazette_domain::Story;

use crate::encoding::Encoding;
use crate::http::reply::{AppError, StoryTags};
use crate::http::state::AppState;

/// `If-Match` of a request.
pub(in crate::http) enum IfMatch {
    /// No `If-Match` header.
    Absent,
    /// `*`: any version.
    Any,
    /// One of these entity tags; `None` if the header cannot be read.
    ///
    /// Read as `If-None-Match`, whose comparison is the weak one: a proxy that compresses a
    /// response makes its tag weak. The tags themselves must be equal to the last character.
    Tags(Option<IfNoneMatch>),
}

impl IfMatch {
    /// Returns whether the condition names one of a story's tags.
    pub(in crate::http) fn allows<'t>(&self, mut tags: impl Iterator<Item = &'t str>) -> bool {
        match self {
            Self::Absent | Self::Any => true,
            Self::Tags(condition) => condition.as_ref().is_some_and(|condition| {
                tags.any(|tag| {
                    let mut forms = Encoding::ALL.iter().map(|encoding| form(tag, *encoding));
                    has(condition, tag) || forms.any(|form| has(condition, &form))
                })
            }),
        }
    }
}

fn has(condition: &IfNoneMatch, tag: &str) -> bool {
    tag.parse::<ETag>().is_ok_and(|tag| !condition.precondition_passes(&tag))
}

/// Returns the tag of an encoded form; all forms of a version match `If-Match`.
fn form(tag: &str, encoding: Encoding) -> String {
    format!("{}.{}\"", tag.strip_suffix('"').unwrap_or(tag), encoding.name())
}

impl<S: Sync> FromRequestParts<S> for IfMatch {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        let mut values = parts.headers.get_all(IF_MATCH).into_iter().peekable();
        if values.peek().is_none() {
            return Ok(Self::Absent);
        }
        Ok(match IfNoneMatch::decode(&mut values).ok() {
            Some(condition) if condition == IfNoneMatch::any() => Self::Any,
            condition => Self::Tags(condition),
        })
    }
}

/// Returns the tags by which `If-Match` may name the current version of a story.
pub(in crate::http) async fn current_tags(
    app: &AppState,
    story: &Story,
) -> Result<StoryTags, AppError> {
    let html = app.body_renderer.render(&story.body).await;
    StoryTags::new(story, &html, &app.site, app.clock.now())
}

#[cfg(test)]
mod tests {
    use axum::http::Request;

    use super::*;

    async fn allows(values: &[&str], tag: &str) -> bool {
        let mut request = Request::builder();
        for value in values {
            request = request.header(IF_MATCH, *value);
        }
        let (mut parts, ()) = request.body(()).expect("a request").into_parts();
        let condition = IfMatch::from_request_parts(&mut parts, &()).await.expect("infallible");
        condition.allows([tag].into_iter())
    }

    #[tokio::test]
    async fn whole_tags_are_compared_in_lists_and_over_several_headers() {
        let tag = r#""1-abc""#;
        for good in [
            &[][..],
            &["*"],
            &[r#""1-abc""#],
            &[r#""x", "1-abc""#],
            &[r#""x""#, r#""1-abc""#],
            &[r#""a,b" , "1-abc""#],
            &[r#"W/"1-abc""#],
            &[r#""1-abc.br""#],
            &[r#"W/"1-abc.gzip""#],
        ] {
            assert!(allows(good, tag).await, "{good:?}");
        }
        for bad in [
            r#""1-zzz""#,
            r#""1-abc.xz""#,
            r#""1-abc.""#,
            r#""+1-abc""#,
            r#""1-ab""#,
            r#""1-abc"#,
            "1-abc",
            "1",
            r#"w/"1-abc""#,
            r#""1-ABC""#,
            r#""*""#,
            "",
            ",",
        ] {
            assert!(!allows(&[bad], tag).await, "{bad}");
        }
    }
}
