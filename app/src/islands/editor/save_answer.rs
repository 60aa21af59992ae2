//! Reads the answer to a save.

use super::fields::{Fields, fields_of};
use super::request::Reply;
use super::save::{Answer, Failure, SaveRequest};
use crate::islands::dom::get;

/// Reads an answer; `None` is none. `saved` are the fields as they were saved before. A failure
/// comes with what the user is told of it.
pub(super) fn read_answer(
    request: &SaveRequest,
    reply: Option<&Reply>,
    saved: &Fields,
) -> Result<Answer, (Failure, String)> {
    let Some(reply) = reply else {
        return Err((Failure::Unavailable, "no connection.".to_owned()));
    };
    match reply.status {
        200 | 201 if reply.json.is_object() => Ok(Answer::Saved {
            version: version(reply),
            merged: fields_of(&get(&reply.json, "merged")),
            is_new: reply.status == 201,
        }),
        409 if !reply.fields().is_empty() => {
            let theirs = reply.fields();
            let has_more = request.fields.iter().any(|(name, value)| {
                let is_saved = saved.get(name).is_some_and(|saved| saved == value);
                !is_saved && theirs.get(name).is_none()
            });
            Ok(Answer::Conflict { theirs, has_more })
        }
        401 => Err((Failure::SignedOut, reply.message())),
        400..=499 if reply.status != 429 => Err((Failure::Refused, reply.message())),
        _ if reply.json.is_object() => Err((Failure::Unavailable, reply.message())),
        _ => Err((Failure::Unavailable, [&reply.message(), " Trying again."].concat())),
    }
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "versions are small whole numbers"
)]
fn version(reply: &Reply) -> u64 {
    get(&reply.json, "version").as_f64().unwrap_or_default() as u64
}
