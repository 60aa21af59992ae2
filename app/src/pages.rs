//! Every page, under one name for the server. Each is a function of the data it shows.

pub use crate::member::*;
pub use crate::newsroom::*;
pub use crate::page::{FeedLinks, Layout, Page, SharedPicture, Sharing};
pub use crate::reader::*;
