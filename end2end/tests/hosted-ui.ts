import { expect, type Page } from "@playwright/test";
import { type Person, POOL } from "./site";

/** Signs in from the front page, through the hosted UI. */
export async function signIn(page: Page, person: Person): Promise<void> {
  await page.goto("/");
  await page.getByRole("banner").getByRole("link", { name: "Sign in" }).click();
  await enterPassword(page, person);
  await expectSignedIn(page, person);
}

/** Fills and submits the form of the hosted UI. */
export async function enterPassword(page: Page, { name, password }: Person): Promise<void> {
  await expectHostedUi(page);
  await page.getByLabel("Username").fill(name);
  await page.getByLabel("Password").fill(password);
  await page.getByRole("button", { name: "Sign in" }).click();
}

export async function expectHostedUi(page: Page): Promise<void> {
  await expect(page).toHaveURL((url) => url.origin === POOL);
  await expect(page.getByRole("heading", { level: 1, name: "Sign in" })).toBeVisible();
}

/** Expects the name of the person in the masthead. */
export async function expectSignedIn(page: Page, person: Person): Promise<void> {
  const masthead = page.getByRole("banner");
  await expect(masthead.getByRole("link", { name: person.name, exact: true })).toBeVisible();
  await expect(masthead.getByRole("link", { name: "Sign in" })).toHaveCount(0);
}
