//! The user interface: pages, islands, server functions and the wire format.
//!
//! Pages are plain functions of data that the server has loaded. Nothing here fetches data.
#![recursion_limit = "256"]
#![expect(
    unreachable_pub,
    clippy::must_use_candidate,
    reason = "the component macro makes public builders and takes its properties by value"
)]
#![cfg_attr(
    feature = "ssr",
    expect(clippy::needless_pass_by_value, reason = "components own their properties")
)]

#[cfg(feature = "ssr")]
pub mod backend;
#[cfg(feature = "ssr")]
mod components;
#[cfg(feature = "ssr")]
mod document;
mod frame;
#[cfg(feature = "ssr")]
mod hydration_markers;
pub mod islands;
#[cfg(feature = "ssr")]
mod markup;
#[cfg(feature = "ssr")]
mod member;
#[cfg(feature = "ssr")]
mod newsroom;
#[cfg(feature = "ssr")]
mod page;
#[cfg(feature = "ssr")]
pub mod pages;
#[cfg(feature = "ssr")]
mod reader;
#[cfg(feature = "ssr")]
mod render;
pub mod server_functions;
#[cfg(feature = "ssr")]
mod shared_picture;
pub mod wire;

pub use frame::{Asset, Frame, IslandAssets, RailCounts, Site, Theme, Viewer};
#[cfg(feature = "ssr")]
pub use render::{RenderedPage, Shell, render, render_preview};
#[cfg(feature = "ssr")]
pub use shared_picture::raster_path;
