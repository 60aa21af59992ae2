use super::*;

fn site_of(files: &[(&str, &str)], folder: &str) -> Site {
    let root = tempfile::tempdir().expect("a folder");
    for (name, text) in files {
        let path = root.path().join(name);
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("made");
        std::fs::write(path, text).expect("written");
    }
    let folder = root.path().join(folder);
    std::fs::create_dir_all(&folder).expect("made");
    Site::of(&folder, TimeZone::UTC, Timestamp::UNIX_EPOCH)
}

#[test]
fn the_tool_is_known_by_its_configuration() {
    let jekyll = [
        ("_config.yml", "url: https://a.example\nbaseurl: /blog/\n"),
        ("_data/authors.yml", "ann:\n  name: Ann Smith\n"),
    ];
    let site = site_of(&jekyll, "_posts");
    assert_eq!(
        (site.tool, site.prefix.as_str(), site.base_path.as_str()),
        (Tool::Jekyll, "_posts", "/blog")
    );
    assert_eq!(site.host.as_deref(), Some("a.example"));
    assert_eq!(site.authors.get("ann").map(String::as_str), Some("Ann Smith"));
    let zola = site_of(&[("config.toml", "base_url = \"https://a.example/x\"\n")], "content/blog");
    assert_eq!(
        (zola.tool, zola.prefix.as_str(), zola.base_path.as_str()),
        (Tool::Zola, "content/blog", "/x")
    );
    assert_eq!(zola.path_in_content("a.md"), "blog/a.md");
    let hugo = site_of(&[("config.toml", "baseURL = \"https://a.example/\"\n")], "");
    assert_eq!((hugo.tool, hugo.prefix.as_str(), hugo.base_path.as_str()), (Tool::Hugo, "", ""));
    assert_eq!(site_of(&[("hugo.yaml", "title: x\n")], "content").tool, Tool::Hugo);
    assert_eq!(site_of(&[(".eleventy.js", "x")], "posts").tool, Tool::Eleventy);
    assert_eq!(site_of(&[(".vuepress/config.js", "x")], "").tool, Tool::VuePress);
}

#[test]
fn files_have_the_defaults_of_the_site_and_of_their_folder() {
    let config = "defaults:\n  - scope: {path: '', type: posts}\n    values: {author: Ann, lang: en}\n  \
                  - scope: {path: _posts/fr}\n    values: {lang: fr}\n";
    let site = site_of(&[("_config.yml", config)], "");
    let value = |key: &str, name: &str| site.cascade(key).get(name).cloned();
    assert_eq!(value("_posts/fr/a.md", "lang"), Some("fr".into()));
    assert_eq!(value("_posts/fr/a.md", "author"), Some("Ann".into()));
    assert_eq!(value("_posts/a.md", "lang"), Some("en".into()));
    assert_eq!(value("a.md", "lang"), None);
    let mut hugo = Site::unknown(TimeZone::UTC, Timestamp::UNIX_EPOCH);
    let draft = serde_json::json!({"draft": true});
    let cascade = Head::new(draft.as_object().expect("a map"));
    hugo.sections.insert("a".to_owned(), Section { title: Some("A".to_owned()), cascade });
    hugo.sections
        .insert(String::new(), Section { title: Some("All".to_owned()), ..Section::default() });
    assert_eq!(hugo.cascade("a/b/c.md").get("draft"), Some(&true.into()));
    assert_eq!(hugo.cascade("c.md").get("draft"), None);
    assert_eq!(hugo.section_title("a/b/c.md").as_deref(), Some("A"));
    assert_eq!(hugo.section_title("c.md").as_deref(), Some("All"));
}
