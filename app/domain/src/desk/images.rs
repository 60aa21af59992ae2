//! Records of uploaded pictures: adding, listing and deleting them.

use std::collections::HashMap;

use gazette_table::{Item, Order, Range, TableError, Write};

use crate::action::Action;
use crate::audit::{Actor, AuditAction, AuditEvent, SystemTask};
use crate::caller::Caller;
use crate::desk::news_desk::NewsDesk;
use crate::desk::newsroom::Newsroom;
use crate::desk::operator_desk::OperatorDesk;
use crate::editing::working_copy::EditEntry;
use crate::error::DeskError;
use crate::feed::Limit;
use crate::image_items;
use crate::image_name::ImageId;
use crate::image_record::{ImageList, ImageRecord, ImageUse, ListedImage, NewImage, StoryImages};
use crate::records;
use crate::story::StoryId;

/// Stories that the list names for each picture.
const MAX_NAMED_USES: usize = 3;
/// Items that are read at once.
const BATCH: usize = 500;

impl NewsDesk {
    /// Adds the record of a picture. The same file has one record, that of its first upload.
    pub async fn add_image(
        &self,
        caller: &Caller,
        image: NewImage,
    ) -> Result<ImageRecord, DeskError> {
        let actor = self.authorize(caller, Action::AddImages)?;
        self.newsroom.add_image(&actor, image).await
    }

    /// Returns the record of a picture.
    pub async fn image(
        &self,
        caller: &Caller,
        id: ImageId,
    ) -> Result<Option<ImageRecord>, DeskError> {
        self.policy.authorize(caller, Action::AddImages)?;
        self.newsroom.image(id).await
    }

    /// Lists the pictures and where they are used, latest upload first.
    pub async fn images(
        &self,
        caller: &Caller,
        after: Option<ImageId>,
        limit: Limit,
    ) -> Result<ImageList, DeskError> {
        self.policy.authorize(caller, Action::AddImages)?;
        let newsroom = &self.newsroom;
        let before = match after {
            None => None,
            Some(id) => newsroom.image(id).await?.map(|it| image_items::image_list_key(&it).sort),
        };
        let (range, limit) = (Range { after: None, before }, limit.get());
        let table = &newsroom.table;
        let page = table.query(image_items::IMAGE_LIST, &range, Order::Descending, limit).await?;
        let listed: Vec<ImageRecord> =
            page.items.iter().map(Item::parse).collect::<Result<_, _>>()?;
        let next = listed.last().filter(|_| page.more).map(|last| last.id);
        let mut uses = newsroom.image_uses().await?;
        let mut images = Vec::new();
        for record in listed {
            let stories = uses.remove(&record.id).unwrap_or_default();
            let uses = stories.len();
            let used_by = self.named_uses(caller, stories).await?;
            images.push(ListedImage { record, used_by, uses });
        }
        Ok(ImageList { images, next })
    }

    /// Lists the pictures that were uploaded last, without their uses.
    pub async fn latest_images(
        &self,
        caller: &Caller,
        limit: Limit,
    ) -> Result<Vec<ImageRecord>, DeskError> {
        self.policy.authorize(caller, Action::AddImages)?;
        let (table, all) = (&self.newsroom.table, Range::all());
        let partition = image_items::IMAGE_LIST;
        let page = table.query(partition, &all, Order::Descending, limit.get()).await?;
        Ok(page.items.iter().map(Item::parse).collect::<Result<_, _>>()?)
    }

    async fn named_uses(
        &self,
        caller: &Caller,
        mut stories: Vec<StoryId>,
    ) -> Result<Vec<ImageUse>, DeskError> {
        stories.truncate(MAX_NAMED_USES);
        let stories = self.newsroom.stories(&stories).await?.into_iter();
        Ok(stories
            .filter(|story| self.may_know(caller, story))
            .map(|story| ImageUse {
                path: story.trashed.is_none().then(|| story.teaser.path()),
                headline: story.teaser.headline,
            })
            .collect())
    }

    /// Deletes the records of those pictures that no story uses, and returns them. Their files
    /// can be deleted then.
    pub async fn delete_images(
        &self,
        caller: &Caller,
        ids: &[ImageId],
    ) -> Result<Vec<ImageRecord>, DeskError> {
        let actor = self.authorize(caller, Action::DeleteImages)?;
        let newsroom = &self.newsroom;
        let uses = newsroom.image_uses().await?;
        let mut deleted = Vec::new();
        for id in ids.iter().filter(|id| !uses.contains_key(id)) {
            let Some(record) = newsroom.image(*id).await? else { continue };
            if newsroom.delete_image(&actor, &record).await? {
                deleted.push(record);
            }
        }
        Ok(deleted)
    }
}

impl OperatorDesk {
    /// Adds the record of a picture; see [`NewsDesk::add_image`].
    pub async fn add_image(
        &self,
        task: SystemTask,
        image: NewImage,
    ) -> Result<ImageRecord, DeskError> {
        self.newsroom.add_image(&Actor::system(task), image).await
    }

    /// Returns the record of a picture.
    pub async fn image(&self, id: ImageId) -> Result<Option<ImageRecord>, DeskError> {
        self.newsroom.image(id).await
    }
}

impl Newsroom {
    pub(super) async fn image(&self, id: ImageId) -> Result<Option<ImageRecord>, DeskError> {
        let item = self.table.get(&image_items::image_key(id)).await?;
        Ok(item.map(|item| item.parse()).transpose()?)
    }

    async fn add_image(&self, actor: &Actor, image: NewImage) -> Result<ImageRecord, DeskError> {
        self.add_image_with(actor, image, Vec::new()).await.map(|(record, _)| record)
    }

    /// Adds the record of a picture together with other writes, and tells whether it is new.
    pub(super) async fn add_image_with(
        &self,
        actor: &Actor,
        image: NewImage,
        others: Vec<Write>,
    ) -> Result<(ImageRecord, bool), DeskError> {
        let id = image.name.id;
        if let Some(record) = self.image(id).await? {
            return Ok((record, false));
        }
        let record = ImageRecord {
            id,
            width: image.name.width,
            height: image.name.height,
            format: image.name.format,
            alt: image.alt,
            credit: image.credit,
            licence: image.licence,
            file_name: image.file_name,
            uploaded_at: self.now(),
            uploaded_by: actor.name.clone(),
        };
        let event = self.image_event(actor, AuditAction::ImageAdded, &record);
        let mut writes = image_items::add_image(&record)?;
        writes.extend(others);
        match self.audit.commit(writes, vec![event]).await {
            Ok(()) => Ok((record, true)),
            // Another request added the same file in the meantime.
            Err(TableError::Conflict { key }) => {
                let added = self.image(id).await?;
                let added = added.ok_or(DeskError::Table(TableError::Conflict { key }))?;
                Ok((added, false))
            }
            Err(error) => Err(error.into()),
        }
    }

    /// Deletes the record of a picture; `false` if another process did so in the meantime.
    pub(super) async fn delete_image(
        &self,
        actor: &Actor,
        record: &ImageRecord,
    ) -> Result<bool, DeskError> {
        let event = self.image_event(actor, AuditAction::ImageDeleted, record);
        match self.audit.commit(image_items::delete_image(record), vec![event]).await {
            Ok(()) => Ok(true),
            Err(TableError::Conflict { .. }) => Ok(false),
            Err(error) => Err(error.into()),
        }
    }

    fn image_event(&self, by: &Actor, action: AuditAction, image: &ImageRecord) -> AuditEvent {
        AuditEvent {
            at: self.now(),
            by: by.clone(),
            action,
            story: Some(StoryId::of_image(image.id)),
            headline: image.file_name.clone(),
            version_before: None,
            version_after: None,
            removal_reason: None,
            goes_live: None,
        }
    }

    /// Returns the stories that use each picture, or whose unpublished changes do.
    pub(super) async fn image_uses(&self) -> Result<HashMap<ImageId, Vec<StoryId>>, DeskError> {
        let mut uses = self.image_uses_of_edits().await?;
        let mut range = Range::all();
        loop {
            let table = &self.table;
            let page =
                table.query(image_items::STORY_IMAGES, &range, Order::Ascending, BATCH).await?;
            for item in &page.items {
                let StoryImages { story, images } = item.parse()?;
                for image in images {
                    add_use(&mut uses, image, story);
                }
            }
            match page.items.last() {
                Some(last) if page.more => range.after = Some(last.key.sort.clone()),
                _ => return Ok(uses),
            }
        }
    }

    /// Returns the stories whose working copies use each picture, which no reader sees yet.
    async fn image_uses_of_edits(&self) -> Result<HashMap<ImageId, Vec<StoryId>>, DeskError> {
        let mut uses = HashMap::new();
        let mut range = Range::all();
        loop {
            let page = self.table.query(records::EDITS, &range, Order::Ascending, BATCH).await?;
            for item in &page.items {
                let entry: EditEntry = item.parse()?;
                let images = if let Some(images) = entry.images {
                    images
                } else {
                    let copy = self.working_copy(entry.story).await?;
                    let form = copy.and_then(|copy| copy.form);
                    form.map(|form| form.images()).unwrap_or_default()
                };
                for image in images {
                    add_use(&mut uses, image, entry.story);
                }
            }
            match page.items.last() {
                Some(last) if page.more => range.after = Some(last.key.sort.clone()),
                _ => return Ok(uses),
            }
        }
    }
}

fn add_use(uses: &mut HashMap<ImageId, Vec<StoryId>>, image: ImageId, story: StoryId) {
    let stories = uses.entry(image).or_default();
    if !stories.contains(&story) {
        stories.push(story);
    }
}
