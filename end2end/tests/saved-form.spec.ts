import { type BrowserContext, type Page } from "@playwright/test";
import { expect, test } from "./fixtures";
import { enterPassword, expectSignedIn, signIn } from "./hosted-ui";
import { ADMIN, EDITOR } from "./site";

/** Opens the confirmation of the deletion of the first story and returns its headline. */
async function openDeletion(page: Page): Promise<string> {
  await page.goto("/desk");
  const box = page.getByRole("main").getByRole("checkbox", { name: /^Select \u201c/ }).first();
  const label = (await box.getAttribute("aria-label")) ?? "";
  const id = await box.getAttribute("value");
  await page.goto(`/desk/delete?id=${id}`);
  return label.replace(/^Select \u201c/, "").replace(/\u201d$/, "");
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
  await expectSignedIn(page, person);
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
  await page.getByRole("main").locator("form button").first().click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("You've been signed out");

  // Another person signs in on this browser first.
  await context.clearCookies({ name: /^cognito/ });
  browserErrors.expect(404, "/saved-form");
  await page.getByRole("link", { name: "Sign in and continue" }).click();
  await enterPassword(page, EDITOR);
  await expectSignedIn(page, EDITOR);
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
  await page.getByRole("main").locator("form button").first().click();
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
