import { expect, newestStories, test } from "./fixtures";
import { enterPassword, expectSignedIn, signIn } from "./hosted-ui";
import { ADMIN, EDITOR, POOL, READER, SITE } from "./site";

test("a reader neither sees nor opens the newsroom", async ({ page, browserErrors }) => {
  await signIn(page, READER);
  await expect(page.getByRole("link", { name: "Newsroom" })).toHaveCount(0);
  await page.getByRole("main").getByRole("heading").getByRole("link").first().click();
  await expect(page.getByRole("article")).toBeVisible();
  await expect(page.getByText("Delete this story")).toHaveCount(0);

  browserErrors.expect(403, "/desk");
  const response = await page.goto("/desk");
  expect(response?.status()).toBe(403);
  await expect(page.getByRole("heading", { level: 1, name: "You don't have access" })).toBeVisible();
  await expectSignedIn(page, READER);
});

test("a reader cannot delete with any request", async ({ page }) => {
  await signIn(page, READER);
  const published = await newestStories(page.request);
  const headers = { Origin: SITE };
  for (const path of ["/news", `/news?ids=${published[0].id}`, `/news/${published[0].id}`]) {
    const response = await page.request.delete(path, { headers });
    expect(response.status(), path).toBe(403);
    expect(await response.json()).toEqual({ message: "Forbidden" });
  }
  const form = { all: "yes", word: "delete" };
  expect((await page.request.post("/desk/delete", { headers, form })).status()).toBe(403);
  expect(await newestStories(page.request)).toEqual(published);
});

test("an editor opens the newsroom but cannot delete", async ({ page }) => {
  await signIn(page, EDITOR);
  await page.getByRole("link", { name: "Newsroom" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Stories" })).toBeVisible();
  await expect(page.getByRole("row")).not.toHaveCount(0);
  await expect(page.getByRole("button", { name: "Move to trash" })).toHaveCount(0);
  await expect(page.getByRole("main").getByText("Delete")).toHaveCount(0);

  await page.getByRole("main").getByRole("link", { name: /^View “/ }).first().click();
  await expect(page.getByRole("article")).toBeVisible();
  await expect(page.getByText("Delete this story")).toHaveCount(0);
  const response = await page.request.delete("/news", { headers: { Origin: SITE } });
  expect(response.status()).toBe(403);
  expect(await response.json()).toEqual({ message: "Forbidden" });
});

test("another site cannot delete through an admin's browser", async ({ page, browserErrors }) => {
  await signIn(page, ADMIN);
  const published = await newestStories(page.request);
  // A different port is still the same site, so the browser sends the session cookie.
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
  browserErrors.expect(403, "/desk/delete");
  const posted = page.waitForRequest(`${SITE}/desk/delete`);
  await page.getByRole("button", { name: "Win a prize" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Blocked for your safety" })).toBeVisible();
  expect((await (await posted).allHeaders()).cookie).toMatch(/gazette-\d+=/);
  expect(await newestStories(page.request)).toEqual(published);
});

test("deleting requires a sign-in", async ({ request }) => {
  const published = await newestStories(request);
  for (const path of ["/news", `/news/${published[0].id}`]) {
    const response = await request.delete(path);
    expect(response.status(), path).toBe(401);
    expect(await response.json()).toEqual({ message: "Unauthorized" });
  }
  expect(await newestStories(request)).toEqual(published);
});

test("the account page opens after signing in", async ({ page, browserErrors }) => {
  browserErrors.expect(401, "/account");
  const response = await page.goto("/account");
  expect(response?.status()).toBe(401);
  await expect(page.getByRole("heading", { level: 1, name: "Please sign in" })).toBeVisible();
  await page.getByRole("main").getByRole("link", { name: "Sign in" }).click();
  await enterPassword(page, READER);

  await expect(page).toHaveURL("/account");
  await expect(page.getByRole("heading", { level: 1, name: "Your account" })).toBeVisible();
  await expect(page.getByRole("definition").first()).toHaveText(READER.name);
  // Only members of the newsroom see its permissions.
  await expect(page.getByRole("row", { name: "Delete stories" })).toHaveCount(0);
});
