import AxeBuilder from "@axe-core/playwright";
import type { Page } from "@playwright/test";
import { eraseNothing, expect, newestStories, test } from "./fixtures";
import { enterPassword, signIn } from "./hosted-ui";
import { ADMIN, EDITOR, READER, SITE } from "./site";

const RULES = ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa", "best-practice"];
const WIDTHS = [390, 768, 1280];
const SCHEMES = ["light", "dark"] as const;

test.beforeEach(async ({ page }) => {
  await page.emulateMedia({ reducedMotion: "reduce" });
});

test("public pages are accessible", async ({ page }) => {
  test.setTimeout(120_000);
  const [story] = await newestStories(page.request);
  const month = `/archive/${story.published_at.slice(0, 7).replace("-", "/")}`;
  const lists = ["/", "/news", "/section/world", "/corrections", "/archive", month];
  const about = ["/about", "/privacy", "/accessibility", "/search", "/search?q=the", "/search?q=zzzzzz"];
  for (const path of [...lists, ...about, `/news/${story.slug}`]) {
    await page.goto(path);
    await expectAccessible(page, path);
  }
  await page.locator(".share > summary").click();
  await expectAccessible(page, "the ways to share a story");
});

test("error pages are accessible", async ({ page, browserErrors, deletedStory }) => {
  for (const [status, path] of [
    [401, "/account"],
    [404, "/nothing-here"],
    [410, `/news/${deletedStory.slug}`],
  ] as const) {
    browserErrors.expect(status, path);
    await page.goto(path);
    await expectAccessible(page, `${status}`);
  }
  await signIn(page, READER);
  browserErrors.expect(403, "/desk");
  await page.goto("/desk");
  await expectAccessible(page, "403");
});

test("the hosted UI is accessible, also after a wrong password", async ({ page, browserErrors }) => {
  await page.goto("/auth/login");
  await expectAccessible(page, "the login page");
  browserErrors.expect(400, "/login");
  await enterPassword(page, { name: "unknown", password: "wrong-horse" });
  await expect(page.getByRole("alert")).toBeVisible();
  await expectAccessible(page, "the login page with an error");
});

test("account and newsroom are accessible, also after a wrong word", async ({ page, browserErrors }) => {
  // Runs axe 78 times.
  test.setTimeout(120_000);
  browserErrors.expect(422, "/desk/delete");
  await signIn(page, ADMIN);
  const [story] = await newestStories(page.request);
  const erasure = crypto.randomUUID();
  await eraseNothing(page, erasure);
  for (const path of [
    "/account",
    "/desk/people",
    "/desk?selected=none",
    "/desk?q=nothing-of-the-kind&sort=oldest",
    `/desk/delete?id=${story.id}`,
    "/desk/labels",
    `/desk/${story.id}/corrections`,
    "/desk/redirects",
    "/desk/images",
    "/desk/trash",
    "/desk/trash/empty",
    `/desk/trash/erase/${erasure}`,
    "/desk/imports",
    "/desk/audit",
    "/saved",
    `/news/${story.slug}`,
    "/desk/delete?all=yes",
  ]) {
    await page.goto(path);
    await expectAccessible(page, path);
  }
  await page.getByRole("textbox", { name: "Type delete to confirm" }).fill("everything");
  await page.getByRole("button", { name: /^Delete all/ }).click();
  await expect(page.getByRole("alert")).toBeVisible();
  await expectAccessible(page, "the wrong word");
});

test("the editor is accessible, also with faults and a conflict", async ({ page, browserErrors }) => {
  // Runs axe 36 times.
  test.setTimeout(120_000);
  await signIn(page, EDITOR);
  const [story] = await newestStories(page.request);
  for (const path of ["/desk/new", `/desk/${story.id}`, `/desk/${story.id}/history`]) {
    await page.goto(path);
    await expectAccessible(page, path);
  }

  await page.goto("/desk/new");
  await page.getByRole("textbox", { name: "Story", exact: true }).fill("TK: the price.");
  const loaded = page.waitForEvent("load");
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await loaded;
  await expect(page.locator("#save-state")).toHaveText(/^Saved/);
  const url = page.url();
  browserErrors.expect(422, new URL(url).pathname);
  await page.getByRole("button", { name: "Publish", exact: true }).click();
  await expect(page.getByRole("alert").filter({ hasText: "to fix" })).toBeVisible();
  await expectAccessible(page, "the editor with faults");

  await page.goto(url);
  const version = await page.locator("#version").inputValue();
  const response = await page.request.post(url, {
    headers: { Origin: SITE },
    form: { action: "save", version, headline: "", body: "The text of another." },
  });
  expect(response.status()).toBe(200);
  browserErrors.expect(409, new URL(url).pathname);
  await page.getByRole("textbox", { name: "Story", exact: true }).fill("The text of this one.");
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await expect(page.getByRole("alert").filter({ hasText: "changed the same text at" })).toBeVisible();
  await expectAccessible(page, "the editor with a conflict");
});

async function expectAccessible(page: Page, name: string): Promise<void> {
  for (const width of WIDTHS) {
    await page.setViewportSize({ width, height: 800 });
    const overflow = await page.evaluate(() => {
      const { scrollWidth, clientWidth } = document.documentElement;
      return scrollWidth - clientWidth;
    });
    expect.soft(overflow, `${name} scrolls horizontally at ${width} px`).toBe(0);
    for (const colorScheme of SCHEMES) {
      await page.emulateMedia({ colorScheme });
      // Legacy mode avoids an extra page; it is safe because no page has frames.
      const axe = new AxeBuilder({ page }).setLegacyMode(true).withTags(RULES);
      const { violations } = await axe.analyze();
      const found = violations.flatMap(({ id, nodes }) =>
        nodes.map(({ target }) => `${id}: ${target.join(" ")}`),
      );
      expect.soft(found, `${name} at ${width} px, ${colorScheme}`).toEqual([]);
    }
  }
}
