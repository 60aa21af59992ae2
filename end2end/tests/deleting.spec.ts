import { expect, newestStories, test } from "./fixtures";
import { signIn } from "./hosted-ui";
import { ADMIN } from "./world";

test("an admin deletes two stories and readers no longer find them", async ({ page, trouble }) => {
  await signIn(page, ADMIN);
  const published = await newestStories(page.request);
  const doomed = published.slice(2, 4);
  await expect(page.getByRole("heading", { name: doomed[0].headline })).toBeVisible();

  await page.getByRole("link", { name: "Newsroom" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Newsroom" })).toBeVisible();
  await expect(page.getByText(`${published.length} published stories`)).toBeVisible();
  for (const { headline } of doomed) {
    await page.getByRole("checkbox", { name: `Choose “${headline}”` }).check();
  }
  await page.getByRole("button", { name: "Delete chosen…" }).click();

  await expect(page.getByRole("heading", { level: 1, name: "Delete 2 stories" })).toBeVisible();
  const named = page.getByRole("main").getByRole("listitem");
  await expect(named).toHaveText(doomed.map(({ headline }) => headline));
  await page.getByRole("button", { name: "Delete 2 stories" }).click();

  await expect(page.getByRole("status").filter({ hasText: "trash" })).toHaveText(
    "2 stories were moved to the trash.",
  );
  await expect(page.getByText(`${published.length - 2} published stories`)).toBeVisible();

  for (const { slug, headline } of doomed) {
    trouble.expect(410, `/news/${slug}`);
    const answer = await page.goto(`/news/${slug}`);
    expect(answer?.status()).toBe(410);
    expect(answer?.headers()["content-type"]).toBe("text/html; charset=utf-8");
    await expect(
      page.getByRole("heading", { level: 1, name: "This story was deleted" }),
    ).toBeVisible();
    for (const list of ["/", "/news", "/news?limit=100"]) {
      await page.goto(list);
      await expect(page.getByRole("heading", { name: published[0].headline })).toBeVisible();
      await expect(page.getByRole("heading", { name: headline })).toHaveCount(0);
    }
  }
});

test("an admin restores a deleted story and readers find it again", async ({ page }) => {
  await signIn(page, ADMIN);
  const [story] = await newestStories(page.request);
  await page.goto(`/desk/delete?id=${story.id}`);
  await page.getByRole("button", { name: "Delete 1 story" }).click();
  await page.getByRole("link", { name: "Trash" }).click();
  await page.getByRole("checkbox", { name: `Choose “${story.headline}”` }).check();
  await page.getByRole("button", { name: "Restore chosen" }).click();
  await expect(page.getByText("1 story was restored.")).toBeVisible();

  const answer = await page.goto(`/news/${story.slug}`);
  expect(answer?.status()).toBe(200);
  expect((await newestStories(page.request))[0].id).toBe(story.id);
});

test("an admin who changes their mind keeps the story", async ({ page }) => {
  await signIn(page, ADMIN);
  const [story] = await newestStories(page.request);
  await page.getByRole("heading", { name: story.headline }).getByRole("link").click();
  await page.getByRole("link", { name: "Delete this story" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Delete 1 story" })).toBeVisible();
  await expect(page.getByRole("main").getByRole("listitem")).toHaveText([story.headline]);
  await page.getByRole("link", { name: "Cancel" }).click();
  await expect(page).toHaveURL("/desk");
  await expect(page.getByRole("link", { name: story.headline })).toBeVisible();
});

test("deleting without a choice asks for one", async ({ page, javaScriptEnabled }) => {
  await signIn(page, ADMIN);
  await page.goto("/desk");
  // Without scripts the box could do nothing, so it is not shown.
  await expect(page.getByLabel("Select all")).toBeVisible({ visible: javaScriptEnabled });
  await page.getByRole("button", { name: "Delete chosen…" }).click();
  await expect(page.getByText("Choose the stories first.")).toBeVisible();
});

test("deleting everything asks for the word, and another word deletes nothing", async ({
  page,
  trouble,
}) => {
  trouble.expect(422, "/desk/delete");
  await signIn(page, ADMIN);
  const published = await newestStories(page.request);
  await page.goto("/desk");
  await page.getByRole("link", { name: "Delete everything…" }).click();
  const button = page.getByRole("button", { name: `Delete all ${published.length} stories` });
  await expect(button).toBeVisible();

  await button.click();
  const word = page.getByRole("textbox", { name: "Type the word delete" });
  await expect(word).toBeFocused();
  await word.fill("everything");
  await button.click();

  await expect(page.getByRole("alert")).toHaveText("That was another word. Nothing was deleted.");
  await expect(word).toHaveAccessibleDescription("That was another word. Nothing was deleted.");
  expect(await newestStories(page.request)).toEqual(published);
});
