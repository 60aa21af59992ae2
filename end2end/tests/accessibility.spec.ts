import AxeBuilder from "@axe-core/playwright";
import type { Page } from "@playwright/test";
import { expect, newestStories, test } from "./fixtures";
import { enterPassword, signIn } from "./hosted-ui";
import { ADMIN, READER } from "./world";

const RULES = ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa", "best-practice"];
const WIDTHS = [390, 768, 1280];
const SCHEMES = ["light", "dark"] as const;

test.beforeEach(async ({ page }) => {
  await page.emulateMedia({ reducedMotion: "reduce" });
});

test("what everybody reads can be read by everybody", async ({ page }) => {
  const [story] = await newestStories(page.request);
  for (const path of ["/", "/news", "/section/world", `/news/${story.slug}`]) {
    await page.goto(path);
    await expectAccessible(page, path);
  }
});

test("pages that say what is wrong", async ({ page, trouble, deletedStory }) => {
  for (const [status, path] of [
    [401, "/account"],
    [404, "/nothing-here"],
    [410, `/news/${deletedStory.slug}`],
  ] as const) {
    trouble.expect(status, path);
    await page.goto(path);
    await expectAccessible(page, `${status}`);
  }
  await signIn(page, READER);
  trouble.expect(403, "/desk");
  await page.goto("/desk");
  await expectAccessible(page, "403");
});

test("the hosted UI, also after a wrong password", async ({ page, trouble }) => {
  await page.goto("/auth/login");
  await expectAccessible(page, "the login page");
  trouble.expect(400, "/login");
  await enterPassword(page, { name: "nobody", password: "wrong-horse" });
  await expect(page.getByRole("alert")).toBeVisible();
  await expectAccessible(page, "the login page with an error");
});

test("account and newsroom, also after a wrong word", async ({ page, trouble }) => {
  trouble.expect(422, "/desk/delete");
  await signIn(page, ADMIN);
  const [story] = await newestStories(page.request);
  for (const path of [
    "/account",
    "/account/people",
    "/desk?chosen=none",
    `/desk/delete?id=${story.id}`,
    "/desk/trash",
    "/desk/audit",
    "/saved",
    `/news/${story.slug}`,
    "/desk/delete?all=yes",
  ]) {
    await page.goto(path);
    await expectAccessible(page, path);
  }
  await page.getByRole("textbox", { name: "Type the word delete" }).fill("everything");
  await page.getByRole("button", { name: /^Delete all/ }).click();
  await expect(page.getByRole("alert")).toBeVisible();
  await expectAccessible(page, "the wrong word");
});

async function expectAccessible(page: Page, name: string): Promise<void> {
  for (const width of WIDTHS) {
    await page.setViewportSize({ width, height: 800 });
    const overflow = await page.evaluate(() => {
      const { scrollWidth, clientWidth } = document.documentElement;
      return scrollWidth - clientWidth;
    });
    expect.soft(overflow, `${name} scrolls sideways at ${width} px`).toBe(0);
    for (const colorScheme of SCHEMES) {
      await page.emulateMedia({ colorScheme });
      // No page has frames; without them axe needs no page of its own to join its findings.
      const axe = new AxeBuilder({ page }).setLegacyMode(true).withTags(RULES);
      const { violations } = await axe.analyze();
      const found = violations.flatMap(({ id, nodes }) =>
        nodes.map(({ target }) => `${id}: ${target.join(" ")}`),
      );
      expect.soft(found, `${name} at ${width} px, ${colorScheme}`).toEqual([]);
    }
  }
}
