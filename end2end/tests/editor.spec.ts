import { deflateSync } from "node:zlib";
import type { Browser, Page, Request, Route } from "@playwright/test";
import type { BrowserErrors } from "./browser-errors";
import { expect, test } from "./fixtures";
import { signIn } from "./hosted-ui";
import { ADMIN, EDITOR, type Person } from "./site";

const STORY = /\/desk\/[0-9a-f]{8}-[0-9a-f-]{27}$/;

const body = (page: Page) => page.locator("#body");
const headline = (page: Page) => page.locator("#headline");
const saveState = (page: Page) => page.locator("#save-state");
/** Waits until everything that was typed is saved: until then the time is that of the save before. */
const saved = (page: Page, timeout = 10_000) =>
  expect(page.locator('#save-state[data-state="good"]')).toHaveText(/^Saved \d\d:\d\d$/, { timeout });

/** Opens a new story, and waits until the island runs. */
async function openNew(page: Page, text = "First paragraph."): Promise<string> {
  await page.goto("/desk/new");
  await ready(page);
  await headline(page).fill(`Harbour plans ${Math.random()}`);
  await body(page).fill(text);
  await expect(page).toHaveURL(STORY, { timeout: 10_000 });
  await saved(page);
  return page.url();
}

async function open(page: Page, url: string): Promise<void> {
  await page.goto(url);
  await ready(page);
}

async function ready(page: Page): Promise<void> {
  await expect(page.getByRole("toolbar").getByRole("button")).toHaveCount(8);
}

async function another(browser: Browser, person: Person, url: string): Promise<Page> {
  const page = await (await browser.newContext()).newPage();
  await signIn(page, person);
  await open(page, url);
  return page;
}

/** Two people change the same text of a new story; the page is the one whose save comes too late. */
async function typeBoth(
  page: Page,
  browser: Browser,
  browserErrors: BrowserErrors,
): Promise<{ url: string; other: Page }> {
  const url = await openNew(page);
  browserErrors.expect(409, new URL(url).pathname);
  const other = await another(browser, ADMIN, url);
  await body(other).fill("Ada’s text.");
  await saved(other);
  await body(page).fill("Ed’s text.");
  return { url, other };
}

function isSave(request: Request): boolean {
  return request.postData()?.includes("action=autosave") ?? false;
}

/** Answers the saves of a page by hand; previews go through. */
async function onSave(page: Page, answer: (route: Route, index: number) => Promise<void>): Promise<void> {
  let index = 0;
  await page.route(/\/desk\/[^/]+$/, async (route) => {
    await (isSave(route.request()) ? answer(route, index++) : route.continue());
  });
}

test.beforeEach(async ({ page }) => {
  await signIn(page, EDITOR);
});

test("a story is saved by itself, from its first words on", async ({ page }) => {
  await openNew(page);
  await body(page).press("Control+End");
  const save = page.waitForResponse((answer) => isSave(answer.request()));
  await page.keyboard.type(" And a second sentence.");
  await save;
  await saved(page);
  await page.reload();
  await expect(body(page)).toHaveValue("First paragraph. And a second sentence.");
  await expect(page.getByText("on this device")).toHaveCount(0);
});

test("on a phone nothing moves while text waits to be saved", async ({ page }) => {
  await page.setViewportSize({ width: 390, height: 844 });
  await openNew(page);
  const place = await body(page).boundingBox();
  await body(page).press("Control+End");
  await page.keyboard.type(".");
  await expect(saveState(page)).toHaveAttribute("data-state", "unsaved");
  expect(await body(page).boundingBox()).toEqual(place);
});

test("the first save makes one story, even when its answer is lost", async ({ page, browserErrors }) => {
  browserErrors.expectLost();
  await page.goto("/desk/new");
  await ready(page);
  let isLost = true;
  await onSave(page, async (route, index) => {
    if (index === 0) await route.fetch();
    await (isLost ? route.abort("failed") : route.continue());
  });
  const name = `Written once ${Math.random()}`;
  await headline(page).fill(name);
  await expect(saveState(page)).toHaveText(/^Not saved/, { timeout: 10_000 });
  isLost = false;
  await body(page).fill("Typed after the lost answer.");
  await expect(page).toHaveURL(STORY, { timeout: 15_000 });
  await saved(page);
  await page.reload();
  await expect(body(page)).toHaveValue("Typed after the lost answer.");
  await page.goto("/desk");
  await expect(page.getByText(name)).toHaveCount(1);
});

test("text typed while the server is away is kept and saved later", async ({ page, context, browserErrors }) => {
  browserErrors.expectLost();
  await openNew(page);
  await context.setOffline(true);
  await body(page).fill("Typed in a tunnel.");
  await expect(saveState(page)).toHaveText(
    "Not saved – no connection. Your text is kept in this browser.",
    { timeout: 10_000 },
  );
  await page.getByRole("button", { name: "Publish", exact: true }).click();
  await expect(saveState(page)).toContainText("nothing was sent");
  await context.setOffline(false);
  await saved(page);
  await page.reload();
  await expect(body(page)).toHaveValue("Typed in a tunnel.");
  await expect(page.getByText("on this device")).toHaveCount(0);
});

test("an answer that is not from the site is told in plain words", async ({ page, browserErrors }) => {
  await openNew(page);
  browserErrors.expect(502, new URL(page.url()).pathname);
  await onSave(page, (route) => route.fulfill({ status: 502, contentType: "text/html", body: "<h1>Bad gateway</h1>" }));
  await body(page).fill("Typed later.");
  await expect(saveState(page)).toHaveText(
    "Not saved – the server did not answer properly (502). Trying again. Your text is kept in this browser.",
    { timeout: 10_000 },
  );
  await page.unroute(/\/desk\/[^/]+$/);
  await saved(page);
});

test("a copy in the browser is offered, and never put in unasked", async ({ page, browserErrors }) => {
  browserErrors.expectLost();
  const url = await openNew(page);
  await onSave(page, (route) => route.abort("failed"));
  await body(page).fill("Never reached the server.");
  await expect(saveState(page)).toHaveText(/^Not saved/, { timeout: 10_000 });
  await open(page, url);
  await expect(body(page)).toHaveValue("First paragraph.");
  await page.unroute(/\/desk\/[^/]+$/);
  const notice = page.getByRole("alert").filter({ hasText: "A newer copy of this story is on this device" });
  await notice.getByRole("button", { name: "Restore" }).click();
  await expect(body(page)).toHaveValue("Never reached the server.");
  await saved(page);
  await open(page, url);
  await expect(body(page)).toHaveValue("Never reached the server.");
  await expect(notice).toHaveCount(0);
});

test("leaving the page at once saves what was typed", async ({ page }) => {
  const url = await openNew(page);
  await body(page).fill("Typed, and gone.");
  await page.goto("/account");
  await expect(async () => {
    await open(page, url);
    await expect(body(page)).toHaveValue("Typed, and gone.", { timeout: 500 });
  }).toPass();
  await expect(page.getByText("on this device")).toHaveCount(0);
});

test("a list goes on with the next line, and ends with an empty item", async ({ page }) => {
  await openNew(page, "");
  await body(page).fill("- First boat");
  await body(page).press("Control+End");
  await page.keyboard.press("Enter");
  await page.keyboard.type("Last boat");
  await page.keyboard.press("Enter");
  await page.keyboard.press("Enter");
  await page.keyboard.type("After.");
  await expect(body(page)).toHaveValue("- First boat\n- Last boat\n\nAfter.");
  await body(page).fill("9) Ninth boat");
  await body(page).press("Control+End");
  await page.keyboard.press("Enter");
  await page.keyboard.type("Tenth boat");
  await page.keyboard.press("Enter");
  await page.keyboard.press("Enter");
  await expect(body(page)).toHaveValue("9) Ninth boat\n10) Tenth boat\n\n");
});

test("a copy in the browser is offered to nobody else, and goes when its author signs out", async ({
  page,
  browserErrors,
}) => {
  browserErrors.expectLost();
  const url = await openNew(page);
  const copies = () => page.evaluate(() => Object.keys(localStorage).filter((key) => key.startsWith("gazette-copy")));
  const notice = page.getByRole("alert").filter({ hasText: "A newer copy of this story is on this device" });
  await onSave(page, (route) => route.abort("failed"));
  await body(page).fill("Never reached the server.");
  await expect(saveState(page)).toHaveText(/^Not saved/, { timeout: 10_000 });
  expect(await copies()).toHaveLength(1);
  // The session ends; another person signs in at the same browser.
  await page.context().clearCookies();
  await signIn(page, ADMIN);
  await page.unroute(/\/desk\/[^/]+$/);
  await open(page, url);
  await expect(notice).toHaveCount(0);
  await page.context().clearCookies();
  await signIn(page, EDITOR);
  await open(page, url);
  await expect(notice).toHaveCount(1);

  await page.goto("/account");
  // Signing out deletes the copy, so it asks once.
  await expect(page.getByLabel("Unsaved text")).toHaveValue(/Never reached the server\./);
  await page.getByRole("button", { name: "Sign out", exact: true }).first().click();
  await expect(page.getByRole("alert").filter({ hasText: "Signing out deletes this text" })).toBeVisible();
  expect(await copies()).toHaveLength(1);
  await page.getByRole("button", { name: "Sign out", exact: true }).first().click();
  await expect(page.getByRole("banner").getByRole("link", { name: "Sign in" })).toBeVisible();
  expect(await copies()).toEqual([]);
});

test("a slow answer leaves later keys alone, and one save is in flight", async ({ page }) => {
  await openNew(page);
  let inFlight = 0;
  await onSave(page, async (route) => {
    inFlight += 1;
    expect(inFlight).toBe(1);
    const response = await route.fetch();
    await page.waitForTimeout(2_500);
    inFlight -= 1;
    await route.fulfill({ response });
  });
  await body(page).fill("One");
  await expect(saveState(page)).toHaveText("Saving…", { timeout: 10_000 });
  await body(page).press("Control+End");
  await page.keyboard.type(" two three", { delay: 300 });
  await expect(body(page)).toHaveValue("One two three");
  const act = page.waitForResponse((answer) => answer.request().postData()?.includes("action=save") ?? false);
  const loaded = page.waitForEvent("load");
  await page.getByRole("button", { name: "Save", exact: true }).click();
  expect((await act).status()).toBe(303);
  await loaded;
  await ready(page);
  await expect(body(page)).toHaveValue("One two three");
  await expect(page.getByText("changed the same text")).toHaveCount(0);
});

test("two people change different fields, and both changes are kept", async ({ page, browser }) => {
  const url = await openNew(page);
  const other = await another(browser, ADMIN, url);
  await other.locator("#summary").fill("Ada’s standfirst.");
  await saved(other);
  await body(page).fill("Ed’s body.");
  await expect(page.locator("#summary")).toHaveValue("Ada’s standfirst.", { timeout: 10_000 });
  await open(other, url);
  await expect(body(other)).toHaveValue("Ed’s body.");
  await other.context().close();
});

test("two people change the same field, and neither text is lost", async ({ page, browser, browserErrors }) => {
  const { url, other } = await typeBoth(page, browser, browserErrors);
  await headline(page).fill("Ed’s headline");
  const notice = page.getByRole("alert").filter({ hasText: "changed the same text" });
  await expect(notice).toContainText("Ada’s text.", { timeout: 10_000 });
  await expect(body(page)).toHaveValue("Ed’s text.");

  // The other fields are saved.
  await expect(async () => {
    await open(other, url);
    await expect(headline(other)).toHaveValue("Ed’s headline", { timeout: 500 });
  }).toPass();
  await expect(body(other)).toHaveValue("Ada’s text.");

  await notice.getByRole("button", { name: "Keep mine" }).click();
  await saved(page);
  await open(other, url);
  await expect(body(other)).toHaveValue("Ed’s text.");
  await other.context().close();
});

test("a conflict can be compared side by side", async ({ page, browser, browserErrors }) => {
  const { url, other } = await typeBoth(page, browser, browserErrors);
  await page.getByRole("button", { name: "Compare side by side" }).click({ timeout: 10_000 });
  const conflict = page.getByRole("alert").filter({ hasText: "changed the same text at" });
  await expect(conflict.getByLabel("Story, as ada saved it")).toHaveValue("Ada’s text.");
  await expect(body(page)).toHaveValue("Ed’s text.");
  // Nothing is saved before the user has decided.
  await body(page).press("Control+End");
  await page.keyboard.type(" More.");
  await page.waitForTimeout(3_000);
  await open(other, url);
  await expect(body(other)).toHaveValue("Ada’s text.");
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await expect(conflict).toHaveCount(0);
  await expect(body(page)).toHaveValue("Ed’s text. More.");
  await other.context().close();
});

test("two tabs of one person do not lose each other’s text", async ({ page, context, browserErrors }) => {
  const url = await openNew(page);
  browserErrors.expect(409, new URL(url).pathname);
  const tab = await context.newPage();
  await open(tab, url);
  await body(tab).fill("From the second tab.");
  await saved(tab);
  await body(page).fill("From the first tab.");
  const notice = page.getByRole("alert").filter({ hasText: "changed the same text" });
  await expect(notice).toContainText("From the second tab.", { timeout: 10_000 });
  await notice.getByRole("button", { name: "Use theirs" }).click();
  await expect(body(page)).toHaveValue("From the second tab.");
  await saved(page);
});

test("the end of the session is said, and the text is kept", async ({ page, browserErrors }) => {
  const url = await openNew(page);
  browserErrors.expect(401, new URL(url).pathname);
  let isSignedOut = true;
  await onSave(page, (route) =>
    isSignedOut ? route.fulfill({ status: 401, json: { message: "Unauthorized" } }) : route.continue(),
  );
  await body(page).fill("Typed after the session.");
  await expect(saveState(page)).toHaveText(
    "Not saved – you’ve been signed out. Your text is kept in this browser.",
    { timeout: 10_000 },
  );
  await expect(page.getByRole("link", { name: /^Sign in in a new tab/ })).toBeVisible();
  // Signed in again in another tab, back here.
  isSignedOut = false;
  await page.evaluate(() => window.dispatchEvent(new Event("focus")));
  await saved(page);
  await expect(page.getByRole("link", { name: /^Sign in in a new tab/ })).toHaveCount(0);
});

test("the preview follows the text", async ({ page }) => {
  await openNew(page, "Calm water.\n\nSecond.");
  const preview = page.locator("#preview-story");
  await expect(preview).toContainText("Calm water.");
  await body(page).fill("Calm water.\n\n## Rising tide");
  await expect(preview.getByRole("heading", { name: "Rising tide" })).toBeVisible();
  await page.getByRole("button", { name: "Preview" }).click();
  await expect(page.locator("#preview")).toBeFocused();
  await expect(page.locator("#words")).toHaveText("4 words");
  // Links of the preview do not lead away from the text.
  await body(page).fill("Calm [water](https://news.example/).\n\n## Rising tide");
  const link = preview.getByRole("link", { name: "water" });
  await expect(link).toHaveAttribute("target", "_blank");
  await expect(link).toHaveAttribute("tabindex", "-1");
});

test("the toolbar formats, takes back and leaves undo to the browser", async ({ page }) => {
  await openNew(page, "rising tide");
  await body(page).selectText();
  const bold = page.getByRole("button", { name: "Bold" });
  await bold.click();
  await expect(body(page)).toHaveValue("**rising tide**");
  await page.keyboard.press("Control+i");
  await expect(body(page)).toHaveValue("***rising tide***");
  await page.keyboard.press("Control+i");
  await bold.click();
  await expect(body(page)).toHaveValue("rising tide");
  await page.keyboard.press("Control+z");
  await expect(body(page)).toHaveValue("**rising tide**");
  await page.keyboard.press("Control+z");
  await bold.focus();
  await page.keyboard.press("ArrowRight");
  await expect(page.getByRole("button", { name: "Italic" })).toBeFocused();
  await page.keyboard.press("End");
  await expect(page.getByRole("button", { name: "Code" })).toBeFocused();
});

test("a pasted picture is uploaded, and the caret is where its description goes", async ({ page, browserErrors }) => {
  await openNew(page, "Before.");
  await body(page).press("Control+End");
  await paste(page, png());
  await expect(body(page)).toHaveValue(/^Before\.!\[\]\(\/images\/[^)]+\)$/, { timeout: 15_000 });
  await page.keyboard.type("A pier");
  await expect(body(page)).toHaveValue(/!\[A pier\]/);

  browserErrors.expect(415, "/images");
  browserErrors.expect(422, "/images");
  await paste(page, Buffer.from("no picture"));
  await expect(page.getByRole("status").filter({ hasText: "was not uploaded" })).toBeVisible();
  await expect(body(page)).not.toHaveValue(/Uploading/);
});

test("a chosen file becomes the picture of the story", async ({ page }) => {
  await openNew(page);
  await page.locator("#file").setInputFiles({ name: "pier.png", mimeType: "image/png", buffer: png() });
  await expect(page.locator("#image")).toHaveValue(/^\/images\//, { timeout: 15_000 });
  await expect(page.locator("img.current-picture")).toBeVisible();
  await saved(page);
});

test("dropped pictures go where they are dropped, and a large one is refused with a reason", async ({ page }) => {
  await openNew(page, "Before.");
  await body(page).press("Control+End");
  await drop(page, "#body", png());
  await expect(body(page)).toHaveValue(/^Before\.!\[\]\(\/images\/[^)]+\)$/, { timeout: 15_000 });
  await expect(page.locator("#image")).toHaveValue("");
  await drop(page, "#file", png());
  await expect(page.locator("#image")).toHaveValue(/^\/images\//, { timeout: 15_000 });
  await expect(page.locator("img.current-picture")).toBeVisible();

  const typed = await body(page).inputValue();
  const large = Buffer.alloc(20 * 1024 * 1024 + 1);
  await page.locator("#file").setInputFiles({ name: "tide.png", mimeType: "image/png", buffer: large });
  const reason = page.getByRole("status").filter({ hasText: "tide.png was not uploaded: it is larger than 20 MiB." });
  await expect(reason).toBeVisible();
  await expect(body(page)).toHaveValue(typed);
  await expect(page.locator("#image")).toHaveValue(/^\/images\//);
  await saved(page);
});

test("a key costs less than a frame in a story of 20,000 words", async ({ page, context }) => {
  await openNew(page);
  // Typing it in would take longer than the test.
  await body(page).evaluate((area: HTMLTextAreaElement) => {
    area.value = "The tide rises at the harbour wall again.\n\n".repeat(2_500);
    area.dispatchEvent(new InputEvent("input", { bubbles: true }));
  });
  await expect(page.locator("#preview-story")).toContainText("harbour wall again", { timeout: 30_000 });
  await saved(page, 30_000);
  await body(page).press("Control+End");
  const session = await context.newCDPSession(page);
  await session.send("Performance.enable", { timeDomain: "threadTicks" });
  const cost = async () => {
    const { metrics } = await session.send("Performance.getMetrics");
    const counted = ["ScriptDuration", "LayoutDuration", "RecalcStyleDuration"];
    return metrics.filter(({ name }) => counted.includes(name)).reduce((sum, { value }) => sum + value, 0);
  };
  const before = await cost();
  const keys = 40;
  for (let key = 0; key < keys; key += 1) {
    await page.keyboard.press("x");
    await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => setTimeout(done))));
  }
  expect(((await cost()) - before) * 1_000 / keys, "milliseconds of CPU a key").toBeLessThan(16);
});

async function paste(page: Page, file: Buffer): Promise<void> {
  await body(page).evaluate((area, bytes) => {
    const clipboardData = new DataTransfer();
    clipboardData.items.add(new File([new Uint8Array(bytes)], "pier.png", { type: "image/png" }));
    area.dispatchEvent(new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true }));
  }, [...file]);
}

/** Drags a picture from outside of the browser over an element, and drops it there. */
async function drop(page: Page, selector: string, file: Buffer): Promise<void> {
  const data = await page.evaluateHandle((bytes) => {
    const dataTransfer = new DataTransfer();
    dataTransfer.items.add(new File([new Uint8Array(bytes)], "pier.png", { type: "image/png" }));
    return dataTransfer;
  }, [...file]);
  const prevented = await page.locator(selector).evaluate(
    (target, dataTransfer) =>
      !target.dispatchEvent(new DragEvent("dragover", { dataTransfer, bubbles: true, cancelable: true })),
    data,
  );
  expect(prevented, "the browser must not open the file itself").toBe(true);
  await page.dispatchEvent(selector, "drop", { dataTransfer: data });
}

/** Returns a picture of 8 by 8 pixels. */
function png(): Buffer {
  const chunk = (type: string, data: Buffer) => {
    const content = Buffer.concat([Buffer.from(type), data]);
    const [length, check] = [Buffer.alloc(4), Buffer.alloc(4)];
    length.writeUInt32BE(data.length);
    check.writeUInt32BE(crc(content));
    return Buffer.concat([length, content, check]);
  };
  const header = Buffer.from([0, 0, 0, 8, 0, 0, 0, 8, 8, 2, 0, 0, 0]);
  const pixels = deflateSync(Buffer.alloc(8 * (1 + 8 * 3)));
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  return Buffer.concat([signature, chunk("IHDR", header), chunk("IDAT", pixels), chunk("IEND", Buffer.alloc(0))]);
}

function crc(bytes: Buffer): number {
  let crc = 0xffffffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit += 1) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
  }
  return (crc ^ 0xffffffff) >>> 0;
}
