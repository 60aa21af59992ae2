//! Pictures that come along with stories, with `gazette import` as a process.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use tempfile::TempDir;

use crate::images::photograph;

/// A data folder, and a site beside which other files are.
struct Folders {
    data: TempDir,
    around: TempDir,
}

impl Folders {
    fn new() -> Self {
        let temporary = || tempfile::tempdir().expect("a folder");
        Self { data: temporary(), around: temporary() }
    }

    fn site(&self) -> PathBuf {
        self.around.path().join("site")
    }

    fn write(&self, name: &str, bytes: impl AsRef<[u8]>) {
        let path = self.around.path().join(name);
        fs::create_dir_all(path.parent().expect("a folder")).expect("made");
        fs::write(path, bytes).expect("written");
    }

    fn story(&self, name: &str, head: &str, body: &str) {
        let title = name.replace('/', " ");
        self.write(name, format!("---\ntitle: {title}\ndate: 2024-03-05\n{head}---\n{body}\n"));
    }

    fn run(&self, arguments: &[&str]) -> Output {
        run(self.data.path(), arguments)
    }

    fn import(&self, folder: &Path, options: &[&str]) -> Output {
        let mut arguments = vec!["import", folder.to_str().expect("a path")];
        arguments.extend(options);
        self.run(&arguments)
    }

    /// Returns the stories of an export, by the headline.
    fn stories(&self) -> Vec<(String, serde_json::Value)> {
        stories(self.data.path())
    }

    /// Returns the names of the stored files.
    fn stored(&self) -> Vec<String> {
        stored(self.data.path())
    }
}

fn run(data: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_gazette"))
        .arg("--data-dir")
        .arg(data)
        .args(arguments)
        .output()
        .expect("the binary runs")
}

fn stories(data: &Path) -> Vec<(String, serde_json::Value)> {
    let file = tempfile::tempdir().expect("a folder");
    let path = file.path().join("export.ndjson");
    let output = run(data, &["export", path.to_str().expect("a path")]);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let lines = fs::read_to_string(path).expect("an export");
    let items = lines.lines().filter_map(|line| serde_json::from_str(line).ok());
    let mut stories: Vec<_> = items
        .filter_map(|item: serde_json::Value| {
            let body = item.get("body")?;
            let is_story = item["partition"].as_str()?.starts_with("article#")
                && item["sort"].as_str()? == "current";
            is_story.then(|| {
                (body["card"]["headline"].as_str().unwrap_or_default().to_owned(), body.clone())
            })
        })
        .collect();
    stories.sort_by(|a, b| a.0.cmp(&b.0));
    stories
}

fn stored(data: &Path) -> Vec<String> {
    let mut names = Vec::new();
    for folder in fs::read_dir(data.join("images")).into_iter().flatten().flatten() {
        for file in fs::read_dir(folder.path()).expect("a folder").flatten() {
            names.push(file.file_name().to_string_lossy().into_owned());
        }
    }
    names.sort();
    names
}

fn text(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

/// Checks the counts of the last line, without those that are 0 and without redirects.
fn assert_counts(output: &Output, expected: &str) {
    let lines = text(output);
    let line = lines.lines().last().unwrap_or_default();
    let is_shown = |count: &&str| !count.starts_with("0 ") && !count.ends_with(" redirects");
    let counts: Vec<&str> = line.split(", ").filter(is_shown).collect();
    let errors = String::from_utf8_lossy(&output.stderr);
    assert_eq!(counts.join(", "), expected, "{lines} {errors}");
}

pub(crate) fn png(width: u32, height: u32) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, width, height);
    encoder.set_color(png::ColorType::Grayscale);
    encoder.set_depth(png::BitDepth::Eight);
    let pixels = vec![7; (width * height) as usize];
    encoder.write_header().expect("a head").write_image_data(&pixels).expect("pixels");
    bytes
}

#[test]
fn pictures_of_a_folder_come_along() {
    let folders = Folders::new();
    folders.write("site/content/posts/bundle/photo 1.jpg", photograph(700, 350));
    folders.write("site/static/img/a.png", png(20, 10));
    folders.write("site/content/img/b.png", png(30, 10));
    folders.write("site/content/copy.jpg", photograph(700, 350));
    folders.write("site/content/bad.svg", "<svg xmlns=\"http://www.w3.org/2000/svg\"/>");
    folders.write("site/content/text.jpg", "This is text.");
    folders.write("site/hugo.toml", "baseURL = \"https://old.example/\"\n");
    folders.write("secret.png", png(40, 40));
    folders.story(
        "site/content/posts/bundle/index.md",
        "image: photo 1.jpg\n",
        "![One](photo%201.jpg \"The title\")\n\n[![Two](/img/a.png?v=2)](../../img/b.png)",
    );
    folders.story(
        "site/content/other.md",
        "image: /img/a.png\nimage_alt: Words\nimage_credit: Eva\n",
        "<img src=\"copy.jpg\" alt=\"x\"> `![](/img/a.png)` ![Three](https://old.example/img/a.png)",
    );
    folders.story(
        "site/content/bad.md",
        "image: text.jpg\n",
        "![Four](bad.svg) ![Five](/none.png) ![Six](https://x.example/y.png) ![S](../../secret.png)",
    );
    let dry = folders.import(&folders.site(), &["--dry-run"]);
    let output = folders.import(&folders.site(), &[]);
    for output in [&dry, &output] {
        assert_counts(output, "3 created, 3 pictures");
        assert!(text(output).contains("\n4 pictures were not brought in\n"), "{}", text(output));
    }
    let lines = text(&output);
    for line in [
        "the picture text.jpg was not brought in: This file is ",
        "the picture bad.svg was not brought in: This file is an SVG",
        "2 pictures were not found: /none.png, ../../secret.png",
    ] {
        assert!(lines.contains(&format!("content/bad.md: {line}")), "{line}: {lines}");
    }
    let names = folders.stored();
    assert_eq!(names.len(), 5, "the photograph once in three sizes, and two graphics: {names:?}");
    let of_width = |width: &str| {
        let name = names.iter().find(|name| name.contains(&format!("-{width}x")));
        format!("/images/{}", name.expect("a file"))
    };
    let (photo, a, b) = (of_width("700"), of_width("20"), of_width("30"));
    let stories = folders.stories();
    let (bad, bundle, other) = (&stories[0].1, &stories[2].1, &stories[1].1);
    assert_eq!(bundle["body"], format!("![One]({photo} \"The title\")\n\n[![Two]({a})]({b})"));
    assert_eq!(
        (&bundle["card"]["image"]["url"], &bundle["card"]["image"]["width"]),
        (&photo.clone().into(), &700.into())
    );
    assert_eq!(
        other["body"],
        format!("<img src=\"{photo}\" alt=\"x\"> `![](/img/a.png)` ![Three]({a})")
    );
    assert_eq!(
        (&other["card"]["image"]["alt"], &other["card"]["image"]["credit"]),
        (&"Words".into(), &"Eva".into())
    );
    assert_eq!(
        bad["body"],
        "![Four](bad.svg) ![Five](https://old.example/none.png) ![Six](https://x.example/y.png) ![S](https://old.example/secret.png)"
    );
    assert!(bad["card"]["image"].is_null());
    let again = folders.import(&folders.site(), &[]);
    assert_counts(&again, "3 unchanged");
    assert_eq!(folders.stored(), names);
}

#[test]
fn an_undone_import_takes_its_pictures_along_and_can_come_again() {
    let folders = Folders::new();
    folders.write("site/assets/a.png", png(20, 10));
    folders.write("site/assets/b.png", png(30, 10));
    folders.story("site/_posts/2024-03-05-a.md", "", "![A]({{ site.baseurl }}/assets/a.png)");
    folders.story("site/_posts/2024-03-06-b.md", "", "![A](/assets/a.png) ![B](/assets/b.png)");
    assert_counts(&folders.import(&folders.site(), &[]), "2 created, 2 pictures");
    let names = folders.stored();
    let undone = folders.run(&["import", "--undo", "1"]);
    assert!(text(&undone).contains("2 pictures deleted"), "{}", text(&undone));
    assert_eq!(folders.stored(), [] as [&str; 0]);
    assert_counts(&folders.import(&folders.site(), &[]), "2 created, 2 pictures");
    assert_eq!(folders.stored(), names);
    // A changed picture is a change of its story.
    folders.write("site/assets/b.png", png(31, 10));
    assert_counts(&folders.import(&folders.site(), &[]), "1 updated, 1 unchanged, 1 pictures");
    // Files that were lost come again with the same records.
    fs::remove_dir_all(folders.data.path().join("images")).expect("removed");
    assert_counts(&folders.import(&folders.site(), &[]), "2 unchanged");
    assert_eq!(folders.stored().len(), 2);
}

#[test]
fn exported_stories_bring_their_pictures_back() {
    let folders = Folders::new();
    folders.write("site/photo.jpg", photograph(700, 350));
    folders.write("site/a.png", png(20, 10));
    let body = "![One](photo.jpg) <img src='a.png' alt=\"Two\">\n\n    ![](photo.jpg)";
    folders.story("site/one.md", "image: photo.jpg\nimage_credit: Eva\n", body);
    folders.story("site/two.md", "image: a.png\n", "Text.");
    assert_counts(&folders.import(&folders.site(), &[]), "2 created, 2 pictures");
    let out = folders.around.path().join("out");
    let exported = folders.run(&["export", "--markdown", out.to_str().expect("a path")]);
    let told = text(&exported);
    assert!(told.starts_with("exported 2 stories and 2 pictures to "), "{told}");
    let data = tempfile::tempdir().expect("a folder");
    let again = run(data.path(), &["import", out.to_str().expect("a path")]);
    assert_counts(&again, "2 created, 2 pictures");
    assert_eq!(stored(data.path()).len(), folders.stored().len());
    // Converted again, a picture has another name; all else is the same.
    let plain = |stories: Vec<(String, serde_json::Value)>| -> Vec<_> {
        let hex = |c: char| c.is_ascii_hexdigit();
        let plain = |text: &str| {
            let mut parts = text.split("/images/");
            let first = parts.next().unwrap_or_default().to_owned();
            parts.fold(first, |text, part| text + "/images/" + part.trim_start_matches(hex))
        };
        let fields = stories.into_iter().map(|(headline, story)| {
            let image = &story["card"]["image"];
            let of_image = ["width", "height", "alt", "credit"].map(|name| image[name].clone());
            let texts =
                [&story["body"], &image["url"]].map(|text| plain(text.as_str().expect("a text")));
            (headline, texts, of_image)
        });
        fields.collect()
    };
    assert_eq!(plain(stories(data.path())), plain(folders.stories()));
    let own = run(data.path(), &["import", out.to_str().expect("a path")]);
    assert_counts(&own, "2 unchanged");
}
