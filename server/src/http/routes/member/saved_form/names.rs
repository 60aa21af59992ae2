//! Names of what a saved form is about.

use gazette_app::pages::{Names, Subjects};
use gazette_domain::{Caller, DeskError, ImageId, LabelKind, Limit, Slug, StoryId};

use crate::http::reply::AppError;
use crate::http::state::AppState;

/// The most subjects whose names are looked up.
const MAX_SUBJECTS: usize = 200;

/// Returns the names of the subjects that exist. Ids that are not valid have none.
pub(super) async fn names(
    app: &AppState,
    caller: &Caller,
    subjects: &Subjects,
) -> Result<Names, AppError> {
    let named = |name: Option<String>| Names { count: 1, known: name.into_iter().collect() };
    Ok(match subjects {
        Subjects::None => Names::default(),
        Subjects::Stories(ids) => {
            let known = ids.iter().filter_map(|id| id.parse::<StoryId>().ok());
            let known: Vec<StoryId> = known.take(MAX_SUBJECTS).collect();
            Names { known: app.desk.headlines(caller, &known).await?, count: ids.len() }
        }
        Subjects::AllStories => {
            let sections = app.desk.published_by_section(caller).await?;
            let count = sections.iter().map(|section| section.stories).sum();
            Names { known: Vec::new(), count }
        }
        Subjects::Images(ids) => {
            let known = ids.iter().filter_map(|id| id.parse::<ImageId>().ok());
            Names { known: image_names(app, caller, known).await?, count: ids.len() }
        }
        Subjects::Label(kind, slug) => named(label_name(app, caller, kind, slug).await?),
        Subjects::Import(number) => named(import_name(app, caller, number).await?),
        Subjects::Person(sub) => named(person_name(app, caller, sub).await),
    })
}

async fn image_names(
    app: &AppState,
    caller: &Caller,
    ids: impl Iterator<Item = ImageId>,
) -> Result<Vec<String>, DeskError> {
    let mut names = Vec::new();
    for id in ids.take(MAX_SUBJECTS) {
        names.extend(app.desk.image(caller, id).await?.map(|image| image.file_name));
    }
    Ok(names)
}

async fn label_name(
    app: &AppState,
    caller: &Caller,
    kind: &str,
    slug: &str,
) -> Result<Option<String>, DeskError> {
    let (Ok(kind), Ok(slug)) = (kind.parse::<LabelKind>(), slug.parse::<Slug>()) else {
        return Ok(None);
    };
    Ok(app.desk.label(caller, kind, &slug).await?.map(|label| label.name))
}

async fn import_name(
    app: &AppState,
    caller: &Caller,
    number: &str,
) -> Result<Option<String>, DeskError> {
    let imports = app.desk.imports(caller, Limit::MAX).await?;
    let import = imports.into_iter().find(|import| import.number.to_string() == number);
    Ok(import.map(|import| import.source))
}

/// Returns the name of a person; `None` also while the user pool does not answer.
async fn person_name(app: &AppState, caller: &Caller, sub: &str) -> Option<String> {
    let person = app.people.person(&app.desk, caller, sub).await;
    person.ok().map(|person| person.name)
}
