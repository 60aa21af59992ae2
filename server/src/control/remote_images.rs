//! The pictures of the running process.

use std::io;

use async_trait::async_trait;
use bytes::Bytes;
use gazette_domain::ImageName;

use super::client::{Client, unexpected};
use super::message::{Answer, Call};
use crate::images::{ImageStore, ImageStoreError};

/// Files of pictures that the running process keeps, with its rights and in its place.
pub(crate) struct RemoteImages(Client);

impl RemoteImages {
    /// Uses the pictures at the other end of a connection.
    pub(crate) fn new(client: Client) -> Self {
        Self(client)
    }

    async fn call(&self, call: Call, bytes: Bytes) -> Result<(Answer, Bytes), ImageStoreError> {
        match self.0.call(call, bytes).await? {
            (Answer::Failed { reason }, _) => Err(io::Error::other(reason).into()),
            answer => Ok(answer),
        }
    }
}

fn wrong(answer: &Answer) -> ImageStoreError {
    io::Error::other(unexpected(answer)).into()
}

#[async_trait]
impl ImageStore for RemoteImages {
    async fn put(&self, name: ImageName, bytes: Bytes) -> Result<(), ImageStoreError> {
        match self.call(Call::PutImage { name: name.to_string() }, bytes).await?.0 {
            Answer::Done => Ok(()),
            other => Err(wrong(&other)),
        }
    }

    async fn get(&self, name: ImageName) -> Result<Option<Bytes>, ImageStoreError> {
        match self.call(Call::GetImage { name: name.to_string() }, Bytes::new()).await? {
            (Answer::File, bytes) => Ok(Some(bytes)),
            (Answer::NoFile, _) => Ok(None),
            (other, _) => Err(wrong(&other)),
        }
    }

    async fn delete(&self, name: ImageName) -> Result<(), ImageStoreError> {
        match self.call(Call::DeleteImage { name: name.to_string() }, Bytes::new()).await?.0 {
            Answer::Done => Ok(()),
            other => Err(wrong(&other)),
        }
    }

    async fn list(&self, after: Option<ImageName>) -> Result<Vec<ImageName>, ImageStoreError> {
        let call = Call::ListImages { after: after.map(|name| name.to_string()) };
        match self.call(call, Bytes::new()).await?.0 {
            Answer::Names { names } => {
                Ok(names.iter().filter_map(|name| name.parse().ok()).collect())
            }
            other => Err(wrong(&other)),
        }
    }
}
