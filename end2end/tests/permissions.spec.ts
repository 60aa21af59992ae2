import { expect, newestStories, test } from "./fixtures";
import { enterPassword, expectSignedIn, signIn } from "./hosted-ui";
import { ADMIN, EDITOR, POOL, READER, SITE } from "./world";

test("a reader is neither shown the newsroom nor let in", async ({ page, trouble }) => {
  await signIn(page, READER);
  await expect(page.getByRole("link", { name: "Newsroom" })).toHaveCount(0);
  await page.getByRole("main").getByRole("heading").getByRole("link").first().click();
  await expect(page.getByRole("article")).toBeVisible();
  await expect(page.getByText("Delete this story")).toHaveCount(0);

  trouble.expect(403, "/desk");
  const answer = await page.goto("/desk");
  expect(answer?.status()).toBe(403);
  await expect(page.getByRole("heading", { level: 1, name: "Not for your account" })).toBeVisible();
  await expectSignedIn(page, READER);
});

test("a reader deletes nothing, whatever the browser sends", async ({ page }) => {
  await signIn(page, READER);
  const published = await newestStories(page.request);
  const headers = { Origin: SITE };
  for (const address of ["/news", `/news?ids=${published[0].id}`, `/news/${published[0].id}`]) {
    const answer = await page.request.delete(address, { headers });
    expect(answer.status(), address).toBe(403);
    expect(await answer.json()).toEqual({ message: "Forbidden" });
  }
  const form = { all: "yes", word: "delete" };
  expect((await page.request.post("/desk/delete", { headers, form })).status()).toBe(403);
  expect(await newestStories(page.request)).toEqual(published);
});

test("an editor sees the newsroom but no way to delete", async ({ page }) => {
  await signIn(page, EDITOR);
  await page.getByRole("link", { name: "Newsroom" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Newsroom" })).toBeVisible();
  await expect(page.getByRole("row")).not.toHaveCount(0);
  await expect(page.getByRole("checkbox")).toHaveCount(0);
  await expect(page.getByRole("main").getByText("Delete")).toHaveCount(0);

  await page.getByRole("main").getByRole("row").getByRole("link").first().click();
  await expect(page.getByRole("article")).toBeVisible();
  await expect(page.getByText("Delete this story")).toHaveCount(0);
  const answer = await page.request.delete("/news", { headers: { Origin: SITE } });
  expect(answer.status()).toBe(403);
  expect(await answer.json()).toEqual({ message: "Forbidden" });
});

test("another site cannot delete through an admin's browser", async ({ page, trouble }) => {
  await signIn(page, ADMIN);
  const published = await newestStories(page.request);
  // Ports do not set sites apart, so browsers send the session cookie from here.
  const elsewhere = `${POOL}/elsewhere`;
  await page.route(elsewhere, (route) =>
    route.fulfill({
      contentType: "text/html",
      body: `<form method="post" action="${SITE}/desk/delete">
        <input type="hidden" name="all" value="yes">
        <input type="hidden" name="word" value="delete">
        <button>Win a prize</button>
      </form>`,
    }),
  );
  await page.goto(elsewhere);
  trouble.expect(403, "/desk/delete");
  const posted = page.waitForRequest(`${SITE}/desk/delete`);
  await page.getByRole("button", { name: "Win a prize" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Refused" })).toBeVisible();
  expect((await (await posted).allHeaders()).cookie).toContain("gazette=");
  expect(await newestStories(page.request)).toEqual(published);
});

test("nobody deletes without signing in", async ({ request }) => {
  const published = await newestStories(request);
  for (const address of ["/news", `/news/${published[0].id}`]) {
    const answer = await request.delete(address);
    expect(answer.status(), address).toBe(401);
    expect(await answer.json()).toEqual({ message: "Unauthorized" });
  }
  expect(await newestStories(request)).toEqual(published);
});

test("the account page asks to sign in and is there afterwards", async ({ page, trouble }) => {
  trouble.expect(401, "/account");
  const answer = await page.goto("/account");
  expect(answer?.status()).toBe(401);
  await expect(page.getByRole("heading", { level: 1, name: "Please sign in" })).toBeVisible();
  await page.getByRole("main").getByRole("link", { name: "Sign in" }).click();
  await enterPassword(page, READER);

  await expect(page).toHaveURL("/account");
  await expect(page.getByRole("heading", { level: 1, name: "Your account" })).toBeVisible();
  await expect(page.getByRole("definition").first()).toHaveText(READER.name);
  await expect(page.getByRole("row", { name: "Delete news" })).toContainText("No");
});
