//! Files inside and outside of sources.

use std::fs;

use proptest::prelude::*;

use super::*;

fn write(root: &Path, names: &[&str]) {
    for name in names {
        let path = root.join(name);
        fs::create_dir_all(path.parent().expect("a folder")).expect("made");
        fs::write(path, name).expect("written");
    }
}

fn folder(root: &Path) -> PictureFiles {
    let root = root.canonicalize().expect("a folder");
    let host = Some("old.example".to_owned());
    PictureFiles::of_folder(&root.join("site/content"), None, host, "/blog".to_owned())
}

/// Returns the path of what is found, below `root`.
fn find(files: &PictureFiles, root: &Path, url: &str, key: &str) -> String {
    match files.find(url, key, None) {
        Found::File(path) => {
            let root = root.canonicalize().expect("a folder");
            path.strip_prefix(root).expect("below").to_string_lossy().into_owned()
        }
        other => format!("{other:?}"),
    }
}

#[test]
fn pictures_of_a_folder_are_found_where_the_tools_keep_them() {
    let root = tempfile::tempdir().expect("a folder");
    let root = root.path();
    write(
        root,
        &[
            "site/content/posts/a/index.md",
            "site/content/posts/a/b c.jpg",
            "site/content/img/d.png",
            "site/content/assets/e.png",
            "site/static/img/f.png",
            "site/content/hexo/g.png",
            "site/secret/h.png",
        ],
    );
    let files = folder(root);
    for (url, key, found) in [
        ("b c.jpg", "posts/a/index.md", "site/content/posts/a/b c.jpg"),
        ("./b%20c.jpg?x=1#y", "posts/a/index.md", "site/content/posts/a/b c.jpg"),
        ("../../img/d.png", "posts/a/index.md", "site/content/img/d.png"),
        ("/img/d.png", "x.md", "site/content/img/d.png"),
        ("img/d.png", "posts/a/index.md", "site/content/img/d.png"),
        ("/assets/e.png", "x.md", "site/content/assets/e.png"),
        ("/e.png", "x.md", "site/content/assets/e.png"),
        ("/img/f.png", "x.md", "site/static/img/f.png"),
        ("/static/img/f.png", "x.md", "site/static/img/f.png"),
        ("/blog/img/f.png", "x.md", "site/static/img/f.png"),
        ("https://www.old.example/blog/img/f.png", "x.md", "site/static/img/f.png"),
        ("//old.example/img/f.png", "x.md", "site/static/img/f.png"),
        ("~/assets/e.png", "x.md", "site/content/assets/e.png"),
        ("g.png", "hexo.md", "site/content/hexo/g.png"),
        ("https://other.example/img/f.png", "x.md", "Elsewhere"),
        ("data:image/png;base64,x", "x.md", "Elsewhere"),
        ("#x", "x.md", "Elsewhere"),
        ("/images/00000000000000000000000000000001-9x9.png", "x.md", "Elsewhere"),
        ("../secret/h.png", "x.md", "Missing(None)"),
        ("/secret/h.png", "x.md", "Missing(Some(\"https://old.example/secret/h.png\"))"),
    ] {
        assert_eq!(find(&files, root, url, key), found, "{url}");
    }
    let page = Some("/posts/a/");
    assert_eq!(
        files.find("x y.png", "posts/a.md", page),
        Found::Missing(Some("https://old.example/posts/a/x%20y.png".to_owned()))
    );
}

#[test]
fn nothing_outside_of_the_source_is_found() {
    let root = tempfile::tempdir().expect("a folder");
    let root = root.path();
    write(root, &["site/content/x.md", "outside/a.png", "site/private/b.png", "site/c.png"]);
    let link = |from: &str, to: &str| {
        std::os::unix::fs::symlink(root.join(to), root.join(from)).expect("a link");
    };
    link("site/content/link.png", "outside/a.png");
    link("site/content/out", "outside");
    link("site/static", "outside");
    link("site/content/etc", "/etc");
    let files = folder(root);
    for url in [
        "link.png",
        "out/a.png",
        "/a.png",
        "/static/a.png",
        "etc/passwd",
        "/etc/passwd",
        "../../../../../../../../../etc/passwd",
        "/../../../../../../../../../etc/passwd",
        "..%2f..%2f..%2f..%2f..%2f..%2fetc/passwd",
        "%2fetc%2fpasswd",
        "//old.example/../../../etc/passwd",
        "../../outside/a.png",
        "../private/b.png",
        "../c.png",
        "file:///etc/passwd",
        "x%00.png",
        ".",
        "/",
    ] {
        let found = files.find(url, "x.md", None);
        assert!(!matches!(found, Found::File(_)), "{url}: {found:?}");
    }
}

#[test]
fn uploads_of_wordpress_are_found_beside_the_export() {
    let root = tempfile::tempdir().expect("a folder");
    let root = root.path();
    write(root, &["site.xml", "uploads/2024/03/a.jpg", "wp-content/uploads/2024/03/b-scaled.jpg"]);
    let files = PictureFiles::of_wordpress(&root.join("site.xml"), "http://www.Old.example/blog");
    for (url, found) in [
        ("https://old.example/blog/wp-content/uploads/2024/03/a.jpg", "uploads/2024/03/a.jpg"),
        ("/wp-content/uploads/2024/03/a-300x200.jpg?w=1", "uploads/2024/03/a.jpg"),
        ("http://i0.wp.com/old.example/wp-content/uploads/2024/03/a.jpg", "uploads/2024/03/a.jpg"),
        ("/wp-content/uploads/2024/03/b-1024x683.jpg", "wp-content/uploads/2024/03/b-scaled.jpg"),
        ("https://other.example/wp-content/uploads/2024/03/a.jpg", "Elsewhere"),
        (
            "https://old.example/wp-content/uploads/c.jpg",
            "Missing(Some(\"https://www.old.example/wp-content/uploads/c.jpg\"))",
        ),
    ] {
        assert_eq!(find(&files, root, url, "1"), found, "{url}");
    }
    let outside = files.find("/wp-content/uploads/../../site.xml", "1", None);
    assert!(matches!(outside, Found::Missing(_)), "{outside:?}");
}

#[test]
fn pictures_of_ghost_are_found_beside_the_export() {
    let root = tempfile::tempdir().expect("a folder");
    let root = root.path();
    write(root, &["ghost.json", "content/images/2024/01/a.jpg", "images/b.png"]);
    let files = PictureFiles::of_ghost(&root.join("ghost.json"));
    for (url, found) in [
        ("/content/images/2024/01/a.jpg", "content/images/2024/01/a.jpg"),
        (
            "https://x.example/content/images/size/w600/2024/01/a.jpg",
            "content/images/2024/01/a.jpg",
        ),
        ("/content/images/size/w600/format/webp/b.png", "images/b.png"),
        ("/content/images/c.png", "Missing(None)"),
        ("https://x.example/c.png", "Elsewhere"),
    ] {
        assert_eq!(find(&files, root, url, "post/1"), found, "{url}");
    }
}

proptest! {
    #[test]
    fn any_url_stays_inside(url in "(\\.\\./|/|%2e|%2f|etc|passwd|a\\.png|\\\\|:|\\?){0,12}") {
        let root = tempfile::tempdir().expect("a folder");
        write(root.path(), &["site/content/a.png"]);
        let files = folder(root.path());
        if let Found::File(path) = files.find(&url, "posts/x.md", None) {
            prop_assert!(path.ends_with("site/content/a.png"));
        }
    }
}
