//! The definition of an operation.

use std::pin::Pin;

use serde_json::Value;

use super::error::ApiError;
use super::rules::Member;
use crate::pool::UserPool;

/// An operation of the JSON API.
pub(super) struct Operation {
    /// Name in `X-Amz-Target`.
    pub(super) name: &'static str,
    pub(super) access: Access,
    pub(super) members: &'static [Member],
    pub(super) run: Run,
}

/// Credentials that an operation needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Access {
    /// Nothing, or the secret of the client.
    Public,
    /// An access token, or the session of a challenge; the operation checks it.
    Bearer,
    /// The signature of an administrator.
    Administrator,
}

pub(super) type Run = for<'c> fn(&'c UserPool, Value) -> Running<'c>;
type Running<'c> = Pin<Box<dyn Future<Output = Result<Value, ApiError>> + Send + 'c>>;

/// Makes a row of a table: name, access, function, members of the input.
macro_rules! operation {
    ($name:literal, $access:ident, $function:expr, [$($member:expr),* $(,)?]) => {
        $crate::api::operation::Operation {
            name: $name,
            access: $crate::api::operation::Access::$access,
            members: &[$($member),*],
            run: |pool, input| {
                Box::pin(async move {
                    let output = $function(pool, $crate::api::message::parse(input)?).await?;
                    $crate::api::message::encode(&output)
                })
            },
        }
    };
}
pub(super) use operation;
