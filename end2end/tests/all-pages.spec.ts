import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdir, readdir, rm, writeFile } from "node:fs/promises";
import { promisify } from "node:util";
import type { Locator, Page } from "@playwright/test";
import vnuJar from "vnu-jar";
import { expectAccessible, expectNoOverflow, NARROWEST } from "./accessible";
import { AWKWARD, EVERY_CONSTRUCT } from "./awkward-stories";
import { eraseNothing, expect, newestStories, publish, type Story, test, trash } from "./fixtures";
import { signIn } from "./hosted-ui";
import { htmlErrors } from "./html-validator";
import { examples, expectedStatus, FILES, type Role, ROLES, routeOf, ROUTES, type Subjects } from "./pages";
import { ADMIN, EDITOR, PART, type Person, POOL, READER, SITE, WRITER } from "./site";

const PEOPLE: Record<Role, Person | undefined> = {
  anonymous: undefined,
  reader: READER,
  writer: WRITER,
  editor: EDITOR,
  admin: ADMIN,
};
const STAFF: Role[] = ["writer", "editor", "admin"];
const LONG_NAME = "w".repeat(30);
/** The pages as they were sent, for vnu. */
const SENT = `test-results/part-${PART}/pages`;

/** Parts of pages that axe knows: the same markup with other words has the same faults. */
const seen = new Set<string>();
/** Contents and banners already checked on phones: most pages are the same for several roles. */
const fitting = new Set<string>();
/** Parts of documents that were already validated. */
const valid = new Set<string>();
let awkward: Story[] = [];
let subjects: Omit<Subjects, "deleted">;

test.beforeAll(async ({ browser, playwright }) => {
  await rm(SENT, { recursive: true, force: true });
  await mkdir(SENT, { recursive: true });
  const request = await playwright.request.newContext({ baseURL: SITE });
  const story = (await newestStories(request))[0];
  awkward = await publish(request, [...AWKWARD, EVERY_CONSTRUCT]);
  await request.dispose();
  const page = await browser.newPage({ baseURL: SITE });
  await signIn(page, ADMIN);
  const job = crypto.randomUUID();
  await eraseNothing(page, job);
  const people = await (await page.request.get("/desk/people", { headers: { Accept: "text/html" } })).text();
  const person = people.match(/\/desk\/people\/([0-9a-f-]{36})/)![1];
  await page.close();
  subjects = { story, awkward: awkward.map(({ slug }) => slug), job, person };
});

test.afterAll(async ({ playwright }) => {
  const request = await playwright.request.newContext({ baseURL: SITE });
  await trash(request, awkward);
  await request.dispose();
});

for (const role of ROLES) {
  test(`every page works for ${role}`, async ({
    page,
    browserErrors,
    deletedStory,
    javaScriptEnabled,
  }) => {
    test.setTimeout(600_000);
    const person = PEOPLE[role];
    if (person) await signIn(page, person);
    await page.setViewportSize({ width: NARROWEST, height: 844 });
    const links = new Set<string>();
    const hasScripts = javaScriptEnabled !== false;

    for (const example of examples({ ...subjects, deleted: deletedStory })) {
      await test.step(example.path, async () => {
        const status = expectedStatus(example, role);
        const { pathname } = new URL(example.path, SITE);
        if (!hasScripts && !(await hasIsland(page, example.path, status))) return;
        if (status !== 200) browserErrors.expect(status, pathname);
        const response = await page.goto(example.path);
        expect.soft(response?.status(), example.path).toBe(status);
        const html = await response!.text();
        expect(html, "the page contains no token").not.toMatch(/\beyJ[\w-]+\./);
        if (hasScripts) await expectValid(html, `${role} ${example.path}`);
        await expectStructure(page);
        for (const link of await linksOf(page)) links.add(link);
        await expectToFitPhones(page, example.path);
        if (await isNew(page)) {
          await expectHydrated(page, hasScripts);
          await expectAccessible(page, `${example.path} for ${role}`);
        }
      });
    }
    // Links are the same without scripts.
    if (hasScripts) await test.step("every link works", () => expectLinksToWork(page, role, links));
  });
}

test("every route that answers with a page is visited", async ({ page, deletedStory }) => {
  await signIn(page, ADMIN);
  const visited = examples({ ...subjects, deleted: deletedStory }).map(({ path }) => path);
  const known = [...visited, ...FILES].map((address) => routeOf(address)?.path);
  const readable = ROUTES.filter(({ method }) => method === "GET").map(({ path }) => path);
  const missing = readable.filter((path) => !known.includes(path));
  expect(missing, "routes without an example in pages.ts").toEqual([]);
  for (const file of FILES) {
    const response = await page.request.get(file, { headers: { Accept: "text/html" } });
    expect(response.status(), file).toBeLessThan(400);
    expect(response.headers()["content-type"] ?? "", file).not.toContain("text/html");
  }
});

test("a form that is too large gets a page that says so", async ({ page, browserErrors }) => {
  await signIn(page, ADMIN);
  browserErrors.expect(413, "/desk/redirects");
  await page.route("/desk/redirects", (route) =>
    route.continue({
      method: "POST",
      headers: {
        ...route.request().headers(),
        origin: SITE,
        "content-type": "application/x-www-form-urlencoded",
      },
      postData: `from=${"x".repeat(4_000_000)}`,
    }),
  );
  const response = await page.goto("/desk/redirects");
  expect(response?.status()).toBe(413);
  expect(await htmlErrors(await response!.text())).toEqual([]);
  await expectAccessible(page, "413");
});

test.describe(() => {
  // A second try would start without the pages.
  test.describe.configure({ retries: 0 });

  test("vnu finds no error either", async ({ javaScriptEnabled }) => {
    test.skip(javaScriptEnabled === false, "the pages are the same bytes");
    test.slow();
    expect(await readdir(SENT), "pages that were sent").not.toEqual([]);
    const run = promisify(execFile);
    const java = await run("java", ["-version"]).catch(() => undefined);
    test.skip(!java, "Java is missing: vnu does not check the pages");
    // One run for all pages, since it starts slowly.
    const options = ["--errors-only", "--skip-non-html", "--format", "gnu"];
    const args = ["-jar", String(vnuJar), ...options, SENT];
    const errors = await run("java", args).then(
      () => "",
      ({ stderr }: { stderr: string }) => stderr,
    );
    expect(errors.split("\n").filter(Boolean)).toEqual([]);
  });
});

/** Leaves out the preview of the editor, which is the page of a story that may not exist yet. */
function outsidePreview(page: Page): Locator {
  return page.locator(":not(#preview-story *)");
}

async function expectStructure(page: Page): Promise<void> {
  await expect(page.getByRole("main")).toHaveCount(1);
  await expect(page.getByRole("heading", { level: 1 }).and(outsidePreview(page))).toHaveCount(1);
  await expect(page.locator("[style]")).toHaveCount(0);
  const files = await page.evaluate(() =>
    [...document.querySelectorAll("script:not([type='application/ld+json']), link[rel=stylesheet]")].map(
      (file) => ({
        address: (file as HTMLScriptElement).src || (file as HTMLLinkElement).href,
        integrity: file.getAttribute("integrity") ?? "",
      }),
    ),
  );
  // The hosted UI has its own style sheet.
  const isOurs = new URL(page.url()).origin === SITE;
  for (const { address, integrity } of files) {
    expect(new URL(address).origin).toBe(new URL(page.url()).origin);
    if (isOurs) expect(integrity, address).toMatch(/^sha384-/);
  }
}

/** Validates a page, unless each part of it was in a page that is valid. */
async function expectValid(html: string, name: string): Promise<void> {
  const parts = html.split(/(?=<header\b|<main\b)|(?<=<\/header>|<\/main>)/);
  if (parts.every((part) => valid.has(part))) return;
  for (const part of parts) valid.add(part);
  const file = name.replace(/[^a-z0-9]+/g, "-").slice(0, 100);
  await writeFile(`${SENT}/${file}.html`, html);
  expect.soft(await htmlErrors(html), name).toEqual([]);
}

/** Returns the addresses on this site and its pool that the page links to. */
async function linksOf(page: Page): Promise<string[]> {
  const links = await page.evaluate(() =>
    [...document.querySelectorAll<HTMLAnchorElement>("a[href]")]
      .filter((link) => !link.closest("#preview-story") && !link.getAttribute("href")!.startsWith("#"))
      .map(({ href }) => href),
  );
  // Stories link to other sites too.
  return links.filter((link) => [SITE, new URL(POOL).origin].includes(new URL(link).origin));
}

async function expectLinksToWork(page: Page, role: Role, links: Set<string>): Promise<void> {
  const check = async (link: string) => {
    const response = await page.request.get(link, {
      headers: { Accept: "text/html" },
      maxRedirects: 0,
    });
    const { pathname } = new URL(link);
    // Activity links to stories that were moved to the trash or erased since, and the labels of
    // drafts have no page yet.
    const isLabel = STAFF.includes(role) && /^\/(section|tag|author)\//.test(pathname);
    const isEditor = /^\/desk\/[0-9a-f-]{36}/.test(pathname);
    // The story of every construct names them.
    const isMadeUp = ["/x%20y", "/x.mp4"].includes(pathname);
    if (response.status() === 410) return;
    if (response.status() === 404 && (isLabel || isEditor || isMadeUp)) return;
    // Writers see the stories of others in the list, but not their forms.
    if (response.status() === 403 && isEditor && role === "writer") return;
    expect.soft(response.status(), link).toBeLessThan(400);
  };
  const left = [...links];
  while (left.length > 0) await Promise.all(left.splice(0, 8).map(check));
}

/** Expects no horizontal overflow on phones, also with a long user name. */
async function expectToFitPhones(page: Page, name: string): Promise<void> {
  if (!(await isUnknownContent(page))) return;
  await expectNoOverflow(page, `${name} at ${NARROWEST} px`);
  const account = page.getByRole("banner").locator("a[href='/account']");
  if ((await account.count()) > 0) {
    const own = await account.textContent();
    for (const text of [LONG_NAME, own]) {
      await account.evaluate((link, name) => (link.textContent = name), text);
      await expectNoOverflow(page, `${name} at ${NARROWEST} px for ${text}`);
    }
  }
}

/** Returns whether the content of the page, or its banner, has bytes that no page had before. */
async function isUnknownContent(page: Page): Promise<boolean> {
  const parts = await page.evaluate(() =>
    [...document.querySelectorAll("body > header, main")].map(({ outerHTML }) => outerHTML),
  );
  const isUnknown = parts.some((part) => !fitting.has(part));
  for (const part of parts) fitting.add(part);
  return isUnknown;
}

/**
 * Returns whether the page has an island. One without is the same with scripts and without, and
 * was looked at with them.
 */
async function hasIsland(page: Page, path: string, status: number): Promise<boolean> {
  const response = await page.request.get(path, { headers: { Accept: "text/html" } });
  expect.soft(response.status(), path).toBe(status);
  return (await response.text()).includes("<leptos-island");
}

/** Waits until the islands of a page work. */
async function expectHydrated(page: Page, hasScripts: boolean): Promise<void> {
  const keys = page.locator(".keys");
  if (hasScripts && (await keys.count()) > 0) await expect(keys).toBeVisible();
}

/**
 * Returns whether the banner, the main part, or the rest of the page has markup that was not seen.
 * Words do not count, what shows them does. The parts count one by one: a page that everybody can
 * read differs only in its banner from person to person.
 */
async function isNew(page: Page): Promise<boolean> {
  const parts = await page.evaluate(() => {
    const partOf = (element: Element) => element.closest("body > header, main")?.localName ?? "rest";
    const describe = (element: Element) => {
      // The navigation differs from page to page only in the current one.
      const isContent = partOf(element) === "main";
      const own = [...element.attributes].filter(({ name }) => isContent || name !== "aria-current");
      const attributes = own.map(({ name, value }) =>
        /^(class|role|type|lang|dir|tabindex|rel|aria-(hidden|current|invalid|live))$/.test(name)
          ? `${name}=${value}`
          : name,
      );
      const hasText = [...element.childNodes].some(
        (node) => node.nodeType === Node.TEXT_NODE && node.textContent!.trim() !== "",
      );
      return `${element.localName} ${attributes.sort().join(" ")} ${hasText}`;
    };
    const parts: Record<string, string[]> = {};
    for (const element of document.querySelectorAll("body, body *")) {
      (parts[partOf(element)] ??= []).push(describe(element));
    }
    return Object.entries(parts).map(([part, elements]) => `${part}\n${elements.join("\n")}`);
  });
  const hashes = parts.map((part) => createHash("sha256").update(part).digest("hex"));
  const isNew = hashes.some((hash) => !seen.has(hash));
  for (const hash of hashes) seen.add(hash);
  return isNew;
}
