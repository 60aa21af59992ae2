//! CPU of the server a request, relative to bare axum, nginx and maud.

use std::fs::{self, File};
use std::path::Path;
use std::process::Command;

use crate::client::{Answer, Connection, request};
use crate::page_data;
use crate::process::Server;
use crate::reference::{Answers, Fixed, Kind, READY, headers_to_copy};
use crate::rounds::{Costs, Subject, measure};
use crate::site::Site;
use crate::table::{Goal, Line, number};

/// Requests of each server a round; rounds are long enough that a clock tick hardly counts.
const REQUESTS: usize = 6_000;
/// Times of a page whose requests cost more.
const FEW_REQUESTS: usize = 2_000;

/// A request to measure.
pub(crate) struct Case {
    topic: &'static str,
    name: String,
    method: &'static str,
    path: String,
    headers: Vec<(&'static str, String)>,
    kind: Kind,
    /// Relative to bare axum with the same bytes.
    axum: Option<Goal>,
    /// Relative to nginx with the same bytes as a file, if it is measured.
    nginx: Option<Goal>,
    /// Relative to a page by maud, if it is measured.
    maud: Option<Goal>,
}

const SIGNED_OUT: &str = "Signed-out pages";
const SIGNED_IN: &str = "Signed-in pages";
const PROGRAMS: &str = "Programs with a token";

/// Returns everything that is measured on a site.
pub(crate) fn cases(site: &Site) -> Vec<Case> {
    let story = first_story(site);
    let pages = [
        ("`/`", "/", "text/html"),
        ("`GET /news`", "/news", "application/json"),
        ("an article", story.as_str(), "text/html"),
    ];
    let mut cases = Vec::new();
    for (name, path, accept) in pages {
        for encoding in ["identity", "br"] {
            let headers =
                vec![("Accept", accept.to_owned()), ("Accept-Encoding", encoding.to_owned())];
            let name = if encoding == "br" { format!("{name}, brotli") } else { name.to_owned() };
            cases.push(Case {
                nginx: Some(Goal::AtLeast(0.80)),
                ..Case::of(SIGNED_OUT, name, path, headers, Some(Goal::AtLeast(0.85)))
            });
        }
        let headers = vec![("Accept", accept.to_owned())];
        let plain: Vec<_> = headers.iter().map(|(name, value)| (*name, value.as_str())).collect();
        // The first answer may come from another layer than the next ones.
        ask(site, "GET", path, &plain);
        let tag = ask(site, "GET", path, &plain);
        let tag = ("If-None-Match", tag.header("etag").to_owned());
        cases.push(Case {
            kind: Kind::Conditional,
            ..Case::of(
                SIGNED_OUT,
                format!("304 of {name}"),
                path,
                [headers, vec![tag]].concat(),
                Some(Goal::AtLeast(0.85)),
            )
        });
    }
    cases.extend(signed_in(site));
    cases.extend(with_token(site));
    cases
}

fn signed_in(site: &Site) -> [Case; 1] {
    let headers = vec![("Accept", "text/html".to_owned()), ("Cookie", site.signed_in_cookies())];
    [Case {
        maud: Some(Goal::AtMost(1.5)),
        ..Case::of(SIGNED_IN, "`/`, signed in".to_owned(), "/", headers, Some(Goal::AtMost(6.5)))
    }]
}

fn with_token(site: &Site) -> [Case; 4] {
    let token = site.access_token();
    let (signed, signature) = token.rsplit_once('.').expect("a token");
    let forged = format!("{signed}.{}", signature.chars().rev().collect::<String>());
    let bearer = |token: &str| vec![("Authorization", format!("Bearer {token}"))];
    let nothing = "/news?ids=01890000-0000-7000-8000-000000000000";
    let delete = |name: &str, token: &str| Case {
        method: "DELETE",
        ..Case::of(PROGRAMS, name.to_owned(), nothing, bearer(token), None)
    };
    [
        Case::of(
            PROGRAMS,
            "`/auth/me`, token seen before".to_owned(),
            "/auth/me",
            bearer(&token),
            Some(Goal::AtMost(1.8)),
        ),
        delete("`DELETE` of nothing, token seen before", &token),
        Case { kind: Kind::Verification, ..delete("`DELETE` with a forged signature", &forged) },
        delete("`DELETE` with a garbled token", &"x".repeat(900)),
    ]
}

impl Case {
    fn of(
        topic: &'static str,
        name: String,
        path: &str,
        headers: Vec<(&'static str, String)>,
        axum: Option<Goal>,
    ) -> Self {
        let path = path.to_owned();
        let (kind, nginx, maud) = (Kind::Bytes, None, None);
        Self { topic, name, method: "GET", path, headers, kind, axum, nginx, maud }
    }

    fn headers(&self) -> Vec<(&str, &str)> {
        self.headers.iter().map(|(name, value)| (*name, value.as_str())).collect()
    }

    fn request(&self, server: &Server, path: &str) -> Vec<u8> {
        request(self.method, server.address, path, &self.headers(), "")
    }
}

/// Measures all cases.
pub(crate) fn run(site: &Site, folder: &Path) -> Vec<Line> {
    let cases = cases(site);
    let answers: Vec<Answer> = cases.iter().map(|case| warm_answer(site, case)).collect();
    let fixed: Vec<Fixed> = cases
        .iter()
        .zip(&answers)
        .enumerate()
        .map(|(n, (case, answer))| fixed(site, case, answer, n))
        .collect();
    let axum = start_axum(folder, &cases, &answers, &fixed);
    let nginx = crate::nginx::start(folder, &fixed);
    if nginx.is_none() {
        println!("nginx is not installed: its column is missing");
    }
    let mut lines = Vec::new();
    for (number, case) in cases.iter().enumerate() {
        println!("measuring {}", case.name);
        check(case, &axum, &fixed[number], &answers[number]);
        lines.extend(compare(
            case,
            site,
            &axum,
            nginx.as_ref(),
            &fixed[number].path,
            answers[number].status,
        ));
    }
    lines
}

/// Returns the answer that the following requests get too.
fn warm_answer(site: &Site, case: &Case) -> Answer {
    for _ in 0..2 {
        ask(site, case.method, &case.path, &case.headers());
    }
    let answer = ask(site, case.method, &case.path, &case.headers());
    let expected = match case.kind {
        Kind::Conditional => 304,
        Kind::Verification => 401,
        Kind::Bytes => answer.status,
    };
    assert_eq!(answer.status, expected, "{}", case.name);
    let wants_brotli = case.headers.iter().any(|(_, value)| value == "br");
    assert_eq!(answer.header("content-encoding") == "br", wants_brotli, "{}", case.name);
    answer
}

fn fixed(site: &Site, case: &Case, answer: &Answer, number: usize) -> Fixed {
    let path = format!("/case/{number}");
    if case.kind != Kind::Conditional {
        return Fixed::copy(path, case.kind, answer);
    }
    // The whole page, whose tag is compared.
    let unconditional: Vec<_> =
        case.headers().into_iter().filter(|(name, _)| *name != "If-None-Match").collect();
    Fixed::copy(path, case.kind, &ask(site, "GET", &case.path, &unconditional))
}

fn start_axum(folder: &Path, cases: &[Case], answers: &[Answer], fixed: &[Fixed]) -> Server {
    let of_maud = cases.iter().position(|case| case.maud.is_some()).expect("a page by maud");
    let page = &answers[of_maud];
    let _ = fs::write("target/bench/gazette.html", &page.body);
    let answers = Answers {
        fixed: fixed.to_vec(),
        page: page_data::read(&page.text()),
        page_headers: headers_to_copy(page),
    };
    let file = folder.join("answers.json");
    serde_json::to_writer(File::create(&file).expect("a file"), &answers).expect("written");
    let mut command = Command::new(std::env::current_exe().expect("its own path"));
    Server::start(command.arg("reference").arg(&file), READY)
}

/// Checks that the reference sends what the site sends.
fn check(case: &Case, axum: &Server, fixed: &Fixed, answer: &Answer) {
    let copy = Connection::open(axum.address).ask(&case.request(axum, &fixed.path));
    assert_eq!(copy.status, answer.status, "{}", case.name);
    assert_eq!(copy.body.len(), answer.body.len(), "{}", case.name);
    let size = |answer: &Answer| -> usize {
        answer.headers.iter().map(|(name, value)| name.len() + value.len()).sum()
    };
    assert_eq!(size(&copy), size(answer), "{}: {:?} {:?}", case.name, copy.headers, answer.headers);
    if case.maud.is_some() {
        let page = Connection::open(axum.address).ask(&case.request(axum, "/maud"));
        println!(
            "  the page by maud has {} bytes, this one {}",
            page.body.len(),
            answer.body.len()
        );
        let _ = fs::write("target/bench/maud.html", &page.body);
        let _ = fs::write("target/bench/gazette.html", &answer.body);
        assert!(page.body.len() * 10 > answer.body.len() * 9, "the same text");
    }
}

fn compare(
    case: &Case,
    site: &Site,
    axum: &Server,
    nginx: Option<&Server>,
    path: &str,
    status: u16,
) -> Vec<Line> {
    let subject = |server, path: &str, status| {
        let request = case.request(server, path);
        Subject { server, request, status }
    };
    let of_axum =
        if case.kind == Kind::Verification { "axum and one RSA verification" } else { "bare axum" };
    let mut names = vec![(of_axum, case.axum)];
    let mut subjects = vec![subject(&site.server, &case.path, status), subject(axum, path, status)];
    if let Some((nginx, goal)) = nginx.zip(case.nginx) {
        subjects.push(subject(nginx, path, 200));
        names.push(("nginx", Some(goal)));
    }
    if let Some(goal) = case.maud {
        subjects.push(subject(axum, "/maud", 200));
        names.push(("axum and maud", Some(goal)));
    }
    let requests = if case.topic == SIGNED_OUT { REQUESTS } else { FEW_REQUESTS };
    let costs = measure(&subjects, requests);
    let (own, references) = costs.split_first().expect("costs");
    let line = |((name, goal), reference): (&(&str, Option<Goal>), &Costs)| {
        let is_speed = matches!(goal, Some(Goal::AtLeast(_)));
        let value = if is_speed { reference.relative_to(own) } else { own.relative_to(reference) };
        let unit = if is_speed {
            format!("× the speed of {name}")
        } else {
            format!("× the cost of {name}")
        };
        let microseconds = |costs: &Costs| number(costs.spread().median);
        let detail = format!("{} µs, {name} {} µs", microseconds(own), microseconds(reference));
        let (topic, what) = (case.topic.to_owned(), case.name.clone());
        Line { topic, what, value, unit, goal: *goal, detail }
    };
    names.iter().zip(references).map(line).collect()
}

/// Returns the path of the newest story.
pub(crate) fn first_story(site: &Site) -> String {
    let answer = ask(site, "GET", "/news", &[("Accept", "application/json")]);
    let list: serde_json::Value = serde_json::from_slice(&answer.body).expect("JSON");
    format!("/news/{}", list["items"][0]["slug"].as_str().expect("a story"))
}

fn ask(site: &Site, method: &str, path: &str, headers: &[(&str, &str)]) -> Answer {
    Connection::open(site.address()).ask(&request(method, site.address(), path, headers, ""))
}
