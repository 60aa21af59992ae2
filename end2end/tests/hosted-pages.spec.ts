import { createHmac } from "node:crypto";
import type { APIRequestContext, Page } from "@playwright/test";
import { expectAccessible } from "./accessible";
import { expect, test } from "./fixtures";
import { enterPassword, expectHostedUi, expectSignedIn } from "./hosted-ui";
import { htmlErrors } from "./html-validator";
import { ADMIN, POOL, READER, SITE } from "./site";

// The journeys of the hosted UI, from a page of the site and back to it.

const PASSWORD = "a new and long password";
const TEMPORARY = "temporary-word";
const RETURN_TO = "/news?limit=5";

/** Returns a name that no other test has. */
function newName(): string {
  return `hal${crypto.randomUUID().slice(0, 8)}`;
}

/** Sends an operation for administrators. A pool on loopback takes any signature. */
async function administer(request: APIRequestContext, operation: string, body: object) {
  const scope = "20261127/local/cognito-idp/aws4_request";
  const response = await request.post(POOL, {
    headers: {
      "Content-Type": "application/x-amz-json-1.1",
      "X-Amz-Target": `AWSCognitoIdentityProviderService.${operation}`,
      Authorization: `AWS4-HMAC-SHA256 Credential=local/${scope}, SignedHeaders=host, Signature=0`,
    },
    data: JSON.stringify({ UserPoolId: "local_gazette", ...body }),
  });
  expect(response.status(), await response.text()).toBe(200);
  return response.json();
}

// Also after a test that ran out of time.
test.afterAll(async ({ playwright }) => {
  const request = await playwright.request.newContext();
  await administer(request, "SetUserPoolMfaConfig", { MfaConfiguration: "OPTIONAL" });
  await request.dispose();
});

/** Opens the sign-in page from the site. */
async function openHostedUi(page: Page): Promise<void> {
  await page.goto(`/auth/login?return_to=${encodeURIComponent(RETURN_TO)}`);
  await expectHostedUi(page);
}

/** Reads the newest code for a user on the page that stands for their mail. */
async function codeFor(page: Page, name: string): Promise<string> {
  const response = await page.request.get(`${POOL}/_pool/outbox`, {
    headers: { Accept: "application/json" },
  });
  const { messages } = await response.json();
  return messages.find((message: { username: string }) => message.username === name).code;
}

async function expectBack(page: Page, name: string): Promise<void> {
  await expectSignedIn(page, { name, password: "" });
  await expect(page).toHaveURL(RETURN_TO);
}

/** Makes a user with a temporary password; returns the name. */
async function invite(request: APIRequestContext): Promise<string> {
  const name = newName();
  const UserAttributes = [
    { Name: "email", Value: `${name}@example.com` },
    { Name: "email_verified", Value: "true" },
  ];
  const user = { Username: name, TemporaryPassword: TEMPORARY, UserAttributes };
  await administer(request, "AdminCreateUser", user);
  return name;
}

/** Goes back to a page of the hosted UI, and forward again to the page that followed it. */
async function goBackAndForward(page: Page, heading: string): Promise<void> {
  const title = page.getByRole("heading", { level: 1 });
  const here = await title.innerText();
  await page.goBack();
  await expect(title).toHaveText(heading);
  await page.goForward();
  await expect(title).toHaveText(here);
}

/** Goes back from the site, which leads to a fresh login: it needs no password, and returns. */
async function goBackAndSignInAgain(page: Page, name: string): Promise<void> {
  await page.goBack();
  await page.getByRole("button", { name: `Sign in as ${name}` }).click();
  await expectBack(page, name);
}

/** Moves the clock of the site and its pool. */
async function passAnHour(request: APIRequestContext): Promise<void> {
  const response = await request.post(`${POOL}/_pool/clock`, { data: { forward_seconds: 3_600 } });
  expect(response.status(), await response.text()).toBe(200);
}

async function chooseThePassword(page: Page): Promise<void> {
  await page.getByLabel("New password").fill(PASSWORD);
  await page.getByLabel("The same password again").fill(PASSWORD);
  await page.getByRole("button", { name: "Set password and continue" }).click();
}

/** The code that an app shows. Source: RFC 6238. */
function totp(key: string, step: number): string {
  const bits = [...key].map((c) => "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".indexOf(c).toString(2).padStart(5, "0"));
  const bytes = bits.join("").match(/.{8}/g)!.map((byte) => Number.parseInt(byte, 2));
  const counter = Buffer.alloc(8);
  counter.writeBigInt64BE(BigInt(step));
  const hash = createHmac("sha1", Buffer.from(bytes)).update(counter).digest();
  const number = hash.readUInt32BE(hash[19] & 0xf) & 0x7fffffff;
  return String(number % 1_000_000).padStart(6, "0");
}

/** Returns the time step of the pool, whose clock other tests may have moved. */
async function poolStep(request: APIRequestContext): Promise<number> {
  const { now } = await (await request.get(`${POOL}/_pool/clock`)).json();
  return Math.floor(now / 30);
}

async function fillSignUp(page: Page, name: string): Promise<void> {
  await page.getByRole("link", { name: "Create an account" }).click();
  await page.getByLabel("Username").fill(name);
  await page.getByLabel("Email").fill(`${name}@example.com`);
  await page.getByLabel("Password", { exact: true }).fill(PASSWORD);
}

/** Expects a page without faults, in every width and color scheme. */
async function expectFlawless(page: Page, name: string): Promise<void> {
  expect.soft(await htmlErrors(await page.content()), `HTML of ${name}`).toEqual([]);
  await expectAccessible(page, name);
}

test("a new user signs up, confirms with the code and is signed in", async ({ page }) => {
  test.slow();
  const name = newName();
  await openHostedUi(page);
  await expectFlawless(page, "the sign-in page");
  await fillSignUp(page, name);
  await expectFlawless(page, "the sign-up page");
  await page.getByRole("button", { name: "Create account" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Confirm your account");
  await expectFlawless(page, "the page for the code");
  const [outbox] = await Promise.all([
    page.waitForEvent("popup"),
    page.getByRole("link", { name: "outbox" }).click(),
  ]);
  await expect(outbox.getByRole("listitem").filter({ hasText: name })).toHaveCount(1);
  await expectFlawless(outbox, "the outbox");
  await outbox.close();
  await page.getByLabel("Code").fill(await codeFor(page, name));
  await page.getByRole("button", { name: "Confirm account" }).click();
  await expectBack(page, name);
});

test("a forgotten password is replaced and signs in", async ({ page }) => {
  const name = await invite(page.request);
  const forgotten = { Username: name, Password: "forgotten-password", Permanent: true };
  await administer(page.request, "AdminSetUserPassword", forgotten);
  await openHostedUi(page);
  await page.getByRole("link", { name: "Forgot your password?" }).click();
  await expectFlawless(page, "the page for a forgotten password");
  await page.getByLabel("Username").fill(name);
  await page.getByRole("button", { name: "Send a code" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Choose a new password");
  await expectFlawless(page, "the page for a new password by code");
  await goBackAndForward(page, "Forgot your password?");
  await page.getByLabel("Code").fill(await codeFor(page, name));
  await page.getByLabel("New password").fill(PASSWORD);
  await page.getByRole("button", { name: "Set password and continue" }).click();
  await expectBack(page, name);
  await goBackAndSignInAgain(page, name);
});

test("an invited user chooses a password", async ({ page, browserErrors }) => {
  const name = await invite(page.request);
  await openHostedUi(page);
  await enterPassword(page, { name, password: TEMPORARY });
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Choose a password");
  await expectFlawless(page, "the page of an invited user");
  browserErrors.expect(400, "/login");
  await page.getByLabel("New password").fill(PASSWORD);
  await page.getByLabel("The same password again").fill(`${PASSWORD}!`);
  await page.getByRole("button", { name: "Set password and continue" }).click();
  await expect(page.getByRole("alert")).toContainText("The two passwords differ");
  await goBackAndForward(page, "Choose a password");
  await chooseThePassword(page);
  await expectBack(page, name);
  await goBackAndSignInAgain(page, name);
});

test("pages left open for an hour lead to a fresh login", async ({ page, browserErrors }) => {
  const name = await invite(page.request);
  await openHostedUi(page);
  await passAnHour(page.request);
  await enterPassword(page, { name, password: TEMPORARY });
  await expect(page.getByLabel("New password")).toBeVisible();
  await passAnHour(page.request);
  browserErrors.expect(400, "/login");
  await chooseThePassword(page);
  await expect(page.getByRole("alert")).toHaveText("This took too long. Sign in again.");
  await enterPassword(page, { name, password: TEMPORARY });
  await chooseThePassword(page);
  await expectBack(page, name);
  await passAnHour(page.request);
  await page.goBack();
  await enterPassword(page, { name, password: PASSWORD });
  await expectBack(page, name);
});

test("a user sets an authenticator app up, and then signs in with it", async ({
  page,
  context,
  browserErrors,
}) => {
  test.slow();
  const name = newName();
  await openHostedUi(page);
  await fillSignUp(page, name);
  await page.getByRole("button", { name: "Create account" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Confirm your account");
  const code = await codeFor(page, name);
  await administer(page.request, "SetUserPoolMfaConfig", { MfaConfiguration: "ON" });
  try {
    await page.getByLabel("Code").fill(code);
    await page.getByRole("button", { name: "Confirm account" }).click();
    await expect(page.getByRole("heading", { level: 1 })).toHaveText("Set up your authenticator app");
    await expectFlawless(page, "the set-up of an app");
    const key = (await page.locator(".key code").innerText()).replaceAll(" ", "");
    const link = page.getByRole("link", { name: "open it on this device" });
    await expect(link).toHaveAttribute("href", new RegExp(`^otpauth://totp/.+secret=${key}&`));
    browserErrors.expect(400, "/login");
    await page.getByLabel("Code that the app shows").fill(totp(key, 1));
    await page.getByRole("button", { name: "Turn on and sign in" }).click();
    await expect(page.getByRole("alert")).toHaveText("That code isn't right. Enter the newest one.");
    await expectFlawless(page, "the set-up of an app with an error");
    await goBackAndForward(page, "Set up your authenticator app");
    await expect(page.locator(".key code")).toHaveText(key.match(/.{4}/g)!.join(" "));
    const step = await poolStep(page.request);
    await page.getByLabel("Code that the app shows").fill(totp(key, step));
    await page.getByRole("button", { name: "Turn on and sign in" }).click();
    await expectBack(page, name);
    await goBackAndSignInAgain(page, name);

    await context.clearCookies();
    await openHostedUi(page);
    await enterPassword(page, { name, password: PASSWORD });
    await expect(page.getByRole("heading", { level: 1 })).toHaveText("Enter your code");
    await expectFlawless(page, "the page for a code of an app");
    await goBackAndForward(page, "Sign in");
    const next = Math.max(step + 1, await poolStep(page.request));
    await page.getByLabel("Code").fill(totp(key, next));
    await page.getByRole("button", { name: "Sign in" }).click();
    await expectBack(page, name);
    await goBackAndSignInAgain(page, name);
  } finally {
    await administer(page.request, "SetUserPoolMfaConfig", { MfaConfiguration: "OPTIONAL" });
  }
});

test("Back after signing in leads to a fresh login", async ({ page, browserErrors }) => {
  await openHostedUi(page);
  const login = page.url();
  await enterPassword(page, READER);
  await expectBack(page, READER.name);
  for (const _ of [1, 2]) {
    await page.goBack();
    await expect(page).toHaveURL(login);
    await expectFlawless(page, "the page of a browser that is signed in");
    await page.getByRole("button", { name: `Sign in as ${READER.name}` }).click();
    await expectBack(page, READER.name);
  }
  await page.goBack();
  await page.getByRole("link", { name: "Sign in as a different user" }).click();
  browserErrors.expect(400, "/login");
  await enterPassword(page, { ...ADMIN, password: "wrong-horse" });
  await expect(page.getByRole("alert")).toHaveText("Incorrect username or password.");
  await enterPassword(page, ADMIN);
  await expectBack(page, ADMIN.name);
});

test("a login whose cookie is gone is refused, and trying again leads to a fresh one", async ({
  page,
  context,
  browserErrors,
}) => {
  await openHostedUi(page);
  // What a page that was left open has lost: the login, not the path to return to, is unknown.
  await context.clearCookies({ name: /-login-/ });
  browserErrors.expect(400, "/auth/callback");
  await enterPassword(page, READER);
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Sign-in failed");
  await page.getByRole("link", { name: "Try again" }).click();
  await expectSignedIn(page, READER);
  await expect(page).toHaveURL("/");

  browserErrors.expect(400, "/auth/callback");
  await refuseAndTryAgain(page);
  await expect(page).toHaveURL(RETURN_TO);
  // Back to the page of the error, which is over, begins another login.
  await page.goBack();
  await expect(page).toHaveURL(RETURN_TO);
  await expectSignedIn(page, READER);
});

/** Begins a login that the hosted UI refuses, and tries again. */
async function refuseAndTryAgain(page: Page): Promise<void> {
  const begun = await page.request.get(`/auth/login?return_to=${encodeURIComponent(RETURN_TO)}`, {
    maxRedirects: 0,
  });
  const state = new URL(begun.headers().location).searchParams.get("state");
  await page.goto(`/auth/callback?error=access_denied&state=${state}`);
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Sign-in failed");
  await page.getByRole("link", { name: "Try again" }).click();
}

test("pages without a journey have no faults", async ({ page, browserErrors }) => {
  const query = "response_type=code&scope=openid";
  for (const [path, heading] of [
    [`/login?client_id=unknown&redirect_uri=${SITE}/auth/callback&${query}`, "Unknown client"],
    [`/login?client_id=gazetteweb&redirect_uri=${SITE}/x&${query}`, "Callback URL not registered"],
    [`/logout?client_id=gazetteweb&logout_uri=${SITE}/x`, "Sign-out URL not registered"],
    [`/login?client_id=gazetteweb&${query}`, "Incomplete link"],
    ["/nowhere", "Page not found"],
    ["/", "User pool"],
  ]) {
    const status = path === "/" ? 200 : path === "/nowhere" ? 404 : 400;
    if (status !== 200) browserErrors.expect(status, new URL(path, POOL).pathname);
    const response = await page.goto(POOL + path);
    expect(response!.status()).toBe(status);
    await expect(page.getByRole("heading", { level: 1 })).toHaveText(heading);
    await expectFlawless(page, path);
  }
});
