import { expect, newestStories, test } from "./fixtures";
import { signIn } from "./hosted-ui";
import { ADMIN } from "./site";

test("stories that an admin deletes disappear for readers", async ({ page, browserErrors }) => {
  await signIn(page, ADMIN);
  const published = await newestStories(page.request);
  const selected = published.slice(2, 4);
  await expect(page.getByRole("heading", { name: selected[0].headline })).toBeVisible();

  await page.getByRole("link", { name: "Newsroom" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Stories" })).toBeVisible();
  const tab = page.getByRole("navigation", { name: "Status" }).getByRole("link", { name: "Published" });
  await expect(tab).toHaveText(`Published ${published.length}`);
  for (const { headline } of selected) {
    await page.getByRole("checkbox", { name: `Select “${headline}”` }).check();
  }
  await page.getByRole("button", { name: "Move to trash" }).click();

  await expect(page.getByRole("status").filter({ hasText: "Trash" })).toHaveText(
    "Moved 2 stories to Trash.",
  );
  await expect(tab).toHaveText(`Published ${published.length - 2}`);

  for (const { slug, headline } of selected) {
    browserErrors.expect(410, `/news/${slug}`);
    const response = await page.goto(`/news/${slug}`);
    expect(response?.status()).toBe(410);
    expect(response?.headers()["content-type"]).toBe("text/html; charset=utf-8");
    await expect(
      page.getByRole("heading", { level: 1, name: "This story was removed" }),
    ).toBeVisible();
    await expect(page.getByRole("button", { name: "Restore this story" })).toBeVisible();
    for (const list of ["/", "/news", "/news?limit=100"]) {
      await page.goto(list);
      await expect(page.getByRole("heading", { name: published[0].headline })).toBeVisible();
      await expect(page.getByRole("heading", { name: headline })).toHaveCount(0);
    }
  }
});

test("moving stories to the trash is undone from the notice after it", async ({ page }) => {
  await signIn(page, ADMIN);
  const published = await newestStories(page.request);
  await page.goto("/desk?status=published&sort=newest");
  await page.getByRole("checkbox", { name: /^Select “/ }).first().check();
  await page.getByRole("button", { name: "Move to trash" }).click();
  await expect(page.getByRole("button", { name: "Undo" })).toBeVisible();
  await expect(page).toHaveURL("/desk?status=published&sort=newest");
  expect((await newestStories(page.request)).length).toBe(published.length - 1);
  await page.getByRole("button", { name: "Undo" }).click();
  await expect(page.getByRole("status").filter({ hasText: "restored" })).toHaveText("1 story restored.");
  expect((await newestStories(page.request)).map(({ id }) => id)).toEqual(published.map(({ id }) => id));
});

test("a story that an admin restores is visible to readers again", async ({
  page,
  browserErrors,
}) => {
  await signIn(page, ADMIN);
  const [story] = await newestStories(page.request);
  await page.goto(`/desk/delete?id=${story.id}`);
  await page.getByLabel("Reason (optional)").fill("It named a child.");
  await page.getByRole("button", { name: "Delete 1 story" }).click();
  browserErrors.expect(410, `/news/${story.slug}`);
  await page.goto(`/news/${story.slug}`);
  await expect(page.getByText("It named a child.")).toBeVisible();
  await page.goto("/desk");
  await page.getByRole("banner").getByRole("link", { name: "Trash" }).click();
  await page.getByRole("checkbox", { name: `Select “${story.headline}”` }).check();
  await page.getByRole("button", { name: "Restore selected" }).click();
  await expect(page.getByText("1 story restored.")).toBeVisible();

  const response = await page.goto(`/news/${story.slug}`);
  expect(response?.status()).toBe(200);
  expect((await newestStories(page.request))[0].id).toBe(story.id);
});

test("cancelling the deletion keeps the story", async ({ page }) => {
  await signIn(page, ADMIN);
  const [story] = await newestStories(page.request);
  await page.getByRole("heading", { name: story.headline }).getByRole("link").click();
  await page.getByRole("link", { name: "Delete this story" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Delete 1 story" })).toBeVisible();
  await expect(page.getByRole("main").getByRole("listitem")).toHaveText([story.headline]);
  await page.getByRole("link", { name: "Cancel" }).click();
  await expect(page).toHaveURL("/desk");
  await expect(page.getByRole("link", { name: story.headline, exact: true })).toBeVisible();
});

test("the delete button without a selection asks for one", async ({ page, javaScriptEnabled }) => {
  await signIn(page, ADMIN);
  await page.goto("/desk");
  // Without scripts the check box would have no effect, so it stays hidden.
  await expect(page.getByLabel("Select all")).toBeVisible({ visible: javaScriptEnabled });
  await page.getByRole("button", { name: "Move to trash" }).click();
  await expect(page.getByText("Select at least one story.")).toBeVisible();
});

test("deleting all stories requires the confirmation word", async ({
  page,
  browserErrors,
}) => {
  browserErrors.expect(422, "/desk/delete");
  await signIn(page, ADMIN);
  const published = await newestStories(page.request);
  await page.goto("/desk");
  await page.getByRole("link", { name: "Delete all stories…" }).click();
  const button = page.getByRole("button", { name: `Delete all ${published.length} stories` });
  await expect(button).toBeVisible();

  await button.click();
  const word = page.getByRole("textbox", { name: "Type delete to confirm" });
  await expect(word).toBeFocused();
  await word.fill("everything");
  await button.click();

  await expect(page.getByRole("alert")).toHaveText("That doesn't match. Type “delete” to confirm.");
  await expect(word).toHaveAccessibleDescription("That doesn't match. Type “delete” to confirm.");
  expect(await newestStories(page.request)).toEqual(published);
});
