import { expect, test } from "./fixtures";
import { signIn } from "./hosted-ui";
import { ADMIN, SITE } from "./site";

test("an admin invites a writer, who chooses a password and loses the role again", async ({
  browser,
  page,
  browserErrors,
}) => {
  const name = `zoe-${crypto.randomUUID().slice(0, 8)}`;
  await signIn(page, ADMIN);
  await page.goto("/desk/people");
  await page.getByText("Invite a person").click();
  await page.getByLabel("Sign-in name").fill(name);
  await page.getByLabel("Email address").fill(`${name}@example.com`);
  await page.getByLabel("Role").selectOption("Writer");
  await page.getByRole("button", { name: "Invite" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(`Invited ${name}`);
  const temporary = await page.locator(".temporary-password").innerText();

  const other = await (await browser.newContext()).newPage();
  await other.goto(`${SITE}/auth/login?return_to=/desk`);
  await other.getByLabel("Username").fill(name);
  await other.getByLabel("Password").fill(temporary);
  await other.getByRole("button", { name: "Sign in" }).click();
  await expect(other.getByRole("heading", { level: 1 })).toHaveText("Choose a password");
  await other.getByLabel("New password").fill("a password of her own");
  await other.getByLabel("The same password again").fill("a password of her own");
  await other.getByRole("button", { name: "Set password and continue" }).click();
  await expect(other).toHaveURL(`${SITE}/desk`);

  await page.getByRole("link", { name: "Open their page" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(name);
  await page.getByLabel("Role").selectOption("Reader");
  await page.getByRole("button", { name: "Change role" }).click();
  await expect(page.locator(".notice").first()).toContainText(`${name} is now Reader.`);
  const response = await other.goto(`${SITE}/desk`);
  expect(response?.status()).toBe(403);

  await page.goto("/desk/people?role=admin");
  await page.getByRole("main").getByRole("link", { name: ADMIN.name, exact: true }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(ADMIN.name);
  browserErrors.expect(409, `${new URL(page.url()).pathname}/disable`);
  await page.getByRole("button", { name: "Disable" }).click();
  await expect(page.getByRole("alert")).toContainText("This is the only admin");
  await other.context().close();
});
