//! The desks on an in-memory table.
#![expect(clippy::disallowed_methods, reason = "the tests need callers of every kind")]
#![expect(clippy::indexing_slicing, reason = "a test fails by panicking, in its helpers too")]
#![expect(clippy::expect_used, reason = "a test fails by panicking, in its helpers too")]
#![expect(clippy::panic, reason = "a test fails by panicking, in its helpers too")]

mod audit;
mod audit_search;
mod commit_queue;
mod delete_all;
mod desk;
mod editor;
mod editor_histories;
mod embargo;
mod endings;
mod erasures;
mod feeds;
mod histories;
mod imports;
mod labels;
mod publish_all;
mod publishing;
mod reading_list;
mod redirects;
mod removal;
mod slugs;
mod story_list;
mod sync;
mod trash;
mod visibility;
mod world;
