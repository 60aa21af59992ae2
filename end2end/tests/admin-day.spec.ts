import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createHash, createHmac } from "node:crypto";
import { type Browser, expect, type Page, test } from "@playwright/test";
import { expectSignedIn } from "./hosted-ui";
import { ADMIN, EDITOR, local, PEOPLE, type Person } from "./site";

// A separate site and pool, because the test restarts them and moves their clock.
const SITE = local(3110);
const POOL = local(4110);
const MINUTES = 60;
const KEY = { id: "AKIDADMINDAY", secret: "the-secret-of-an-admin-day" };

/** A server that restarts with the same data. */
class Server {
  private process?: ChildProcess;
  private readonly data = mkdtempSync(join(tmpdir(), "admin-day-"));

  async start(): Promise<void> {
    const environment = {
      PATH: process.env.PATH,
      GAZETTE_ADDR: new URL(SITE).host.replace("localhost", "127.0.0.1"),
      GAZETTE_POOL_ADDR: new URL(POOL).host.replace("localhost", "127.0.0.1"),
      GAZETTE_PUBLIC_URL: SITE,
      GAZETTE_DATA_DIR: this.data,
      GAZETTE_MAX_QUEUE_DELAY: "off",
      GAZETTE_POOL_USER: PEOPLE.map(({ name, password, group }) =>
        [name, password, group].filter(Boolean).join(":"),
      ).join(" "),
      GAZETTE_POOL_CLOCK: "movable",
      GAZETTE_POOL_ADMIN_KEY: `${KEY.id}:${KEY.secret}`,
      RUST_LOG: "warn",
    };
    this.process = spawn("../target/debug/gazette", ["serve"], { env: environment, stdio: "ignore" });
    const isReady = () => fetch(`${SITE}/readyz`).then((it) => it.status, () => 0);
    await expect.poll(isReady, { timeout: 20_000 }).toBe(200);
  }

  async stop(): Promise<void> {
    if (!this.process || this.process.exitCode !== null) return;
    const exited = new Promise((resolve) => this.process?.once("exit", resolve));
    this.process.kill("SIGTERM");
    await exited;
  }

  kill(): void {
    this.process?.kill("SIGKILL");
  }

  async remove(): Promise<void> {
    await this.stop();
    rmSync(this.data, { recursive: true });
  }
}

async function advanceClock(seconds: number): Promise<void> {
  const response = await fetch(`${POOL}/_pool/clock`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ forward_seconds: seconds }),
  });
  expect(response.status).toBe(200);
}

/** Calls an Admin operation of the pool, signed with AWS Signature Version 4. */
async function callPool(operation: string, input: object): Promise<void> {
  const { now } = await (await fetch(`${POOL}/_pool/clock`)).json();
  const date = new Date(now * 1000).toISOString().replace(/[-:]|\.\d{3}/g, "");
  const target = `AWSCognitoIdentityProviderService.${operation}`;
  const body = JSON.stringify({ UserPoolId: "local_gazette", ...input });
  const scope = `${date.slice(0, 8)}/eu-central-1/cognito-idp/aws4_request`;
  const names = "host;x-amz-date;x-amz-target";
  const sha256 = (text: string) => createHash("sha256").update(text).digest("hex");
  const hmac = (key: string | Buffer, text: string) => createHmac("sha256", key).update(text).digest();
  const canonical = `POST\n/\n\nhost:${new URL(POOL).host}\nx-amz-date:${date}\nx-amz-target:${target}\n\n${names}\n${sha256(body)}`;
  const key = scope.split("/").reduce<string | Buffer>(hmac, `AWS4${KEY.secret}`);
  const signature = hmac(key, `AWS4-HMAC-SHA256\n${date}\n${scope}\n${sha256(canonical)}`).toString("hex");
  const response = await fetch(POOL, {
    method: "POST",
    headers: {
      "Content-Type": "application/x-amz-json-1.1",
      "X-Amz-Date": date,
      "X-Amz-Target": target,
      Authorization: `AWS4-HMAC-SHA256 Credential=${KEY.id}/${scope}, SignedHeaders=${names}, Signature=${signature}`,
    },
    body,
  });
  expect(response.status, await response.text()).toBe(200);
}

async function signIn(page: Page, { name, password }: Person): Promise<void> {
  await page.goto(`${SITE}/auth/login?return_to=/desk`);
  await page.getByLabel("Username").fill(name);
  await page.getByLabel("Password").fill(password);
  await page.getByRole("button", { name: "Sign in" }).click();
  await expect(page).toHaveURL(`${SITE}/desk`);
}

async function newComputer(browser: Browser): Promise<Page> {
  return (await browser.newContext()).newPage();
}

async function deleteOne(page: Page): Promise<void> {
  await page.goto(`${SITE}/desk`);
  await page.locator("main tbody").getByRole("checkbox").first().check();
  await page.getByRole("button", { name: "Move to trash" }).click();
}

test("a day of an admin, with two tabs and two computers", async ({ browser, browserName }) => {
  expect(browserName).toBe("chromium");
  test.setTimeout(180_000);
  const server = new Server();
  // A test that runs out of time never comes to its end.
  process.once("exit", () => server.kill());
  try {
    await server.start();
    await day(browser, server);
  } finally {
    await server.remove();
  }
});

async function day(browser: Browser, server: Server): Promise<void> {
  const office = await newComputer(browser);
  const home = await newComputer(browser);
  const tab = await office.context().newPage();

  await test.step("in the morning, the admin signs in at the office, in two tabs, and at home", async () => {
    await signIn(office, ADMIN);
    await signIn(home, ADMIN);
    await tab.goto(`${SITE}/account`);
    await expect(tab.getByRole("button", { name: /^Sign out .+ on / })).toHaveCount(1);
    await deleteOne(office);
    await expect(office.locator(".notice")).toContainText("Moved 1 story to Trash.");
    await tab.goto(`${SITE}/desk/trash`);
    await expect(tab.locator(".trash-list").getByRole("checkbox")).toHaveCount(1);
  });

  await test.step("the admin deletes all stories and restores them as one", async () => {
    await tab.goto(`${SITE}/desk`);
    await tab.getByRole("link", { name: "Delete all stories…" }).click();
    await expect(tab.getByRole("table", { name: "Published stories by section" })).toBeVisible();
    await tab.getByRole("textbox", { name: "Type delete to confirm" }).fill("delete");
    await tab.getByRole("button", { name: /^Delete all/ }).click();
    await expect(tab.getByRole("heading", { level: 1 })).toHaveText(/^Moved \d+ stories to Trash$/);
    expect((await (await fetch(`${SITE}/news`)).json()).items).toEqual([]);
    await tab.getByRole("link", { name: "Open Trash" }).click();
    await tab.getByRole("button", { name: /^Restore all \d+$/ }).click();
    await expect(tab.locator(".notice")).toHaveText(/^\d+ stories restored\.$/);
    await expect(tab.locator(".trash-list").getByRole("checkbox")).toHaveCount(1);
  });

  await test.step("an editor takes too long at the hosted UI, which begins again by itself", async () => {
    const editor = await newComputer(browser);
    await editor.goto(`${SITE}/auth/login?return_to=/desk`);
    await expect(editor.getByLabel("Username")).toBeVisible();
    await advanceClock(11 * MINUTES);
    await editor.getByLabel("Username").fill(EDITOR.name);
    await editor.getByLabel("Password").fill(EDITOR.password);
    await editor.getByRole("button", { name: "Sign in" }).click();
    await expect(editor).toHaveURL(`${SITE}/desk`);
    await expectSignedIn(editor, EDITOR);
    await editor.context().close();
    // Keeps the sessions of the admin in use.
    for (const page of [office, home]) await page.reload();
  });

  await test.step("hours later, after every token expired, the admin is still signed in and can delete", async () => {
    for (let hours = 0; hours < 3; hours += 1) {
      for (const minutes of [25, 25, 10]) {
        await advanceClock(minutes * MINUTES);
        await office.goto(`${SITE}/desk`);
        await expectSignedIn(office, ADMIN);
        await home.goto(SITE);
        await expectSignedIn(home, ADMIN);
      }
      await tab.reload();
      await expectSignedIn(tab, ADMIN);
    }
    await deleteOne(office);
    await expect(office.locator(".notice")).toContainText("Moved 1 story to Trash.");
  });

  await test.step("after a restart of the site and its pool, the sessions continue", async () => {
    await server.stop();
    await server.start();
    // The restarted pool uses the system clock again, so move it to the time of the test.
    await advanceClock((3 * 60 + 11) * MINUTES);
    await office.goto(`${SITE}/desk`);
    await expectSignedIn(office, ADMIN);
    await tab.reload();
    await expectSignedIn(tab, ADMIN);
    await home.goto(`${SITE}/account`);
    await expect(home.getByRole("heading", { level: 1 })).toHaveText("Your account");
    await deleteOne(home);
    await expect(home.locator(".notice")).toContainText("Moved 1 story to Trash.");
  });

  await test.step("a minute after losing the admin group, the admin cannot delete anywhere", async () => {
    await callPool("AdminRemoveUserFromGroup", { Username: ADMIN.name, GroupName: "admin" });
    await callPool("AdminAddUserToGroup", { Username: ADMIN.name, GroupName: "editor" });
    await advanceClock(61);
    for (const page of [office, home]) {
      await deleteOne(page);
      await expect(page.getByRole("heading", { level: 1 })).toHaveText("You don't have access");
      await page.goto(`${SITE}/desk`);
      await expectSignedIn(page, ADMIN);
      await expect(page.getByRole("button", { name: "Move to trash" })).toHaveCount(0);
    }
  });

  await test.step("after rejoining the group, a refresh restores the permission", async () => {
    await callPool("AdminAddUserToGroup", { Username: ADMIN.name, GroupName: "admin" });
    await office.goto(`${SITE}/account`);
    await office.getByRole("button", { name: "Refresh permissions" }).click();
    await expect(office.locator(".notice")).toHaveText("Permissions updated.");
    // Both tabs share the refreshed session, because they are one browser.
    await deleteOne(tab);
    await expect(tab.locator(".notice")).toContainText("Moved 1 story to Trash.");
  });

  await test.step("a form sent after the session ended is saved and sent later", async () => {
    await office.goto(`${SITE}/desk`);
    await office.locator("main tbody").getByRole("checkbox").first().check();
    await advanceClock(31 * MINUTES);
    await office.getByRole("button", { name: "Move to trash" }).click();
    await expect(office.getByRole("heading", { level: 1 })).toHaveText("You've been signed out");
    await office.getByRole("link", { name: "Sign in and continue" }).click();
    // The pool's own session lasts one hour and has expired, too.
    await office.getByLabel("Username").fill(ADMIN.name);
    await office.getByLabel("Password").fill(ADMIN.password);
    await office.getByRole("button", { name: "Sign in" }).click();
    await expect(office.getByRole("heading", { level: 1 })).toHaveText("Move 1 story to Trash?");
    await office.getByRole("main").getByRole("button").first().click();
    await expect(office.locator(".notice")).toContainText("Moved 1 story to Trash.");
  });

  await test.step("the admin signs an editor out everywhere", async () => {
    const editor = await newComputer(browser);
    await signIn(editor, EDITOR);
    await office.goto(`${SITE}/desk/people`);
    await office.getByRole("link", { name: EDITOR.name, exact: true }).click();
    await office.getByRole("button", { name: "Sign out everywhere" }).click();
    await expect(office.locator(".notice")).toContainText(`${EDITOR.name} was signed out everywhere`);
    await editor.goto(`${SITE}/desk`);
    await expect(editor.getByRole("heading", { level: 1 })).toHaveText("Please sign in");
  });

  await test.step("in the evening, the admin signs out everywhere and the hosted UI asks for the password", async () => {
    await signIn(home, ADMIN);
    await office.goto(`${SITE}/account`);
    await office.getByRole("button", { name: "Sign out everywhere" }).click();
    await expect(office).toHaveURL(`${SITE}/`);
    for (const page of [office, home]) {
      await page.goto(`${SITE}/account`);
      await expect(page.getByRole("heading", { level: 1 })).toHaveText("Please sign in");
    }
    await tab.goto(`${SITE}/desk`);
    await expect(tab.getByRole("heading", { level: 1 })).toHaveText("Please sign in");
    await office.goto(`${SITE}/auth/login`);
    await expect(office.getByLabel("Password")).toBeVisible();
  });

  await test.step("after twelve hours of use, the session requires a new sign-in", async () => {
    await signIn(office, ADMIN);
    for (let minutes = 25; minutes <= 700; minutes += 25) {
      await advanceClock(25 * MINUTES);
      await office.goto(`${SITE}/desk`);
      await expectSignedIn(office, ADMIN);
    }
    await advanceClock(25 * MINUTES);
    await office.goto(`${SITE}/desk`);
    await expect(office.getByRole("heading", { level: 1 })).toHaveText("Please sign in");
    await signIn(office, ADMIN);
  });
}
