//! The site on AWS Lambda, behind API Gateway: its events become requests, and the responses
//! become its answers. It knows neither the site nor the commands.
//!
//! The Runtime API is four small requests. `reqwest` sends them, as it does those to S3, so that
//! the binary needs no second set of HTTP libraries.

mod answer;
mod error;
mod event;
mod invocation;
mod runtime_api;
mod target;

pub(crate) use self::answer::{Format, bad_request, out_of_time};
pub(crate) use self::event::Event;
pub(crate) use self::invocation::Invocation;
pub(crate) use self::runtime_api::RuntimeApi;
