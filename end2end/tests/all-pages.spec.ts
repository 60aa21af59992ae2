import type { Locator, Page } from "@playwright/test";
import { eraseNothing, expect, newestStories, type Story, test } from "./fixtures";
import { signIn } from "./hosted-ui";
import { ADMIN, EDITOR, type Person, POOL, READER, SITE } from "./site";

type Role = "anonymous" | "reader" | "editor" | "admin";
type Statuses = Record<Role, number>;

const ROLES: [Role, Person | undefined][] = [
  ["anonymous", undefined],
  ["reader", READER],
  ["editor", EDITOR],
  ["admin", ADMIN],
];

const PHONES = [390, 320];
const ERASURE = crypto.randomUUID();
const LONG_NAME = "w".repeat(30);

const PUBLIC = statuses(200, 200, 200, 200);
const SIGNED_IN = statuses(401, 200, 200, 200);
const NEWSROOM = statuses(401, 403, 200, 200);
const ADMINS = statuses(401, 403, 403, 200);
const MISSING = statuses(404, 404, 404, 404);
const GONE = statuses(410, 410, 410, 410);

const ROLES_OF_NEWSROOM = ["editor", "admin"];

for (const [role, person] of ROLES) {
  test(`every page works for ${role}`, async ({ page, browserErrors, deletedStory }) => {
    test.slow();
    if (person) await signIn(page, person);
    const [story] = await newestStories(page.request);
    const links = new Set<string>();
    if (role === "admin") await eraseNothing(page, ERASURE);

    for (const [path, expected] of pages(story, deletedStory)) {
      await test.step(path, async () => {
        const status = expected[role];
        if (status !== 200) browserErrors.expect(status, new URL(path, SITE).pathname);
        const response = await page.goto(path);
        expect(response?.status()).toBe(status);
        const html = await response!.text();
        expect(html, "the page contains no token").not.toMatch(/\beyJ/);
        await expect(page.getByRole("main")).toHaveCount(1);
        await expect(page.getByRole("heading", { level: 1 }).and(outsidePreview(page))).toHaveCount(1);
        await expect(page.locator("[style]")).toHaveCount(0);
        const scripts = page.locator("script:not([type='application/ld+json'])");
        await expect(scripts.and(page.locator(":not([src][integrity^='sha384-'])"))).toHaveCount(0);
        for (const link of await page.getByRole("link").and(outsidePreview(page)).all()) {
          const href = (await link.getAttribute("href"))!;
          const url = new URL(href, page.url());
          // Stories link to other sites too.
          const isOurs = [SITE, new URL(POOL).origin].includes(url.origin);
          if (!href.startsWith("#") && isOurs) links.add(url.href);
        }
        await expectToFitPhones(page);
      });
    }

    await test.step("every link works", async () => {
      for (const link of links) {
        const response = await page.request.get(link, {
          headers: { Accept: "text/html" },
          maxRedirects: 0,
        });
        // Activity links to stories that were moved to the trash or erased since, and the labels of
        // drafts have no page yet.
        const isLabel =
          ROLES_OF_NEWSROOM.includes(role) &&
          /^\/(section|tag|author)\//.test(new URL(link).pathname);
        const isEditor = /^\/desk\/[0-9a-f-]{36}/.test(new URL(link).pathname);
        if (response.status() === 410) continue;
        if (response.status() === 404 && (isLabel || isEditor)) continue;
        expect(response.status(), link).toBeLessThan(400);
      }
    });
  });
}

/** Leaves out the preview of the editor, which is the page of a story that may not exist yet. */
function outsidePreview(page: Page): Locator {
  return page.locator(":not(#preview-story *)");
}

/** Expects no horizontal overflow on phones, also with a long user name. */
async function expectToFitPhones(page: Page): Promise<void> {
  const originalSize = page.viewportSize()!;
  const account = page.getByRole("banner").locator("a[href='/account']");
  for (const nameIsLong of [false, true]) {
    if (nameIsLong) {
      if ((await account.count()) === 0) break;
      await account.evaluate((link, name) => (link.textContent = name), LONG_NAME);
    }
    for (const width of PHONES) {
      await page.setViewportSize({ width, height: 844 });
      const [content, screen] = await page.evaluate(() => [
        document.documentElement.scrollWidth,
        window.innerWidth,
      ]);
      const name = nameIsLong ? "a long name" : "a short name";
      expect.soft(content, `the width at ${width} px with ${name}`).toBeLessThanOrEqual(screen);
    }
  }
  await page.setViewportSize(originalSize);
}

function pages(story: Story, deleted: Story): [string, Statuses][] {
  return [
    ["/", PUBLIC],
    ["/news", PUBLIC],
    ["/section/world", PUBLIC],
    ["/tag/harbours", PUBLIC],
    ["/author/maren-ashlock", PUBLIC],
    ["/search", PUBLIC],
    ["/search?q=the", PUBLIC],
    ["/search?q=zzzzzz&from=2026-01-01", PUBLIC],
    ["/corrections", PUBLIC],
    ["/archive", PUBLIC],
    [`/archive/${story.published_at.slice(0, 7).replace("-", "/")}`, PUBLIC],
    [`/news?section=world&month=${story.published_at.slice(0, 7)}`, PUBLIC],
    ["/about", PUBLIC],
    ["/privacy", PUBLIC],
    ["/accessibility", PUBLIC],
    [`/news/${story.slug}`, PUBLIC],
    ["/auth/login", PUBLIC],
    ["/account", SIGNED_IN],
    ["/saved", SIGNED_IN],
    ["/desk", NEWSROOM],
    ["/desk?status=published&q=the&sort=headline", NEWSROOM],
    [`/desk/delete?id=${story.id}`, ADMINS],
    ["/desk/delete?all=yes", ADMINS],
    ["/desk/labels", NEWSROOM],
    ["/desk/new", NEWSROOM],
    [`/desk/${story.id}`, NEWSROOM],
    [`/desk/${story.id}/history`, NEWSROOM],
    [`/desk/${story.id}/corrections`, NEWSROOM],
    ["/desk/redirects", NEWSROOM],
    ["/desk/images", NEWSROOM],
    ["/desk/trash", ADMINS],
    ["/desk/trash/empty", ADMINS],
    [`/desk/trash/erase/${ERASURE}`, ADMINS],
    ["/desk/imports", ADMINS],
    ["/desk/audit", ADMINS],
    ["/desk/people", ADMINS],
    ["/nothing-here", MISSING],
    ["/news/nothing-here", MISSING],
    [`/news/${deleted.slug}`, GONE],
  ];
}

function statuses(anonymous: number, reader: number, editor: number, admin: number): Statuses {
  return { anonymous, reader, editor, admin };
}
