import { expect, newestStories, test } from "./fixtures";
import { signIn } from "./hosted-ui";
import { ADMIN, READER } from "./site";

test("select all checks every story and updates the count", async ({ page }) => {
  await signIn(page, ADMIN);
  await page.goto("/desk");
  const checkboxes = page.getByRole("checkbox", { name: /^Select “/ });
  const checked = page.getByRole("checkbox", { name: /^Select “/, checked: true });
  const all = page.getByRole("checkbox", { name: "Select all" });
  const count = page.getByRole("status").filter({ hasText: "selected" });
  await expect(count).toHaveText("0 selected");
  await expect(all).not.toBeChecked();
  const total = await checkboxes.count();

  await all.check();
  await expect(checked).toHaveCount(total);
  await expect(count).toHaveText(`${total} selected`);

  await checkboxes.first().uncheck();
  await expect(count).toHaveText(`${total - 1} selected`);
  await expect(all).not.toBeChecked();

  await checkboxes.first().check();
  await expect(count).toHaveText(`${total} selected`);
  await expect(all).toBeChecked();

  await all.uncheck();
  await expect(checked).toHaveCount(0);
  await expect(count).toHaveText("0 selected");
});

for (const width of [390, 1280]) {
  test(`the search shows headlines while a reader types, at ${width}`, async ({ page, request }) => {
    const [story] = await newestStories(request);
    await page.setViewportSize({ width, height: 800 });
    await page.goto("/search");
    const field = page.getByRole("combobox", { name: "Search all stories" });
    const list = page.getByRole("listbox", { name: "Stories" });
    const options = list.getByRole("option");
    const isOpen = (open: boolean) => expect(field).toHaveAttribute("aria-expanded", String(open));
    const filter = page.locator("#section");
    const place = await filter.boundingBox();
    await isOpen(false);

    await field.pressSequentially(story.headline.slice(0, -2));
    const wanted = options.filter({ hasText: story.headline });
    await expect(wanted).toBeVisible();
    await isOpen(true);
    expect(await options.count()).toBeLessThanOrEqual(6);
    await expect(page.getByRole("status").filter({ hasText: /stor(y|ies) found/ })).toHaveCount(1);
    await expect(field).toBeFocused();
    expect(await filter.boundingBox(), "nothing moves").toEqual(place);
    const across = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    expect(across).toBeLessThanOrEqual(0);

    await field.press("Escape");
    await isOpen(false);
    await expect(list).toBeHidden();
    await expect(field).toHaveValue(story.headline.slice(0, -2));

    // Not key by key, which may bring two answers.
    await field.fill(story.headline);
    await isOpen(true);
    await field.press("ArrowUp");
    await expect(options.last()).toHaveAttribute("aria-selected", "true");
    await field.press("ArrowDown");
    await expect(options.first()).toHaveAttribute("aria-selected", "true");
    const id = await options.first().getAttribute("id");
    await expect(field).toHaveAttribute("aria-activedescendant", id!);
    await field.press("Enter");
    await page.waitForURL(`**/news/${story.slug}`);
  });
}

test("the search in the masthead of a list opens a story, and sends its form", async ({ page, request }) => {
  const [story] = await newestStories(request);
  await page.goto("/news");
  const field = page.getByRole("combobox", { name: "Search stories" });
  await field.pressSequentially(story.headline);
  await page.getByRole("option", { name: story.headline }).click();
  await page.waitForURL(`**/news/${story.slug}`);

  await page.goto("/news");
  await field.pressSequentially("zzzzzz");
  await expect(page.getByText("No stories found.")).toBeAttached();
  await expect(field).toHaveAttribute("aria-expanded", "false");
  await field.press("Enter");
  await page.waitForURL("**/search?q=zzzzzz");
});

test("a signed-in reader shares a story with an app, where the browser can", async ({ page, request }) => {
  const [story] = await newestStories(request);
  await signIn(page, READER);
  await page.goto(`/news/${story.slug}`);
  await page.getByText("Share", { exact: true }).click();
  const button = page.getByRole("button", { name: "Share with an app" });
  await expect(page.getByLabel("Link to this story")).toBeVisible();
  await expect(button, "this browser cannot share").toBeHidden();

  // Chromium has no list of apps here, so this stands for it; the reader closes it.
  await page.addInitScript(() => {
    const share = (what: ShareData) => {
      document.documentElement.dataset.shared = `${what.title} ${what.url}`;
      return Promise.reject(new DOMException("closed", "AbortError"));
    };
    Object.assign(Navigator.prototype, { share });
  });
  await page.reload();
  await page.getByText("Share", { exact: true }).click();
  await button.click();
  await expect(page.locator("html")).toHaveAttribute("data-shared", new RegExp(`/news/${story.slug}$`));
});
