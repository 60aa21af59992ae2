import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, openSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type APIResponse, type Browser, expect, type Page, type Response, test } from "@playwright/test";
import { Detector, type Format } from "./xss-detector";
import { isForBody, isOneLine, pack, type Payload, payloads } from "./xss-payloads";
import { ADMIN, local, PEOPLE, type Person } from "./site";

// A separate site, because its stories would disturb the other tests.
const SITE = local(3120);
const POOL = local(4120);
const PICTURE = "/pictures/night-train.svg";
const STORY_PAGES_IN_BROWSER = 8;
const PARALLEL = 4;

/** Pages that show at least 300 payloads each. */
const SHOW_ALL = [
  "story", "label", "feed.atom", "feed.rss", "feed.json", "/corrections", "/desk", "/desk?q", "/desk/{id}",
  "preview", "editor 422", "editor 409", "/desk/{id}/history", "correction refused", "reason refused",
  "redirect refused", "invitation refused", "/saved-form",
];

const ALL = payloads();
const ONE_LINE = ALL.filter(isOneLine);
const BODY = ALL.filter(isForBody);

interface Created {
  id: string;
  slug: string;
  tags: string[];
  section: string;
  authors: string[];
}

/** Collects which payloads each kind of page has shown. */
class Coverage {
  private readonly shown = new Map<string, Set<number>>();

  add(kind: string, text: string): void {
    const numbers = this.shown.get(kind) ?? new Set<number>();
    for (const [, number] of text.matchAll(/__xss\((\d+)\)/g)) numbers.add(Number(number));
    this.shown.set(kind, numbers);
  }

  count(kind: string): number {
    return this.shown.get(kind)?.size ?? 0;
  }

  toString(): string {
    return [...this.shown].map(([kind, numbers]) => `${kind} ${numbers.size}`).join(" · ");
  }
}

const coverage = new Coverage();
let server: ChildProcess;
let data: string;

test.beforeAll(async () => {
  data = mkdtempSync(join(tmpdir(), "xss-"));
  const env = {
    PATH: process.env.PATH,
    GAZETTE_ADDR: new URL(SITE).host.replace("localhost", "127.0.0.1"),
    GAZETTE_POOL_ADDR: new URL(POOL).host.replace("localhost", "127.0.0.1"),
    GAZETTE_PUBLIC_URL: SITE,
    GAZETTE_DATA_DIR: data,
    GAZETTE_MAX_QUEUE_DELAY: "off",
    GAZETTE_POOL_USER: PEOPLE.map(({ name, password, group }) =>
      [name, password, group].filter(Boolean).join(":"),
    ).join(" "),
    RUST_LOG: "warn",
  };
  const log = openSync(test.info().outputPath("server.log"), "w");
  server = spawn("../target/debug/gazette", ["serve"], { env, stdio: ["ignore", log, log] });
  const status = () => fetch(`${SITE}/readyz`).then((it) => it.status, () => 0);
  await expect.poll(status, { timeout: 20_000 }).toBe(200);
});

test.afterAll(async () => {
  const exited = new Promise((resolve) => server.once("exit", resolve));
  server.kill("SIGTERM");
  await exited;
  rmSync(data, { recursive: true });
});

test("the detector finds live payloads", async ({ browser }) => {
  const detector = new Detector();
  const context = await browser.newContext();
  await detector.watch(context);
  const page = await context.newPage();
  detector.found.length = 0;
  await page.route(`${SITE}/unguarded`, (route) => route.fulfill({ contentType: "text/html", body: "" }));
  await page.goto(`${SITE}/unguarded`);
  const harmless = "<!DOCTYPE html><title>x</title><p>&lt;script>__xss(1)&lt;/script>";
  await page.setContent(harmless);
  await detector.scan(page);
  await detector.scanTexts(page, [["a text", harmless]], "text/html");
  expect(detector.found).toEqual([]);

  // Each payload that is markup on its own is found in the source of a page.
  const markup = ALL.slice(0, 20);
  for (const { text } of markup) {
    detector.found.length = 0;
    await detector.scanTexts(page, [["a text", `<title>x</title><main>${text}`]], "text/html");
    expect(detector.found, text).not.toEqual([]);
  }
  for (const [format, source] of [
    ["application/json", JSON.stringify({ items: [{ content_html: markup[1]!.text }] })],
    ["application/xml", "<rss><item><description>&lt;a href='javascript:x'&gt;</description></item></rss>"],
    ["application/xml", "<rss><title><b></title></rss>"],
  ] as [Format, string][]) {
    detector.found.length = 0;
    await detector.scanTexts(page, [["a feed", source]], format);
    expect(detector.found, source).not.toEqual([]);
  }

  // It notices what runs.
  detector.found.length = 0;
  await page.setContent("<img src=x onerror=__xss(7)>");
  await expect.poll(() => detector.found.join()).toContain("payload 7 ran");
  await page.evaluate(() => alert("x"));
  expect(detector.found.join()).toContain("dialog “x”");
  // It notices what only the policy of the site stopped.
  detector.found.length = 0;
  await page.goto(SITE);
  await page.evaluate(() => {
    const image = document.createElement("p");
    image.setAttribute("onclick", "__xss(8)");
    document.body.append(image);
    image.click();
  });
  await expect.poll(() => detector.found.join()).toContain("the policy blocked a script");
  await context.close();
});

test("no payload is live on any page that shows it", async ({ browser }) => {
  // It takes longer while the machine does other work.
  test.setTimeout(600_000);
  expect(new Set(ALL.map(({ text }) => text)).size).toBeGreaterThanOrEqual(300);
  const site = await Visitor.open(browser, ADMIN);

  const stories = await test.step("stories are created", () => create(site));
  await test.step("lists, stories and feeds", () => readerPages(site, stories));
  await test.step("the newsroom", () => newsroomPages(site, stories));
  await test.step("the editor", () => editorPages(site));
  await test.step("parameters", () => parameters(site));
  await test.step("forms that are refused", () => refusedForms(site, stories));
  await test.step("saved forms", () => savedForms(site, stories));
  await test.step("removed stories", () => removedStories(site, stories));
  for (const kind of SHOW_ALL) expect(coverage.count(kind), `payloads on ${kind}`).toBeGreaterThanOrEqual(300);
  test.info().annotations.push({ type: "payloads", description: `${ALL.length}: ${coverage}` });
  await site.close();
});

/** A signed-in person with two browsers: one with the policy of the site, one that ignores it. */
class Visitor {
  private constructor(
    readonly detector: Detector,
    readonly page: Page,
    private readonly unguarded: Page,
  ) {}

  static async open(browser: Browser, person: Person): Promise<Visitor> {
    const detector = new Detector();
    const context = await browser.newContext({ baseURL: SITE });
    const page = await context.newPage();
    await page.goto("/auth/login?return_to=/desk");
    await page.getByLabel("Username").fill(person.name);
    await page.getByLabel("Password").fill(person.password);
    await page.getByRole("button", { name: "Sign in" }).click();
    await expect(page).toHaveURL(`${SITE}/desk`);
    const storageState = await context.storageState();
    const other = await browser.newContext({ baseURL: SITE, storageState, bypassCSP: true });
    const unguarded = await other.newPage();
    await detector.watch(context);
    await detector.watch(other);
    for (const it of [page, unguarded]) await it.goto("/desk");
    return new Visitor(detector, page, unguarded);
  }

  async close(): Promise<void> {
    await this.page.context().close();
    await this.unguarded.context().close();
  }

  /** Opens a page in both browsers and returns its source. */
  async visit(path: string, kind: string, status = 200): Promise<string> {
    const open = (page: Page) => () => page.goto(path);
    const [source] = await Promise.all([
      this.shows(this.page, open(this.page), kind, status),
      this.shows(this.unguarded, open(this.unguarded), kind, status),
    ]);
    return source;
  }

  /** Sends a form, which leads to a page, and returns its source. */
  async submit(path: string, fields: Record<string, string>, kind: string, status: number): Promise<string> {
    if (new URL(this.page.url()).origin !== SITE) await this.page.goto("/healthz");
    const send = async () => {
      const isAnswer = (response: Response) =>
        response.request().isNavigationRequest() && ![302, 303].includes(response.status());
      const [response] = await Promise.all([
        this.page.waitForResponse(isAnswer),
        this.page.waitForEvent("load"),
        this.page.evaluate(
          ([path, fields]) => {
            const form = document.createElement("form");
            Object.assign(form, { method: "post", action: path });
            for (const [name, value] of Object.entries(fields)) {
              const area = document.createElement("textarea");
              Object.assign(area, { name, value });
              form.append(area);
            }
            document.body.append(form);
            form.submit();
          },
          [path, fields] as const,
        ),
      ]);
      return response;
    };
    return this.shows(this.page, send, kind, status);
  }

  /** Checks answers that no browser shows, and the sources of pages. */
  async read(answers: [kind: string, response: APIResponse][], format: Format = "text/html"): Promise<void> {
    const texts: [string, string][] = [];
    for (const [kind, response] of answers) {
      const text = await response.text();
      coverage.add(kind, text);
      if (format !== "text/html" || response.headers()["content-type"]?.startsWith("text/html")) {
        texts.push([`${kind} ${response.url()}`, text]);
      }
    }
    await this.detector.scanTexts(this.page, texts, format);
    this.check();
  }

  /** Waits until the islands of the page run, then looks for live payloads. */
  async scan(page: Page, kind: string): Promise<void> {
    await page.evaluate(async () => {
      const script = document.querySelector<HTMLScriptElement>("script[data-module]");
      if (script) await import(script.src);
    });
    await this.detector.scan(page, `${kind} ${page.url()}`);
    this.check();
  }

  check(): void {
    // Softly, so that one run reports the holes of every page.
    expect.soft(this.detector.found.splice(0).slice(0, 10)).toEqual([]);
  }

  private async shows(page: Page, open: () => Promise<Response | null>, kind: string, status: number): Promise<string> {
    const response = (await open())!;
    expect.soft(response.status(), `${kind} ${response.url().slice(0, 200)}`).toBe(status);
    const source = await response.text();
    coverage.add(kind, source);
    await this.scan(page, kind);
    await this.detector.scanTexts(page, [[kind, source]], "text/html");
    expect(new URL(page.url()).origin, "no payload led away").toBe(SITE);
    this.check();
    return source;
  }
}

/** Runs `act` on every item, several at a time, in order of their start. */
async function each<T, U>(items: T[], act: (item: T, index: number) => Promise<U>): Promise<U[]> {
  const results: U[] = [];
  let next = 0;
  const work = async () => {
    while (next < items.length) {
      const index = next++;
      results[index] = await act(items[index]!, index);
    }
  };
  await Promise.all(Array.from({ length: PARALLEL }, work));
  return results;
}

/** Returns some of the items, from another start for each index. */
function slice<T>(items: T[], index: number, count: number): T[] {
  return Array.from({ length: Math.min(count, items.length) }, (_, step) => items[(index * count + step) % items.length]!);
}

const post = (site: Visitor, path: string, form: Record<string, string>) =>
  site.page.request.post(path, {
    headers: { Origin: SITE, Accept: "text/html", "Content-Type": "application/x-www-form-urlencoded" },
    data: new URLSearchParams(form).toString(),
    maxRedirects: 0,
  });

/** Publishes stories whose fields have all payloads that these take. */
async function create(site: Visitor): Promise<Created[]> {
  const sections = pack(ONE_LINE, 60);
  const [headlines, summaries, names, alts, credits] = [200, 500, 120, 500, 700].map((length) => pack(ONE_LINE, length));
  const bodies = chunks(BODY, Math.ceil(BODY.length / 60)).map((some) => some.map(({ text }) => text).join("\n\n"));
  const stories = Array.from({ length: Math.max(sections.length, headlines!.length) }, (_, index) => index);
  const created = await each(stories, async (index) => {
    const response = await site.page.request.post("/news", {
      headers: { Origin: SITE },
      data: {
        headline: slice(headlines!, index, 1)[0],
        summary: slice(summaries!, index, 1)[0],
        section: slice(sections, index, 1)[0],
        tags: slice(sections, index, 4),
        authors: slice(names!, index, 2),
        body: `Text.\n\n${slice(bodies, index, 1)[0]}`,
        image: { url: PICTURE, alt: slice(alts!, index, 1)[0], credit: slice(credits!, index, 1)[0] },
      },
    });
    expect(response.status(), await response.text()).toBe(201);
    return response.json();
  });
  const answers = await each(created, ({ url }) =>
    site.page.request.get(url, { headers: { Accept: "application/json" } }),
  );
  await site.read(answers.map((response) => ["story as JSON", response]), "application/json");
  return each(answers, async (response) => {
    const story = await response.json();
    const slugs = (labels: (string | { slug: string })[]) => labels.map((it) => (typeof it === "string" ? it : it.slug));
    return { id: story.id, slug: story.slug, section: story.section, tags: slugs(story.tags), authors: slugs(story.authors) };
  });
}

function chunks<T>(items: T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, index) => items.slice(index * size, (index + 1) * size));
}

/** Visits what readers see of the stories. */
async function readerPages(site: Visitor, stories: Created[]): Promise<void> {
  const { request } = site.page;
  for (const path of ["/", "/news", "/news?limit=100"]) await site.visit(path, path);
  await chunked(site, "story", stories.map(({ slug }) => `/news/${slug}`));
  for (const { slug } of slice(stories, 0, STORY_PAGES_IN_BROWSER)) {
    await site.visit(`/news/${encodeURIComponent(slug)}`, "story in a browser");
  }
  const news = await (await request.get("/news?limit=100", { headers: { Accept: "application/json" } })).json();
  const authors = new Set<string>(news.items.flatMap((it: { authors: { slug: string }[] }) => it.authors.map(({ slug }) => slug)));
  const labels = [...authors].map((slug) => `/author/${slug}`).slice(0, 60);
  const html = await (await request.get("/desk/labels")).text();
  labels.push(...links(html, /^\/section\//));
  labels.push(...links(await (await request.get("/desk/labels?kind=tag")).text(), /^\/tag\//));
  await chunked(site, "label", labels);
  for (const path of slice(labels, 0, 12)) await site.visit(path, "label in a browser");
  for (const [name, format] of FEEDS) {
    const feeds = ["", ...labels.slice(0, 4), ...labels.slice(-8)].map((label) => `${label}/feed.${name}`);
    await site.read(
      await each(feeds, async (path) => [`feed.${name}`, await request.get(path)] as [string, APIResponse]),
      format,
    );
  }
}

const FEEDS: [string, Format][] = [
  ["atom", "application/xml"],
  ["rss", "application/xml"],
  ["json", "application/json"],
];

/** Reads the sources of many pages. */
async function chunked(site: Visitor, kind: string, paths: string[]): Promise<void> {
  for (const some of chunks(paths, 40)) {
    const answers = await each(some, async (path) => {
      const response = await site.page.request.get(path, { headers: { Accept: "text/html" } });
      expect(response.status(), path).toBe(200);
      return [kind, response] as [string, APIResponse];
    });
    await site.read(answers);
  }
}

/** Returns the addresses in a page that match, each once. */
function links(html: string, pattern: RegExp): string[] {
  const found = [...html.matchAll(/href="([^"]+)"/g)].map(([, href]) => href!.replaceAll("&amp;", "&"));
  return [...new Set(found)].filter((href) => pattern.test(href));
}

/** Visits what the newsroom shows of the stories. */
async function newsroomPages(site: Visitor, stories: Created[]): Promise<void> {
  const { request } = site.page;
  const texts = pack(ONE_LINE, 1_900);
  for (const [index, story] of slice(stories, 0, texts.length).entries()) {
    const sent = await request.post(`/news/${story.id}/corrections`, { headers: { Origin: SITE }, data: { text: texts[index] } });
    expect(sent.status(), await sent.text()).toBe(201);
    await post(site, "/saved", { id: story.id });
  }
  await site.visit("/corrections", "/corrections");
  await site.visit(`/news/${encodeURIComponent(stories[0]!.slug)}`, "story with a correction");
  await site.visit(`/desk/${stories[0]!.id}/corrections`, "/desk/{id}/corrections");
  await site.visit("/saved", "/saved");

  for (const [index, text] of pack(ONE_LINE, 120).slice(0, 15).entries()) {
    // Spaces are not allowed in addresses.
    const address = text.replace(/\s/g, "/");
    const fields = [
      { from: `/old/${index}/${address}`, to: `/news?x=${address}`, status: "301" },
      { from: `/url/${index}`, to: `https://example.com/${address}`, status: "301" },
      { from: `/${address}`, to: ADDRESSES_OF_REDIRECTS[index % ADDRESSES_OF_REDIRECTS.length]!, status: text },
    ];
    for (const form of fields) await site.read([["/desk/redirects", await post(site, "/desk/redirects", form)]]);
  }
  await site.visit("/desk/redirects", "/desk/redirects");

  const people = pack(ONE_LINE, 40).slice(0, 6).map((name) => ({ name, email: `${name.replace(/\W/g, "")}@example.com`, role: "writer" }));
  people.push({ name: "xavier", email: ONE_LINE[1]!.text, role: ONE_LINE[0]!.text });
  for (const form of people) await site.read([["invitation", await post(site, "/desk/people/invite", form)]]);
  const list = await site.visit("/desk/people", "/desk/people");
  for (const path of links(list, /^\/desk\/people\/[^?]+$/).slice(0, 4)) await site.visit(path, "person");

  for (const [index, text] of pack(ONE_LINE, 490).slice(0, 4).entries()) {
    const gif = Buffer.from("R0lGODdhAQABAPAAAP8AAAAAACwAAAAAAQABAAACAkQBADs=", "base64");
    gif[13] = index;
    const file = { name: `${ONE_LINE[index]!.text}.gif`, mimeType: "image/gif", buffer: gif };
    const multipart = { file, alt: text, credit: text.slice(0, 199) };
    const sent = await request.post("/images", { headers: { Origin: SITE }, multipart });
    expect(sent.ok(), await sent.text()).toBe(true);
  }
  await site.visit("/desk/images", "/desk/images");

  // Renames labels to payloads that are too long for a section of a story, too.
  for (const kind of ["section", "tag", "author"]) {
    const page = await site.visit(`/desk/labels?kind=${kind}`, "/desk/labels");
    const slugs = links(page, new RegExp(`^/${kind}/[^/?]+$`)).map((path) => decodeURIComponent(path.split("/")[2]!));
    for (const slug of slugs.slice(0, 1)) {
      const name = ALL.map(({ text }) => text).join(" ").slice(0, 4_000);
      await site.submit("/desk/labels", { kind, slug, name }, "label refused", 422);
    }
    const renamed = await post(site, "/desk/labels", { kind, slug: slugs[2]!, name: ONE_LINE[20]!.text });
    expect(renamed.status()).toBe(303);
    await site.visit(`/desk/labels?kind=${kind}`, "/desk/labels");
  }
  for (let page: string | undefined = "/desk?sort=oldest"; page; ) {
    const html = await site.visit(page, "/desk");
    page = links(html, /^\/desk\?.*(cursor|page|after)=/).find((href) => !seen.has(href));
    if (page) seen.add(page);
  }
  for (const path of ["/desk/audit", "/desk/imports"]) await site.visit(path, path);
  await site.visit(`/desk/delete?${stories.slice(0, 60).map(({ id }) => `id=${id}`).join("&")}`, "/desk/delete");
  await site.visit("/desk/delete?all=yes", "/desk/delete?all=yes");
  await site.visit("/account", "/account");
}

const seen = new Set<string>();
const ADDRESSES_OF_REDIRECTS = ["javascript:__xss(100)", "//example.com/__xss(100)", "data:text/html;__xss(100)", "/\\__xss(100)"];

/** Every field of the editor with every payload, also those that a story cannot have. */
function form(some: Payload[]): Record<string, string> {
  const line = some.map(({ text }) => text).join(" ");
  const names = ["headline", "slug", "summary", "section", "tags", "authors", "language", "image", "image_alt", "image_caption", "image_credit"];
  const times = ["publish_at", "unpublish_at", "pin_until"];
  const body = some.map(({ text }) => text).join("\n\n");
  return { ...Object.fromEntries([...names, ...times].map((name) => [name, line])), body };
}

/** Works on drafts with every payload in each field. */
async function editorPages(site: Visitor): Promise<void> {
  const halves = chunks(ALL, Math.ceil(ALL.length / 2));
  for (const half of halves) {
    const key = crypto.randomUUID();
    const first = await post(site, "/desk/new", { ...form(half), version: "0", key, action: "save" });
    expect(first.status(), await first.text()).toBe(303);
    const path = first.headers().location!;
    const editor = await site.visit(path, "/desk/{id}");
    const version = /name="version" value="(\d+)"/.exec(editor)![1]!;
    await site.submit(path, { ...form(half), version, action: "publish" }, "editor 422", 422);
    // The page that was refused may still save what it shows, and so change the version.
    await site.page.goto("about:blank");
    let now = "";
    await expect(async () => {
      now = /name="version" value="(\d+)"/.exec(await (await site.page.request.get(path)).text())![1]!;
      const changed = await post(site, path, { ...form(half.toReversed()), version: now, action: "save" });
      expect(changed.status()).toBe(303);
    }).toPass();
    const other = form([...half.slice(9), ...half.slice(0, 9)]);
    await site.submit(path, { ...other, version: now, action: "save" }, "editor 409", 409);
    for (const query of ["", "?version=1&with=present"]) {
      await site.visit(`${path}/history${query}`, "/desk/{id}/history");
    }
    await post(site, path, { ...other, version: "99", action: "review" });
    await preview(site, path, half);
  }
  for (const tab of ["draft", "mine", "review", "scheduled", "published"]) {
    await site.visit(`/desk?status=${tab}`, `/desk?status=${tab}`);
  }
}

/** Types payloads into the editor and waits until its island has shown the preview. */
async function preview(site: Visitor, path: string, some: Payload[]): Promise<void> {
  const { page } = site;
  await page.goto(path);
  await site.scan(page, "editor");
  for (const few of chunks(some, 60)) {
    const fields = form(few);
    const first = `Part ${few[0]!.number}.`;
    const shown = page.waitForResponse((it) => (it.request().postData() ?? "").includes("action=preview"));
    await page.evaluate((fields) => {
      for (const [name, text] of Object.entries(fields)) {
        const field = document.querySelector<HTMLInputElement>(`#editor [name=${name}], form [name=${name}]`);
        if (field) field.value = text;
        field?.dispatchEvent(new InputEvent("input", { bubbles: true }));
      }
    }, { ...fields, body: `${first}\n\n${fields.body}` });
    const answer = await shown;
    expect(answer.status()).toBe(200);
    const { html } = await answer.json();
    coverage.add("preview", html);
    await expect(page.locator("#preview-story")).toContainText(first);
    await site.scan(page, "preview");
  }
  await page.evaluate(() => window.addEventListener("beforeunload", (event) => event.stopImmediatePropagation(), true));
}

/** Puts payloads into each parameter of each page. */
async function parameters(site: Visitor): Promise<void> {
  const long = pack(ONE_LINE, 3_500);
  const short = pack(ONE_LINE, 195);
  const pages: Record<string, string[]> = {
    "/news": ["cursor", "section", "tag", "month", "limit", "x"],
    "/": ["cursor", "x"],
    "/search": ["q", "section", "from", "to", "page"],
    "/corrections": ["cursor"],
    "/desk": ["q", "status", "section", "author", "sort", "cursor", "x"],
    "/desk/audit": ["person", "act", "story", "from", "to", "before"],
    "/desk/people": ["q", "role", "cursor", "after"],
    "/desk/labels": ["kind", "cursor"],
    "/desk/redirects": ["prefix", "cursor"],
    "/desk/trash": ["cursor", "selected"],
    "/desk/trash/erase": ["id"],
    "/desk/images": ["after"],
    "/desk/delete": ["id", "all", "word", "job", "reason"],
    "/desk/new": ["typed"],
    "/auth/login": ["return_to"],
    "/auth/callback": ["code", "state", "error", "error_description"],
  };
  for (const [path, names] of Object.entries(pages)) {
    for (const name of names) {
      const texts = ["q", "prefix", "person", "story"].includes(name) ? [...short, long[0]!] : long;
      const answers = await each(texts, async (text) => {
        const address = `${path}?${new URLSearchParams({ [name]: text })}`;
        const response = await site.page.request.get(address, { headers: { Accept: "text/html" }, maxRedirects: 0 });
        return [`${path}?${name}`, response] as [string, APIResponse];
      });
      await site.read(answers);
    }
  }
  const text = encodeURIComponent(short[0]!);
  for (const path of ["/desk?q=", "/desk/people?q=", "/desk/redirects?prefix=", "/desk/audit?person=", "/desk/audit?story=", "/desk/labels?kind="]) {
    await site.visit(path + text, `${path} in a browser`);
  }
  for (const path of ["/news/", "/section/", "/tag/", "/desk/", "/"]) {
    await site.read([["404", await site.page.request.get(path + text, { headers: { Accept: "text/html" } })]]);
  }
  await site.visit(`/news/${text}`, "404 in a browser", 404);
  await site.visit(`/desk/audit?from=${text}`, "400 in a browser", 400);
}

/** Sends forms that are refused: their pages show again what was typed. */
async function refusedForms(site: Visitor, stories: Created[]): Promise<void> {
  const everything = ALL.map(({ text }) => text).join(" ");
  const id = stories[0]!.id;
  await site.submit(`/desk/${id}/corrections`, { text: everything, key: crypto.randomUUID() }, "correction refused", 422);
  await site.submit("/desk/delete", { id, reason: everything }, "reason refused", 422);
  await site.submit("/desk/delete", { all: "yes", word: everything, job: crypto.randomUUID() }, "word refused", 422);
  await site.submit("/desk/redirects", { from: everything, to: everything, status: everything }, "redirect refused", 422);
  await site.submit("/desk/people/invite", { name: everything, email: everything, role: "writer" }, "invitation refused", 422);
  const change = { version: "0", action: everything, key: crypto.randomUUID() };
  await site.submit("/desk/new", { ...form(ALL), ...change }, "action refused", 400);
}

/** Sends forms without a session: each is shown after signing in again. */
async function savedForms(site: Visitor, stories: Created[]): Promise<void> {
  const { page } = site;
  const everything = ALL.map(({ text }) => text).join(" ");
  const id = stories[0]!.id;
  const forms: [string, Record<string, string>][] = [
    ["/desk/delete", { id, reason: everything }],
    [`/desk/${id}/corrections`, { text: everything, key: crypto.randomUUID() }],
    ["/desk/redirects", { from: everything, to: everything, status: everything }],
    ["/desk/people/invite", { name: everything, email: everything, role: "writer" }],
    ["/desk/labels", { kind: "tag", slug: stories[0]!.tags[0]!, name: everything }],
    ["/desk/new", { ...form(ALL.slice(0, 150)), version: "0", key: crypto.randomUUID(), action: "save" }],
  ];
  for (const [path, fields] of forms) {
    await page.goto("/corrections");
    await page.context().clearCookies({ name: /^gazette-\d+$/ });
    await site.submit(path, fields, "signed out", 401);
    const response = await page.goto("/auth/login?return_to=/saved-form");
    const source = await response!.text();
    coverage.add("/saved-form", source);
    expect(source, path).toContain("__xss(");
    await site.scan(page, "/saved-form");
    await site.detector.scanTexts(page, [["/saved-form", source]], "text/html");
    site.check();
  }
}

/** Deletes stories with payloads as reasons, and visits where they were. */
async function removedStories(site: Visitor, stories: Created[]): Promise<void> {
  const reasons = pack(ONE_LINE, 300);
  const removed = stories.slice(-reasons.length);
  for (const [index, { id }] of removed.entries()) {
    const sent = await post(site, "/desk/delete", { id, reason: reasons[index % reasons.length]! });
    expect(sent.status(), await sent.text()).toBe(303);
  }
  const gone = await each(removed, async ({ slug }) => {
    const response = await site.page.request.get(`/news/${slug}`, { headers: { Accept: "text/html" } });
    expect(response.status()).toBe(410);
    return ["410", response] as [string, APIResponse];
  });
  await site.read(gone);
  await site.visit(`/news/${encodeURIComponent(removed[0]!.slug)}`, "410 in a browser", 410);
  await site.visit("/desk/trash", "/desk/trash");
  await site.visit(`/desk/trash/erase?${removed.map(({ id }) => `id=${id}`).join("&")}`, "/desk/trash/erase");
  await site.visit("/desk/trash/empty", "/desk/trash/empty");
  await site.visit("/desk/audit", "/desk/audit");
}
