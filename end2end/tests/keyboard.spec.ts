import type { Page } from "@playwright/test";
import { expect, newestStories, test } from "./fixtures";
import { signIn } from "./hosted-ui";
import { ADMIN } from "./site";

test("keys search, move through lists and explain themselves", async ({ page, request }) => {
  const months = (await newestStories(request)).map((story) => story.published_at.slice(0, 7));
  const month = months.find((month, at) => months[at + 1] === month)!.replace("-", "/");
  for (const path of ["/news", `/archive/${month}`, "/search?q=the"]) {
    await page.goto(path);
    await expect(page.getByRole("button", { name: "Keyboard shortcuts" }), path).toBeVisible();
    const stories = page.getByRole("main").getByRole("heading").getByRole("link");
    await page.keyboard.press("j");
    await expect(stories.first()).toBeFocused();
    await page.keyboard.press("j");
    await expect(stories.nth(1)).toBeFocused();
    await expect(stories.nth(1)).toBeInViewport();
    await page.keyboard.press("k");
    await expect(stories.first()).toBeFocused();

    await page.keyboard.press("?");
    const help = page.getByRole("dialog", { name: "Keyboard shortcuts" });
    await expect(help).toBeVisible();
    await page.keyboard.press("j");
    await page.keyboard.press("Escape");
    await expect(help).toBeHidden();
    await expect(stories.first()).toBeFocused();

    await page.keyboard.press("/");
    const field = page.locator("input[type=search]:focus");
    await expect(field).toBeVisible();
    const before = await field.inputValue();
    for (const key of ["End", "j", "?", "/", "k"]) await page.keyboard.press(key);
    await expect(field).toHaveValue(`${before}j?/k`);
    await expect(help).toBeHidden();
  }
});

test("the keys can be switched off, and stay off", async ({ page }) => {
  const help = page.getByRole("button", { name: "Keyboard shortcuts" });
  await page.goto("/news");
  await expect(help).toBeVisible();
  await page.keyboard.press("?");
  await page.getByRole("checkbox", { name: "Use these keys" }).uncheck();
  await page.keyboard.press("Escape");
  await page.reload();
  await expect(help).toBeVisible();
  await page.keyboard.press("j");
  await page.keyboard.press("?");
  await expect(page.getByRole("dialog")).toBeHidden();
  await expect(page.getByRole("main").getByRole("heading").getByRole("link").first()).not.toBeFocused();
});

test("the first two links skip to the content and to the sections", async ({ page }) => {
  await page.goto("/");
  await page.keyboard.press("Tab");
  await page.keyboard.press("Tab");
  const skip = page.getByRole("link", { name: "Skip to navigation" });
  await expect(skip).toBeFocused();
  await expect(skip).toBeInViewport({ ratio: 1 });
  await page.keyboard.press("Enter");
  const sections = page.getByRole("navigation", { name: "Sections", exact: true });
  await expect(sections).toBeFocused();
  await page.keyboard.press("Tab");
  await expect(sections.getByRole("link").first()).toBeFocused();
});

test("the tab key reaches everything in order, and shows where it is", async ({
  page,
  browserErrors,
}) => {
  test.slow();
  browserErrors.expect(404, "/nothing-here");
  const [{ slug }] = await newestStories(page.request);
  for (const path of ["/", "/search?q=the", `/news/${slug}`, "/nothing-here"]) {
    await walk(page, path);
  }
  await signIn(page, ADMIN);
  for (const path of [`/news/${slug}`, "/saved", "/account", "/desk?q=the", "/desk/new"]) {
    await walk(page, path);
  }
});

/** Presses Tab until the page ends. */
async function walk(page: Page, path: string): Promise<void> {
  await page.goto(path);
  const reachable = await page.evaluate(
    () =>
      [...document.querySelectorAll<HTMLElement>("a[href], button, input, select, textarea, summary, [tabindex='0']")].filter(
        (element) =>
          element.checkVisibility({ visibilityProperty: true }) &&
          element.tabIndex >= 0 &&
          !element.matches(":disabled, [type=hidden], [type=radio]:not(:checked)"),
      ).length,
  );
  let last = -1;
  let steps = 0;
  for (; steps < reachable + 5; steps += 1) {
    await page.keyboard.press("Tab");
    const focus = await focused(page);
    if (!focus || (steps > 0 && focus.isFirst)) break;
    // The parts of a date are one element. The browser shows which of them has the focus.
    if (focus.isDate && focus.place === last) {
      steps -= 1;
      continue;
    }
    expect.soft(focus.isShown, `${path}: the focus shows at ${focus.name}`).toBe(true);
    expect.soft(focus.isInView, `${path}: ${focus.name} is in view`).toBe(true);
    expect.soft(focus.place, `${path}: ${focus.name} comes after the last`).toBeGreaterThan(last);
    last = focus.place;
  }
  expect.soft(steps, `stops of ${path}`).toBeGreaterThanOrEqual(Math.min(reachable, 5));
  expect.soft(steps, `${path} ends`).toBeLessThan(reachable + 5);
}

/** Describes what has the focus; `undefined` at the end of the page. */
function focused(page: Page) {
  return page.evaluate(() => {
    const element = document.activeElement as HTMLElement | null;
    if (!element || element === document.body) return undefined;
    const box = element.getBoundingClientRect();
    // A teaser shows the focus of the link that covers it.
    const shown = [element, element.closest(":has(:focus-visible):is(.card, .search-result)"), element.parentElement];
    const isShown = shown.some((part) => {
      if (!part) return false;
      const { outlineStyle, outlineWidth } = getComputedStyle(part);
      return outlineStyle !== "none" && parseFloat(outlineWidth) >= 2;
    });
    return {
      name: `${element.localName}.${element.className} ${element.innerText?.slice(0, 30) ?? ""}`,
      place: [...document.querySelectorAll("*")].indexOf(element),
      isFirst: element === document.querySelector(".skip"),
      isDate: element.matches("[type=date], [type=datetime-local], [type=time]"),
      isShown,
      isInView: box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth,
    };
  });
}
