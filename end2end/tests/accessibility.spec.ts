import { expectAccessible } from "./accessible";
import { expect, newestStories, test } from "./fixtures";
import { enterPassword, signIn } from "./hosted-ui";
import { ADMIN, EDITOR, SITE } from "./site";

// States that no address shows. all-pages.spec.ts checks the pages themselves.

test("the ways to share a story are accessible", async ({ page }) => {
  const [{ slug }] = await newestStories(page.request);
  await page.goto(`/news/${slug}`);
  await page.locator(".share > summary").click();
  await expectAccessible(page, "the ways to share a story");
});

test("the explanation of the keys is accessible", async ({ page }) => {
  await page.goto("/news");
  await page.getByRole("button", { name: "Keyboard shortcuts" }).click();
  await expect(page.getByRole("dialog")).toBeVisible();
  await expectAccessible(page, "the keyboard shortcuts");
});

test("the hosted UI is accessible after a wrong password", async ({ page, browserErrors }) => {
  await page.goto("/auth/login");
  browserErrors.expect(400, "/login");
  await enterPassword(page, { name: "unknown", password: "wrong-horse" });
  await expect(page.getByRole("alert")).toBeVisible();
  await expectAccessible(page, "the login page with an error");
});

test("a confirmation is accessible after a wrong word", async ({ page, browserErrors }) => {
  browserErrors.expect(422, "/desk/delete");
  await signIn(page, ADMIN);
  await page.goto("/desk/delete?all=yes");
  await page.getByRole("textbox", { name: "Type delete to confirm" }).fill("everything");
  await page.getByRole("button", { name: /^Delete all/ }).click();
  await expect(page.getByRole("alert")).toBeVisible();
  await expectAccessible(page, "the wrong word");
});

test("the editor is accessible with faults and a conflict", async ({ page, browserErrors }) => {
  await signIn(page, EDITOR);
  await page.goto("/desk/new");
  await page.getByRole("textbox", { name: "Story", exact: true }).fill("TK: the price.");
  const loaded = page.waitForEvent("load");
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await loaded;
  await expect(page.locator("#save-state")).toHaveText(/^Saved/);
  const url = page.url();
  browserErrors.expect(422, new URL(url).pathname);
  await page.getByRole("button", { name: "Publish", exact: true }).click();
  await expect(page.getByRole("alert").filter({ hasText: "to fix" })).toBeVisible();
  await expectAccessible(page, "the editor with faults");

  await page.goto(url);
  const version = await page.locator("#version").inputValue();
  const response = await page.request.post(url, {
    headers: { Origin: SITE },
    form: { action: "save", version, headline: "", body: "The text of another." },
  });
  expect(response.status()).toBe(200);
  browserErrors.expect(409, new URL(url).pathname);
  await page.getByRole("textbox", { name: "Story", exact: true }).fill("The text of this one.");
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await expect(page.getByRole("alert").filter({ hasText: "changed the same text at" })).toBeVisible();
  await expectAccessible(page, "the editor with a conflict");
});
