//! The operator's socket: commands use the table and the pictures of the running process through it.
//! A command reads and writes files and its terminal itself, with the rights of its caller.

mod client;
mod error;
mod frame;
mod message;
mod operations;
mod remote_images;
mod remote_table;
mod serve;
mod socket;

pub(crate) use client::{Client, connect};
pub(crate) use message::ServerFacts;
pub(crate) use operations::Operations;
pub(crate) use remote_images::RemoteImages;
pub(crate) use remote_table::RemoteTable;
pub(crate) use serve::{ControlSocket, serve};

#[cfg(test)]
mod tests;
