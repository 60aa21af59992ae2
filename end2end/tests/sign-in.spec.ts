import { expect, test } from "./fixtures";
import { enterPassword, expectHostedUi, expectSignedIn, signIn } from "./hosted-ui";
import { EDITOR, READER } from "./site";

test("signing out ends the session on the site and at the hosted UI", async ({
  page,
  context,
  playwright,
  browserErrors,
}) => {
  await signIn(page, READER);
  const [session] = (await context.cookies()).filter(({ name }) => /^gazette-\d+$/.test(name));
  expect(session).toMatchObject({ httpOnly: true, sameSite: "Lax", path: "/" });
  // Uses the same cookie from another client.
  const thief = await playwright.request.newContext({
    extraHTTPHeaders: { Cookie: `${session.name}=${session.value}` },
  });
  const me = new URL("/auth/me", page.url()).href;
  expect(await (await thief.get(me)).json()).toMatchObject({ username: READER.name });

  await page.getByRole("banner").getByRole("link", { name: READER.name }).click();
  await page.getByRole("button", { name: "Sign out", exact: true }).click();
  await expect(page).toHaveURL("/");
  await expect(page.getByRole("banner").getByRole("link", { name: "Sign in" })).toBeVisible();
  expect((await context.cookies()).filter(({ name }) => /^gazette-\d+$/.test(name))).toEqual([]);
  const response = await thief.get(me);
  expect(response.status()).toBe(401);
  expect(await response.json()).toEqual({ message: "Unauthorized" });
  await thief.dispose();

  browserErrors.expect(401, "/account");
  await page.goBack();
  await expect(page.getByRole("heading", { level: 1, name: "Please sign in" })).toBeVisible();
  await page.getByRole("banner").getByRole("link", { name: "Sign in" }).click();
  await expectHostedUi(page);
});

test("a wrong password shows an error and can be corrected", async ({ page, browserErrors }) => {
  await page.goto("/news");
  await page.getByRole("banner").getByRole("link", { name: "Sign in" }).click();
  browserErrors.expect(400, "/login");
  await enterPassword(page, { ...EDITOR, password: "wrong-horse" });
  await expect(page.getByRole("alert")).toHaveText("Incorrect username or password.");
  await expect(page.getByLabel("Username")).toHaveValue(EDITOR.name);
  await expect(page.getByLabel("Password")).toHaveValue("");

  await enterPassword(page, EDITOR);
  await expectSignedIn(page, EDITOR);
  await expect(page).toHaveURL("/news");
});
