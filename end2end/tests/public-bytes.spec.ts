import { createHash } from "node:crypto";
import { request as httpRequest } from "node:http";
import { expect, newestStories, test } from "./fixtures";
import { SITE } from "./site";

/** Size limit of the front page without pictures and fonts, in bytes. */
const MAX_FRONT_PAGE = 14 * 1024;
const SCRIPT_OF_OURS = /^<script type="module" src="(\/[^"/][^"]*)" integrity="(sha384-[^"]+)"/;

interface Answer {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  body: Buffer;
}

/** Sends a request with exactly these headers, and leaves the body as it is. */
function get(path: string, headers: Record<string, string> = {}, method = "GET"): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const request = httpRequest(new URL(path, SITE), { method, headers }, (response) => {
      const parts: Buffer[] = [];
      response.on("data", (part) => parts.push(part));
      response.on("error", reject);
      response.on("end", () => {
        const { statusCode: status = 0, headers } = response;
        resolve({ status, headers, body: Buffer.concat(parts) });
      });
    });
    request.on("error", reject).end();
  });
}

const HTML = { accept: "text/html" };
const SOMEONE_ELSE = {
  ...HTML,
  "accept-language": "fr",
  cookie: "theme=dark; other=1",
  dnt: "1",
  referer: "https://elsewhere.example/",
  "sec-ch-prefers-color-scheme": "dark",
  "user-agent": "Someone else",
  "x-forwarded-for": "192.0.2.1",
  "x-forwarded-host": "elsewhere.example",
};

async function publicPaths(request: Parameters<typeof newestStories>[0]): Promise<string[]> {
  const [{ slug }] = await newestStories(request);
  const lists = ["/", "/news", "/section/world", "/tag/harbours", "/author/maren-ashlock"];
  const about = ["/archive", "/about", "/privacy", "/accessibility", "/corrections"];
  return [...lists, ...about, `/news/${slug}`];
}

test("public pages are the same bytes for everyone", async ({ request }) => {
  const policies = new Set();
  for (const path of await publicPaths(request)) {
    const one = await get(path, HTML);
    const other = await get(path, SOMEONE_ELSE);
    expect(one.status, path).toBe(200);
    expect(one.body.equals(other.body), path).toBe(true);
    expect(other.headers.etag, path).toBe(one.headers.etag);
    for (const { headers } of [one, other]) {
      expect(headers["set-cookie"], path).toBeUndefined();
      expect(headers["cache-control"], path).toMatch(
        /^public, max-age=0, s-maxage=60, stale-while-revalidate=\d+, stale-if-error=\d+$/,
      );
      expect(headers.vary, path).toBe("Accept, Accept-Encoding");
      policies.add(headers["content-security-policy"]);
    }
  }
  expect(policies.size).toBe(1);
  expect([...policies][0]).not.toMatch(/unsafe-inline|nonce-|'unsafe-eval'/);
});

test("scripts and styles are files of this site, with integrity", async ({ request }) => {
  const files = new Map<string, string>();
  for (const path of await publicPaths(request)) {
    const html = (await get(path, HTML)).body.toString();
    expect(html, path).not.toMatch(/<style|\sstyle=|\son[a-z]+=|javascript:/i);
    for (const [tag] of html.matchAll(/<script[^>]*>/g)) {
      if (tag === '<script type="application/ld+json">') continue;
      const [, src, integrity] = tag.match(SCRIPT_OF_OURS) ?? [];
      expect(src, `${path}: ${tag}`).toBeTruthy();
      files.set(src, integrity);
    }
    const sheets = [...html.matchAll(/<link rel="stylesheet" href="([^"]*)" integrity="([^"]*)"/g)];
    expect(sheets.length, path).toBe(1);
    for (const [, href, integrity] of sheets) files.set(href, integrity);
  }
  for (const [file, integrity] of files) {
    expect(file).toMatch(/^\/assets\//);
    const { body, headers } = await get(file);
    const hash = createHash("sha384").update(body).digest("base64");
    expect(integrity, file).toBe(`sha384-${hash}`);
    expect(headers["cache-control"], file).toBe("public, max-age=31536000, immutable");
  }
});

test("an article needs no script, and the front page three small files", async ({ page }) => {
  const [{ slug }] = await newestStories(page.request);
  const requests: string[] = [];
  page.on("request", (request) => requests.push(request.resourceType()));
  await page.goto(`/news/${slug}`);
  expect(requests.filter((type) => type !== "image").sort()).toEqual(["document", "font", "stylesheet"]);
  requests.length = 0;
  await page.goto("/");
  const needed = requests.filter((type) => !["image", "script", "fetch", "other"].includes(type));
  expect(needed.sort()).toEqual(["document", "font", "stylesheet"]);

  const br = { ...HTML, "accept-encoding": "br" };
  const html = await get("/", br);
  const sheet = (await get("/", HTML)).body.toString().match(/rel="stylesheet" href="([^"]*)"/)![1];
  const css = await get(sheet, br);
  expect([html.headers["content-encoding"], css.headers["content-encoding"]]).toEqual(["br", "br"]);
  expect(html.body.length + css.body.length).toBeLessThanOrEqual(MAX_FRONT_PAGE);
});

test("files come compressed, each form under its own tag", async ({ request }) => {
  const html = (await get("/", HTML)).body.toString();
  const sheet = html.match(/rel="stylesheet" href="([^"]*)"/)![1];
  for (const path of [sheet, "/pkg/gazette.wasm", "/pictures/harbour-wall.svg", "/feed.atom"]) {
    const plain = await get(path);
    expect(plain.headers["content-encoding"], path).toBeUndefined();
    const tags = new Set([plain.headers.etag]);
    for (const encoding of ["br", "gzip", "zstd"]) {
      const answer = await get(path, { "accept-encoding": encoding });
      expect(answer.headers["content-encoding"], path).toBe(encoding);
      expect(answer.headers.vary, path).toContain("Accept-Encoding");
      expect(answer.body.length, path).toBeLessThan(plain.body.length / 2);
      const head = await get(path, { "accept-encoding": encoding }, "HEAD");
      for (const name of ["content-encoding", "content-length", "etag", "content-type"]) {
        expect(head.headers[name], `${path} ${name}`).toBe(answer.headers[name]);
      }
      tags.add(answer.headers.etag);
      const known = { "accept-encoding": encoding, "if-none-match": String(answer.headers.etag) };
      expect((await get(path, known)).status, path).toBe(304);
    }
    expect(tags.size, path).toBe(4);
  }
  const picture = await get("/pictures/harbour-wall.jpg", { "accept-encoding": "br, gzip" });
  expect(picture.headers["content-encoding"]).toBeUndefined();
  expect((await request.get("/manifest.webmanifest")).ok()).toBe(true);
});

test("pictures that other sites show exist in the size that pages name", async ({ page }) => {
  const stories = await newestStories(page.request);
  await page.goto("/");
  for (const { slug } of stories.slice(0, 12)) {
    const html = (await get(`/news/${slug}`, HTML)).body.toString();
    const property = (name: string) =>
      html.match(new RegExp(`property="${name}" content="([^"]*)"`))?.[1] ?? "";
    const url = property("og:image");
    expect(url, slug).toMatch(new RegExp(`^${SITE}/.*\\.(jpg|png|webp)$`));
    expect(property("og:image:alt"), slug).not.toBe("");
    const size = await page.evaluate(async (src) => {
      const image = Object.assign(new Image(), { src });
      await image.decode();
      return [image.naturalWidth, image.naturalHeight];
    }, url);
    expect(size.map(String), slug).toEqual([property("og:image:width"), property("og:image:height")]);
  }
});
