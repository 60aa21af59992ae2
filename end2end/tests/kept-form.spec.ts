import { expect, test } from "./fixtures";
import { enterPassword, expectSignedIn, signIn } from "./hosted-ui";
import { ADMIN, EDITOR } from "./world";

test("what is sent after the session has ended is kept, for who sent it alone", async ({
  page,
  context,
  browser,
  trouble,
}) => {
  await signIn(page, ADMIN);
  await page.goto("/desk");
  const row = page.getByRole("row").filter({ has: page.getByRole("checkbox") }).first();
  const headline = await row.getByRole("link").first().innerText();
  await row.getByRole("checkbox").check();
  await page.getByRole("button", { name: "Delete chosen" }).click();

  const elsewhere = await browser.newContext();
  const account = await elsewhere.newPage();
  await signIn(account, ADMIN);
  await account.goto("/account");
  await account.getByRole("button", { name: "Sign out everywhere" }).click();
  await expect(account.getByRole("banner").getByRole("link", { name: "Sign in" })).toBeVisible();
  await elsewhere.close();

  trouble.expect(401, "/desk/delete");
  await page.getByRole("button", { name: "Delete 1 story" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("You were signed out meanwhile");

  // Somebody else signs in on this browser first.
  await context.clearCookies({ name: "cognito" });
  trouble.expect(404, "/kept");
  await page.getByRole("link", { name: "Sign in and go on" }).click();
  await enterPassword(page, EDITOR);
  await expectSignedIn(page, EDITOR);
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Page not found");

  await context.clearCookies({ name: "cognito" });
  await page.goto("/auth/login?return_to=/kept");
  await enterPassword(page, ADMIN);
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("What you sent was kept");
  await page.getByRole("button", { name: "Send it now" }).click();
  await expect(page.locator(".notice")).toHaveText("1 story was moved to the trash.");
  await expect(page.getByRole("main").getByRole("link", { name: headline })).toHaveCount(0);
});
