import { expect, test } from "./fixtures";
import { enterPassword, expectSignedIn, signIn } from "./hosted-ui";
import { ADMIN, EDITOR } from "./site";

test("a form sent after the session ended is saved, for its sender only", async ({
  page,
  context,
  browser,
  browserErrors,
}) => {
  await signIn(page, ADMIN);
  await page.goto("/desk");
  const row = page.getByRole("row").filter({ has: page.getByRole("checkbox") }).first();
  const headline = await row.getByRole("link").first().innerText();
  await row.getByRole("checkbox").check();
  await page.getByRole("button", { name: "Move to trash" }).click();

  const elsewhere = await browser.newContext();
  const account = await elsewhere.newPage();
  await signIn(account, ADMIN);
  await account.goto("/account");
  await account.getByRole("button", { name: "Sign out everywhere" }).click();
  await expect(account.getByRole("banner").getByRole("link", { name: "Sign in" })).toBeVisible();
  await elsewhere.close();

  browserErrors.expect(401, "/desk/delete");
  await page.getByRole("button", { name: "Delete 1 story" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("You've been signed out");

  // Another person signs in on this browser first.
  await context.clearCookies({ name: /^cognito/ });
  browserErrors.expect(404, "/saved-form");
  await page.getByRole("link", { name: "Sign in and continue" }).click();
  await enterPassword(page, EDITOR);
  await expectSignedIn(page, EDITOR);
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Page not found");

  await context.clearCookies({ name: /^cognito/ });
  await page.goto("/auth/login?return_to=/saved-form");
  await enterPassword(page, ADMIN);
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Finish what you started");
  await page.getByRole("button", { name: "Delete 1 story" }).click();
  await expect(page.locator(".notice")).toHaveText("1 story moved to Trash.");
  await expect(page.getByRole("main").getByRole("link", { name: headline })).toHaveCount(0);
});
