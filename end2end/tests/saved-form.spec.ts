import { type BrowserContext, type Page } from "@playwright/test";
import { expect, newestStories, test } from "./fixtures";
import { enterPassword, signIn } from "./hosted-ui";
import { ADMIN, EDITOR } from "./site";

/** Opens the confirmation of the deletion of the newest story and returns its headline. */
async function openDeletion(page: Page): Promise<string> {
  const [story] = await newestStories(page.request);
  await page.goto(`/desk/delete?id=${story!.id}`);
  return story!.headline;
}

/** Leaves the browser without the site's session. */
async function endSession(context: BrowserContext): Promise<void> {
  await context.clearCookies({ name: /^gazette-\d+$/ });
}

/** Signs in as another person than the one whom the hosted UI remembers. */
async function signInInstead(page: Page, person: typeof ADMIN): Promise<void> {
  await page.context().clearCookies({ name: /^cognito/ });
  await page.goto("/auth/login?return_to=/saved-form");
  await enterPassword(page, person);
  await expect(page).toHaveURL(/\/saved-form$/);
}

test("a form sent after the session ended is saved, for its sender only", async ({
  page,
  context,
  browser,
  browserErrors,
}) => {
  await signIn(page, ADMIN);
  const headline = await openDeletion(page);

  const elsewhere = await browser.newContext();
  const account = await elsewhere.newPage();
  await signIn(account, ADMIN);
  await account.goto("/account");
  await account.getByRole("button", { name: "Sign out everywhere" }).click();
  await expect(account.getByRole("banner").getByRole("link", { name: "Sign in" })).toBeVisible();
  await elsewhere.close();

  browserErrors.expect(401, "/desk/delete");
  await page.getByRole("main").getByRole("button", { name: /Delete|Trash/ }).first().click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("You've been signed out");

  // Another person signs in on this browser first.
  await context.clearCookies({ name: /^cognito/ });
  browserErrors.expect(404, "/saved-form");
  await page.getByRole("link", { name: "Sign in and continue" }).click();
  await enterPassword(page, EDITOR);
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Page not found");

  await signInInstead(page, ADMIN);
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Delete 1 story?");
  await expect(page.getByRole("main").getByText(headline)).toBeVisible();
  await page.getByRole("button", { name: "Delete 1 story" }).click();
  await expect(page.locator(".notice").first()).toContainText("Trash");
  await expect(page.getByRole("main").getByRole("link", { name: headline })).toHaveCount(0);
});

test("a form is kept when the session's cookie is gone, and belongs to the same person", async ({
  page,
  context,
  browserErrors,
}) => {
  await signIn(page, ADMIN);
  const headline = await openDeletion(page);
  await endSession(context);
  browserErrors.expect(401, "/desk/delete");
  await page.getByRole("main").getByRole("button", { name: /Delete|Trash/ }).first().click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("You've been signed out");

  browserErrors.expect(404, "/saved-form");
  await signInInstead(page, EDITOR);
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Page not found");

  await signInInstead(page, ADMIN);
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Delete 1 story?");
  await expect(page.getByRole("main").getByText(headline)).toBeVisible();
  await page.getByRole("button", { name: "Discard" }).click();
  browserErrors.expect(404, "/saved-form");
  await page.goto("/saved-form");
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Page not found");
});

test("a form of a browser without any cookie is kept for that browser", async ({
  page,
  context,
  browserErrors,
}) => {
  await signIn(page, EDITOR);
  await page.goto("/desk/redirects");
  await page.getByLabel("Old address").first().fill("/typed/before");
  await page.getByLabel("New address").first().fill("/news");
  await context.clearCookies();
  browserErrors.expect(401, "/desk/redirects");
  await page.getByRole("button", { name: "Add redirect" }).click();
  await page.getByRole("link", { name: "Sign in and continue" }).click();
  await enterPassword(page, EDITOR);
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Add this redirect?");
  await expect(page.getByRole("main").getByText("/typed/before")).toBeVisible();
  await page.getByRole("button", { name: "Add this redirect" }).click();
  await expect(page.locator(".notice").first()).toHaveText("Redirect added.");
});

test("the text of the editor comes back in the editor, unsaved", async ({
  page,
  context,
  javaScriptEnabled,
  browserErrors,
}) => {
  test.skip(javaScriptEnabled !== false, "with scripts, the editor itself keeps the text");
  await signIn(page, EDITOR);
  await page.goto("/desk/new");
  const typed = {
    headline: `Typed while signed out ${Date.now()}`,
    summary: "A standfirst <b>typed</b>.",
    body: "One.\n\nTwo **bold**.",
  };
  for (const [name, text] of Object.entries(typed)) {
    await page.locator(`[name=${name}]`).fill(text);
  }
  await endSession(context);
  browserErrors.expect(401, "/desk/new");
  await page.locator("button[name=action][value=save]").first().click();
  await expect(page.getByRole("link", { name: "Sign in and continue" })).toBeVisible();
  await signInInstead(page, EDITOR);
  for (const [name, text] of Object.entries(typed)) {
    await expect(page.locator(`[name=${name}]`)).toHaveValue(text);
  }
  await expect(page.getByRole("alert").first()).toContainText("You were signed out");
  await page.locator("button[name=action][value=save]").first().click();
  await expect(page).toHaveURL(/\/desk\/[0-9a-f-]{36}$/);
  await expect(page.locator("[name=headline]")).toHaveValue(typed.headline);
});
