//! The route table: path, method, action and area of each route.
//!
//! The router binds handlers to it. Everything else that depends on a path (the Lambda
//! authorizer's policy, caching, metrics, the authorization tests) reads this table.

use crate::action::Action::{
    self, AddImages, DeleteImages, DeleteNews, DraftNews, EraseNews, ManageAccess, ManageLabels,
    ManageRedirects, OpenDesk, ReadAccount, ReadAudit, ReadNews, ReadStatus, RestoreNews, SaveNews,
    WriteNews,
};
use crate::percent_encoding::push_percent_encoded;

/// Beginning of the paths of [`Area::SignIn`], also of those that have no route.
pub const SIGN_IN_PREFIX: &str = "/auth/";

/// Group of routes with the same layers: session, cache, cross-site rules, headers, body limits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Area {
    /// Published stories: works without a session and is cached for anonymous readers.
    Reader,
    /// Account, sessions and reading list of the signed-in person.
    Member,
    /// Pages and API of the newsroom.
    Newsroom,
    /// Sign-in, sign-out and questions about the caller's identity.
    SignIn,
    /// Health checks and files: no session and no caller.
    Machine,
}

impl Area {
    /// Every area.
    pub const ALL: [Self; 5] =
        [Self::Reader, Self::Member, Self::Newsroom, Self::SignIn, Self::Machine];

    /// Returns the area of a path; `None` if the table has no such path.
    pub fn of_path(path: &str) -> Option<Self> {
        ROUTES.iter().find(|route| route.matches(path)).map(|route| route.area)
    }
}

/// HTTP method of a route.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Method {
    /// GET, and HEAD with the same headers.
    Get,
    /// GET alone: a HEAD request would begin or use up a sign-in.
    GetOnly,
    /// POST.
    Post,
    /// PUT.
    Put,
    /// DELETE.
    Delete,
}

impl Method {
    /// Returns the names of the HTTP methods that the route accepts.
    pub fn names(self) -> &'static [&'static str] {
        match self {
            Self::Get => &["GET", "HEAD"],
            Self::GetOnly => &["GET"],
            Self::Post => &["POST"],
            Self::Put => &["PUT"],
            Self::Delete => &["DELETE"],
        }
    }

    /// Returns whether the method only reads (RFC 9110 §9.2.1).
    pub fn is_safe(self) -> bool {
        match self {
            Self::Get | Self::GetOnly => true,
            Self::Post | Self::Put | Self::Delete => false,
        }
    }
}

/// Row of the route table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Route {
    /// Names the handler.
    pub endpoint: Endpoint,
    /// HTTP method.
    pub method: Method,
    /// Path; a segment in braces is a variable.
    pub path: &'static str,
    /// Action that the policy decides before the handler runs; `None` if anyone may call it.
    pub action: Option<Action>,
    /// Area, which decides the layers around the handler.
    pub area: Area,
}

impl Route {
    /// Returns whether the route takes a form of a page of the newsroom. Its API has other paths.
    pub fn is_newsroom_form(&self) -> bool {
        self.area == Area::Newsroom
            && self.method == Method::Post
            && self.path.starts_with("/desk/")
    }

    /// Returns the segment of a matching path that is the variable.
    pub fn variable<'p>(&self, path: &'p str) -> Option<&'p str> {
        let mut segments = self.path.split('/').zip(path.split('/'));
        segments.find(|(name, _)| name.starts_with('{')).map(|(_, value)| value)
    }

    /// Returns whether a request path is one of this route's.
    pub fn matches(&self, path: &str) -> bool {
        let mut given = path.split('/');
        let matches_all = self.path.split('/').all(|segment| match given.next() {
            Some(text) if segment.starts_with('{') => !text.is_empty(),
            Some(text) => text == segment,
            None => false,
        });
        matches_all && given.next().is_none()
    }
}

/// Defines the endpoints and their rows together, so that no endpoint is without a row.
macro_rules! routes {
    ($($endpoint:ident: $method:ident $path:literal $action:expr, $area:ident;)*) => {
        /// Handler of a route.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum Endpoint {
            $(
                #[doc = concat!("`", stringify!($method), " ", $path, "`")]
                $endpoint,
            )*
        }

        /// Every route of the site.
        pub const ROUTES: &[Route] = &[
            $(Route {
                endpoint: Endpoint::$endpoint,
                method: Method::$method,
                path: $path,
                action: $action,
                area: Area::$area,
            },)*
        ];

        impl Endpoint {
            /// Returns the endpoint of a method and a request path.
            pub fn find(method: Method, path: &str) -> Option<Self> {
                let is_it = |route: &&Route| route.method == method && route.matches(path);
                ROUTES.iter().find(is_it).map(|route| route.endpoint)
            }

            /// Returns the route of the endpoint; the first, if there are several.
            pub fn route(self) -> Option<&'static Route> {
                ROUTES.iter().find(|route| route.endpoint == self)
            }

            /// Returns the path with its variable replaced by a segment, percent-encoded.
            pub fn path_with(self, segment: impl std::fmt::Display) -> String {
                let Some((before, (_, after))) = self.path().split_once('{').and_then(
                    |(before, rest)| Some((before, rest.split_once('}')?))
                ) else {
                    return self.path().to_owned();
                };
                let mut path = before.to_owned();
                push_percent_encoded(&mut path, &segment.to_string());
                path + after
            }

            /// Returns the path of the endpoint; a segment in braces is a variable.
            pub const fn path(self) -> &'static str {
                match self {
                    $(Self::$endpoint => $path,)*
                }
            }
        }
    };
}

routes! {
    FrontPage:         Get     "/"                      Some(ReadNews),     Reader;
    ListNews:          Get     "/news"                  Some(ReadNews),     Reader;
    ReadStory:         Get     "/news/{name}"           Some(ReadNews),     Reader;
    Section:           Get     "/section/{slug}"        Some(ReadNews),     Reader;
    Tag:               Get     "/tag/{slug}"            Some(ReadNews),     Reader;
    Author:            Get     "/author/{slug}"         Some(ReadNews),     Reader;
    Search:            Get     "/search"                Some(ReadNews),     Reader;
    Corrections:       Get     "/corrections"           Some(ReadNews),     Reader;
    Archive:           Get     "/archive"               Some(ReadNews),     Reader;
    ArchiveMonth:      Get     "/archive/{year}/{month}" Some(ReadNews),    Reader;
    About:             Get     "/about"                 None,               Reader;
    Privacy:           Get     "/privacy"               None,               Reader;
    Accessibility:     Get     "/accessibility"         None,               Reader;
    ChooseTheme:       Post    "/theme"                 None,               Reader;

    AtomFeed:          Get     "/feed.atom"             Some(ReadNews),     Reader;
    RssFeed:           Get     "/feed.rss"              Some(ReadNews),     Reader;
    JsonFeed:          Get     "/feed.json"             Some(ReadNews),     Reader;
    SectionAtom:       Get     "/section/{slug}/feed.atom" Some(ReadNews),  Reader;
    SectionRss:        Get     "/section/{slug}/feed.rss"  Some(ReadNews),  Reader;
    SectionJson:       Get     "/section/{slug}/feed.json" Some(ReadNews),  Reader;
    TagAtom:           Get     "/tag/{slug}/feed.atom"  Some(ReadNews),     Reader;
    TagRss:            Get     "/tag/{slug}/feed.rss"   Some(ReadNews),     Reader;
    TagJson:           Get     "/tag/{slug}/feed.json"  Some(ReadNews),     Reader;
    AuthorAtom:        Get     "/author/{slug}/feed.atom" Some(ReadNews),   Reader;
    AuthorRss:         Get     "/author/{slug}/feed.rss"  Some(ReadNews),   Reader;
    AuthorJson:        Get     "/author/{slug}/feed.json" Some(ReadNews),   Reader;

    Sitemap:           Get     "/sitemap.xml"           Some(ReadNews),     Reader;
    NewsSitemap:       Get     "/sitemap-news.xml"      Some(ReadNews),     Reader;
    SitemapPart:       Get     "/sitemaps/{part}"       Some(ReadNews),     Reader;
    LanguageModels:    Get     "/llms.txt"              Some(ReadNews),     Reader;
    OpenApi:           Get     "/openapi.json"          None,               Reader;
    ApiDocs:           Get     "/docs"                  None,               Reader;

    CreateStory:       Post    "/news"                  Some(DraftNews),    Newsroom;
    ReplaceStory:      Put     "/news/{name}"           Some(DraftNews),    Newsroom;
    DeleteNews:        Delete  "/news"                  Some(DeleteNews),   Newsroom;
    DeleteStory:       Delete  "/news/{name}"           Some(DeleteNews),   Newsroom;
    AddCorrection:     Post    "/news/{name}/corrections" Some(WriteNews),  Newsroom;
    Desk:              Get     "/desk"                  Some(OpenDesk),     Newsroom;
    BulkStories:       Post    "/desk/stories"          Some(WriteNews),    Newsroom;
    TrashStories:      Post    "/desk/stories/trash"    Some(DeleteNews),   Newsroom;
    UndoTrash:         Post    "/desk/stories/restore"  Some(RestoreNews),  Newsroom;
    ConfirmDelete:     Get     "/desk/delete"           Some(DeleteNews),   Newsroom;
    DeleteStories:     Post    "/desk/delete"           Some(DeleteNews),   Newsroom;
    NewStory:          Get     "/desk/new"              Some(DraftNews),    Newsroom;
    CreateDraft:       Post    "/desk/new"              Some(DraftNews),    Newsroom;
    NewStoryImage:     Post    "/desk/new/image"        Some(DraftNews),    Newsroom;
    DeletionProgress:  Get     "/desk/delete/{job}"     Some(DeleteNews),   Newsroom;
    Trash:             Get     "/desk/trash"            Some(RestoreNews),  Newsroom;
    ConfirmEmptyTrash: Get     "/desk/trash/empty"      Some(EraseNews),    Newsroom;
    EmptyTrash:        Post    "/desk/trash/empty"      Some(EraseNews),    Newsroom;
    ConfirmErase:      Get     "/desk/trash/erase"      Some(EraseNews),    Newsroom;
    EraseStories:      Post    "/desk/trash/erase"      Some(EraseNews),    Newsroom;
    ErasureProgress:   Get     "/desk/trash/erase/{job}" Some(EraseNews),   Newsroom;
    RestoreStories:    Post    "/desk/restore"          Some(RestoreNews),  Newsroom;
    Labels:            Get     "/desk/labels"           Some(ManageLabels), Newsroom;
    RenameLabel:       Post    "/desk/labels"           Some(ManageLabels), Newsroom;
    Redirects:         Get     "/desk/redirects"        Some(ManageRedirects), Newsroom;
    AddRedirect:       Post    "/desk/redirects"        Some(ManageRedirects), Newsroom;
    RemoveRedirect:    Post    "/desk/redirects/remove" Some(ManageRedirects), Newsroom;
    Imports:           Get     "/desk/imports"          Some(DeleteNews),   Newsroom;
    UndoImport:        Post    "/desk/imports/undo"     Some(DeleteNews),   Newsroom;
    Activity:          Get     "/desk/audit"            Some(ReadAudit),    Newsroom;
    ActivityCsv:       Get     "/desk/audit.csv"        Some(ReadAudit),    Newsroom;
    ActivityNdjson:    Get     "/desk/audit.ndjson"     Some(ReadAudit),    Newsroom;
    Status:            Get     "/desk/status"           Some(ReadStatus),   Newsroom;
    People:            Get     "/desk/people"           Some(ManageAccess), Newsroom;
    InvitePerson:      Post    "/desk/people/invite"    Some(ManageAccess), Newsroom;
    Person:            Get     "/desk/people/{sub}"     Some(ManageAccess), Newsroom;
    InvitePersonAgain: Post    "/desk/people/{sub}/invite" Some(ManageAccess), Newsroom;
    ChangeRole:        Post    "/desk/people/{sub}/role" Some(ManageAccess), Newsroom;
    DisablePerson:     Post    "/desk/people/{sub}/disable" Some(ManageAccess), Newsroom;
    EnablePerson:      Post    "/desk/people/{sub}/enable" Some(ManageAccess), Newsroom;
    SignOutPerson:     Post    "/desk/people/{sub}/sign-out" Some(ManageAccess), Newsroom;
    UploadImage:       Post    "/images"                Some(AddImages),    Newsroom;
    Images:            Get     "/desk/images"           Some(AddImages),    Newsroom;
    AddImage:          Post    "/desk/images"           Some(AddImages),    Newsroom;
    DeleteImages:      Post    "/desk/images/delete"    Some(DeleteImages), Newsroom;
    EditStory:         Get     "/desk/{id}"             Some(DraftNews),    Newsroom;
    ChangeStory:       Post    "/desk/{id}"             Some(DraftNews),    Newsroom;
    StoryImage:        Post    "/desk/{id}/image"       Some(DraftNews),    Newsroom;
    StoryHistory:      Get     "/desk/{id}/history"     Some(DraftNews),    Newsroom;
    RestoreVersion:    Post    "/desk/{id}/history"     Some(DraftNews),    Newsroom;
    StoryCorrections:  Get     "/desk/{id}/corrections" Some(WriteNews),    Newsroom;
    CorrectStory:      Post    "/desk/{id}/corrections" Some(WriteNews),    Newsroom;

    Account:           Get     "/account"               Some(ReadAccount),  Member;
    RefreshAccount:    Post    "/account/refresh"       Some(ReadAccount),  Member;
    EndSession:        Post    "/account/sessions/end"  Some(ReadAccount),  Member;
    EndAllSessions:    Post    "/account/sessions/end-all" Some(ReadAccount), Member;
    FormerPeople:      Get     "/account/people"        Some(ManageAccess), Member;
    ReadingList:       Get     "/saved"                 Some(SaveNews),     Member;
    SaveStory:         Post    "/saved"                 Some(SaveNews),     Member;
    RemoveSavedStory:  Post    "/saved/remove"          Some(SaveNews),     Member;
    SavedForm:         Get     "/saved-form"            Some(ReadAccount),  Member;
    DiscardSavedForm:  Post    "/saved-form/discard"    Some(ReadAccount),  Member;

    Login:             GetOnly "/auth/login"            None,               SignIn;
    Callback:          GetOnly "/auth/callback"         None,               SignIn;
    Logout:            Post    "/auth/logout"           None,               SignIn;
    Me:                Get     "/auth/me"               Some(ReadAccount),  SignIn;
    Explain:           Get     "/auth/explain"          None,               SignIn;
    Verify:            Get     "/auth/verify"           None,               SignIn;

    Health:            Get     "/healthz"               None,               Machine;
    Readiness:         Get     "/readyz"                None,               Machine;
    Robots:            Get     "/robots.txt"            None,               Machine;
    Manifest:          Get     "/manifest.webmanifest"  None,               Machine;
    SecurityContact:   Get     "/.well-known/security.txt" None,            Machine;
    Asset:             Get     "/assets/{file}"         None,               Machine;
    Image:             Get     "/images/{file}"         None,               Machine;
}

#[cfg(test)]
mod tests;
