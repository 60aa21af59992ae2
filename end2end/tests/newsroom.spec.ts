import type { APIRequestContext, Page } from "@playwright/test";
import { expectAccessible } from "./accessible";
import { expect, newestStories, test as base } from "./fixtures";
import { enterPassword, signIn } from "./hosted-ui";
import { ADMIN, EDITOR, OTHER_WRITER, type Person, POOL, SITE, WRITER } from "./site";

const STORY = /\/desk\/[0-9a-f]{8}-[0-9a-f-]{27}$/;
const MINUTES = 60;

interface Fixtures {
  /** Signs a person in on a computer of their own. `page` is the browser of a reader. */
  enter: (person: Person) => Promise<Page>;
  /** Makes a headline that no other test and no other project uses. */
  headlineOf: (words: string) => string;
}

const test = base.extend<Fixtures>({
  enter: async ({ browser, browserErrors, javaScriptEnabled }, use) => {
    const pages: Page[] = [];
    await use(async (person) => {
      const context = await browser.newContext();
      browserErrors.watch(context, javaScriptEnabled !== false);
      const page = await context.newPage();
      pages.push(page);
      await signIn(page, person);
      return page;
    });
    for (const page of pages) await page.context().close();
  },
  headlineOf: async ({}, use, testInfo) => {
    const run = `${testInfo.project.name} ${Math.random().toString(36).slice(2, 8)}`;
    await use((words) => `${words} ${run}`);
  },
});

const panes = (page: Page) => page.getByRole("region", { name: /^(Text|Story settings)$/ });
const field = (page: Page, name: string) => panes(page).getByLabel(name, { exact: true });
const body = (page: Page) => page.getByRole("textbox", { name: "Story", exact: true });
const notice = (page: Page) => page.getByRole("main").getByRole("status").first();
const slugOf = (headline: string) => headline.toLowerCase().replaceAll(" ", "-");

async function press(page: Page, name: string): Promise<void> {
  await page.getByRole("button", { name, exact: true }).click();
}

/** Presses a button of the editor, and expects what the next page says. */
async function act(page: Page, button: string, said: string | RegExp): Promise<void> {
  await press(page, button);
  await expect(notice(page)).toHaveText(said);
}

/** Presses Save, and expects that the next page says when that was. */
async function save(page: Page): Promise<void> {
  const loaded = page.waitForEvent("load");
  await press(page, "Save");
  await loaded;
  await expect(page.locator("#save-state")).toHaveText(/^Saved \d\d:\d\d$/);
}

/** Saves a new story and returns the address of its editor. */
async function write(page: Page, headline: string, text = "The first words."): Promise<string> {
  await page.goto("/desk/new");
  await field(page, "Headline").fill(headline);
  await body(page).fill(text);
  await field(page, "Section").fill("Cities");
  await save(page);
  await expect(page).toHaveURL(STORY);
  return page.url();
}

async function publish(page: Page, headline: string): Promise<string> {
  const url = await write(page, headline);
  await act(page, "Publish", "Published. View story");
  return url;
}

async function expectStatus(request: APIRequestContext, path: string, status: number): Promise<void> {
  const response = await request.get(path, { headers: { Accept: "text/html" } });
  expect(response.status(), path).toBe(status);
}

/** Finds a story in the list of the newsroom by its headline. */
async function search(page: Page, tab: string, headline: string): Promise<void> {
  await page.goto("/desk");
  await page.getByRole("navigation", { name: "Status" }).getByRole("link", { name: tab }).click();
  await page.getByRole("searchbox").fill(headline);
  await press(page, "Search");
  await expect(page).toHaveURL(/q=/);
}

async function now(): Promise<number> {
  return (await (await fetch(`${POOL}/_pool/clock`)).json()).now;
}

/** Moves the clock of the site and its pool, which ends the sessions that are idle so long. */
async function advanceClock(seconds: number): Promise<void> {
  const response = await fetch(`${POOL}/_pool/clock`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ forward_seconds: seconds }),
  });
  expect(response.status).toBe(200);
}

/** Returns a time in the form of a field, in UTC, which is the zone of the site. */
function fieldTime(seconds: number): string {
  return new Date(seconds * 1000).toISOString().slice(0, 16);
}

test("a picture that is too large leaves everything typed in the form", async ({
  enter,
  headlineOf,
  browserErrors,
  javaScriptEnabled,
}) => {
  test.skip(javaScriptEnabled !== false, "editor.spec.ts covers it with scripts");
  const writer = await enter(WRITER);
  const headline = headlineOf("A picture of the whole harbour");
  await write(writer, headline, "Typed before.");
  await body(writer).fill("Typed and not saved.");
  await field(writer, "Picture credit").fill("A. Diver");
  browserErrors.expect(413, `${new URL(writer.url()).pathname}/image`);
  const buffer = Buffer.alloc(21 * 1024 * 1024);
  await writer.locator("#file").setInputFiles({ name: "harbour.png", mimeType: "image/png", buffer });
  await press(writer, "Upload");
  await expect(writer.locator("#image-error")).toContainText("The picture is larger than 20 MiB.");
  await expect(body(writer)).toHaveValue("Typed and not saved.");
  await expect(field(writer, "Picture credit")).toHaveValue("A. Diver");
  await save(writer);
  await expect(body(writer)).toHaveValue("Typed and not saved.");
});

test("a story goes from its writer to an editor, back, and to the readers", async ({
  page,
  request,
  enter,
  headlineOf,
  browserErrors,
}) => {
  const headline = headlineOf("Lanterns return to the canal");
  const address = `/news/${slugOf(headline)}`;
  const writer = await enter(WRITER);
  const url = await write(writer, headline, "Forty lanterns float.");

  await test.step("the draft is saved and can be previewed", async () => {
    await writer.reload();
    await expect(body(writer)).toHaveValue("Forty lanterns float.");
    await body(writer).fill("Forty lanterns **float**.");
    await press(writer, "Preview");
    const preview = writer.getByRole("region", { name: "Preview" });
    await expect(preview.getByRole("strong").first()).toHaveText("float");
    await expect(preview.getByRole("heading", { level: 2 }).first()).toHaveText(headline);
  });

  await test.step("the acts of a writer fit a phone", async () => {
    const size = writer.viewportSize()!;
    await writer.setViewportSize({ width: 320, height: 844 });
    expect(await writer.evaluate(() => document.documentElement.scrollWidth)).toBe(320);
    await writer.setViewportSize(size);
  });

  await test.step("a writer cannot publish, nor see the draft of another", async () => {
    await expect(writer.getByRole("button", { name: /Publish|Schedule/ })).toHaveCount(0);
    const version = await writer.locator("#version").inputValue();
    const response = await writer.request.post(url, {
      headers: { Origin: SITE },
      form: { action: "publish", version, headline, body: "Forty." },
    });
    expect(response.status()).toBe(403);
    const other = await enter(OTHER_WRITER);
    browserErrors.expect(404, new URL(url).pathname);
    expect((await other.goto(url))?.status()).toBe(404);
    await search(other, "All", headline);
    await expect(other.getByRole("link", { name: headline, exact: true })).toHaveCount(0);
  });

  await test.step("the writer hands it in, and readers do not see it", async () => {
    await act(writer, "Hand in for review", "Handed in. An editor will publish it or send it back.");
    await expect(writer.locator("#stage")).toHaveText("In review");
    await expectStatus(request, address, 404);
  });

  const editor = await enter(EDITOR);
  await test.step("an editor finds it and sends it back with a note", async () => {
    await search(editor, "In review", headline);
    await editor.getByRole("link", { name: headline, exact: true }).click();
    await expect(body(editor)).toHaveValue("Forty lanterns **float**.");
    await field(editor, "Note").fill("Who counted them?");
    await act(editor, "Send back", "Sent back with your note.");
  });

  await test.step("the writer reads the note, and hands it in again", async () => {
    await search(writer, "Mine", headline);
    await writer.getByRole("link", { name: headline, exact: true }).click();
    await expect(writer.getByRole("complementary", { name: "Note from the editor" })).toContainText(
      "Who counted them?",
    );
    await body(writer).fill("Forty lanterns float, the keeper says.");
    await act(writer, "Hand in for review", "Handed in. An editor will publish it or send it back.");
  });

  await test.step("the editor publishes it, and readers see it", async () => {
    await editor.goto(url);
    await expect(body(editor)).toHaveValue("Forty lanterns float, the keeper says.");
    await act(editor, "Publish", "Published. View story");
    await page.goto(address);
    await expect(page.getByRole("heading", { level: 1 })).toHaveText(headline);
    await expect(page.getByText("Forty lanterns float, the keeper says.").first()).toBeVisible();
    for (const list of ["/", "/section/cities"]) {
      await page.goto(list);
      await expect(page.getByRole("heading", { name: headline })).toBeVisible();
    }
  });

  await test.step("the writer cannot change it any more", async () => {
    browserErrors.expect(403, new URL(url).pathname);
    expect((await writer.goto(url))?.status()).toBe(403);
  });
});

test("publishing names every fault with a link to its field, and keeps the text", async ({
  enter,
  headlineOf,
  browserErrors,
  javaScriptEnabled,
}) => {
  const editor = await enter(EDITOR);
  const url = await write(editor, headlineOf("A story with faults"));
  browserErrors.expect(422, new URL(url).pathname);
  const text = "See [the plan](/news/no-such-plan). TK: the price.";
  await field(editor, "Headline").fill("");
  await body(editor).fill(text);
  await editor.getByLabel("Upload a picture").setInputFiles({
    name: "wall.gif",
    mimeType: "image/gif",
    buffer: Buffer.from("R0lGODlhAQABAIAAAP///wAAACwAAAAAAQABAAACAkQBADs=", "base64"),
  });
  // With scripts, choosing the file uploads it.
  if (javaScriptEnabled === false) await press(editor, "Upload");
  const picture = editor.getByRole("textbox", { name: "Picture", exact: true });
  await expect(picture).toHaveValue(/^\/images\//);
  await press(editor, "Publish");

  const summary = editor.getByRole("alert").filter({ hasText: "things to fix" });
  await expect(summary).toContainText("Your text is saved.");
  for (const [words, name] of [
    [/^Headline/, "Headline"],
    [/no-such-plan/, "Story"],
    [/TK/, "Story"],
    [/^What the picture shows/, "What the picture shows"],
  ] as const) {
    await summary.getByRole("link", { name: words }).click();
    await expect(editor.getByRole("textbox", { name, exact: true })).toBeFocused();
  }
  await expect(body(editor)).toHaveValue(text);
  await editor.goto(url);
  await expect(body(editor)).toHaveValue(text);
  await expect(editor.locator("#stage")).toHaveText("Draft");
});

test("without scripts, what two editors type at once is merged or shown side by side", async ({
  enter,
  headlineOf,
  browserErrors,
  javaScriptEnabled,
}) => {
  test.skip(javaScriptEnabled !== false, "editor.spec.ts covers it with scripts");
  const ed = await enter(EDITOR);
  const ada = await enter(ADMIN);
  const url = await write(ed, headlineOf("Two at once"), "Both read this.");
  browserErrors.expect(409, new URL(url).pathname);

  await test.step("different fields are merged", async () => {
    await ada.goto(url);
    await field(ed, "Standfirst").fill("Ed’s standfirst.");
    await save(ed);
    await body(ada).fill("Ada’s text.");
    await save(ada);
    await expect(field(ada, "Standfirst")).toHaveValue("Ed’s standfirst.");
    await expect(ada.getByText("ed opened this")).toBeVisible();
  });

  await test.step("the same field shows both texts, and the next save wins", async () => {
    await ed.goto(url);
    await body(ada).fill("Ada’s second text.");
    await save(ada);
    await body(ed).fill("Ed’s second text.");
    await field(ed, "Tags").fill("Harbours");
    await press(ed, "Save");
    const conflict = ed.getByRole("alert").filter({ hasText: "ada changed the same text" });
    await expect(conflict.getByLabel("Story, as ada saved it")).toHaveValue("Ada’s second text.");
    await expect(conflict.getByLabel("Story, as you typed it")).toHaveValue("Ed’s second text.");
    await expect(body(ed)).toHaveValue("Ed’s second text.");
    await expect(field(ed, "Tags")).toHaveValue("Harbours");
    await body(ed).fill("Ada’s second text. Ed’s second text.");
    await save(ed);
    await ada.goto(url);
    await expect(body(ada)).toHaveValue("Ada’s second text. Ed’s second text.");
    await expect(field(ada, "Tags")).toHaveValue("Harbours");
  });
});

test("an admin acts on several stories, undoes it, and finds each act in Activity", async ({
  request,
  enter,
  headlineOf,
  browserErrors,
}) => {
  test.setTimeout(180_000);
  const admin = await enter(ADMIN);
  const headlines = [headlineOf("First of two"), headlineOf("Second of two")];
  const shared = headlines[0].slice("First ".length);
  for (const headline of headlines) await publish(admin, headline);
  const addresses = headlines.map((headline) => `/news/${slugOf(headline)}`);

  const select = async () => {
    await search(admin, "All", shared);
    for (const headline of headlines) {
      await admin.getByRole("checkbox", { name: `Select “${headline}”` }).check();
    }
  };
  const expectBoth = async (status: number) => {
    for (const address of addresses) await expectStatus(request, address, status);
  };

  await test.step("several are moved to the trash, and back", async () => {
    await select();
    await act(admin, "Move to trash", "Moved 2 stories to Trash.");
    await expectBoth(410);
    await press(admin, "Undo");
    await expect(notice(admin)).toHaveText("2 stories restored.");
    await expectBoth(200);
  });

  await test.step("several are unpublished and published", async () => {
    await select();
    await act(admin, "Unpublish", "2 stories unpublished.");
    await expectBoth(404);
    await select();
    await act(admin, "Publish", "2 stories published.");
    await expectBoth(200);
  });

  await test.step("all are deleted and restored", async () => {
    const published = (await newestStories(request)).map(({ id }) => id);
    await admin.goto("/desk");
    await admin.getByRole("link", { name: "Delete all stories…" }).click();
    await admin.getByRole("textbox", { name: "Type delete to confirm" }).fill("delete");
    await admin.getByRole("button", { name: /^Delete all/ }).click();
    const count = published.length;
    await expect(admin.getByRole("heading", { level: 1 })).toHaveText(`Moved ${count} stories to Trash`);
    expect(await newestStories(request)).toEqual([]);
    await expectAccessible(admin, "the page of a deletion");
    await press(admin, `Restore all ${count}`);
    await expect(notice(admin)).toHaveText(`${count} stories restored.`);
    expect((await newestStories(request)).map(({ id }) => id)).toEqual(published);
  });

  await test.step("one is permanently deleted", async () => {
    await search(admin, "All", headlines[1]);
    await admin.getByRole("checkbox", { name: `Select “${headlines[1]}”` }).check();
    await act(admin, "Move to trash", "Moved 1 story to Trash.");
    await admin.goto("/desk/trash");
    await admin.getByRole("checkbox", { name: `Select “${headlines[1]}”` }).check();
    await press(admin, "Delete permanently…");
    await expect(admin.getByRole("heading", { level: 1 })).toHaveText("Permanently delete 1 story?");
    await expect(admin.getByRole("main").getByRole("listitem")).toHaveText([headlines[1]]);
    const job = await admin.locator("input[name=job]").inputValue();
    await press(admin, "Permanently delete 1 story");
    await expect(notice(admin)).toHaveText("Permanently deleted 1 story.");
    await expect(admin.getByText(headlines[1])).toHaveCount(0);
    await admin.goto(`/desk/trash/erase/${job}`);
    await expect(admin.getByRole("heading", { level: 1 })).toHaveText("Permanently deleted 1 story");
  });

  await test.step("Activity tells each act in words", async () => {
    await admin.goto("/desk/audit");
    for (const words of [
      `ada permanently deleted “${headlines[1]}”`,
      `ada moved “${headlines[1]}” to Trash`,
      /ada restored \d+ stories from Trash/,
      /ada moved \d+ stories to Trash/,
      "ada published 2 stories",
      "ada unpublished 2 stories",
      "ada restored 2 stories from Trash",
      "ada moved 2 stories to Trash",
      `ada published “${headlines[1]}”`,
      `ada created the draft “${headlines[0]}”`,
    ]) {
      await expect(admin.getByRole("main").getByText(words).first()).toBeVisible();
    }
    await expect(admin.getByText("Log verified: no entries altered or missing")).toBeVisible();
  });
});

test("an admin who loses the role in mid-work cannot delete any more", async ({
  enter,
  request,
  browser,
  browserErrors,
  javaScriptEnabled,
}) => {
  const ada = await enter(ADMIN);
  const name = `ava-${crypto.randomUUID().slice(0, 8)}`;
  await ada.goto("/desk/people");
  await ada.getByText("Invite a person").click();
  await ada.getByLabel("Sign-in name").fill(name);
  await ada.getByLabel("Email address").fill(`${name}@example.com`);
  await ada.getByLabel("Role").selectOption("Admin");
  await press(ada, "Invite");
  const temporary = await ada.locator(".temporary-password").innerText();

  const context = await browser.newContext();
  browserErrors.watch(context, javaScriptEnabled !== false);
  const ava = await context.newPage();
  await ava.goto("/auth/login?return_to=/desk");
  await enterPassword(ava, { name, password: temporary });
  await ava.getByLabel("New password").fill("a password of her own");
  await ava.getByLabel("The same password again").fill("a password of her own");
  await press(ava, "Set password and continue");
  await ava.getByRole("checkbox", { name: /^Select “/ }).first().check();

  await ada.getByRole("link", { name: "Open their page" }).click();
  await ada.getByLabel("Role").selectOption("Editor");
  await press(ada, "Change role");
  await expect(ada.locator(".notice").first()).toContainText(`${name} is now Editor.`);

  const published = await newestStories(request);
  browserErrors.expect(403, "/desk/stories/trash");
  await press(ava, "Move to trash");
  await expect(ava.getByRole("heading", { level: 1 })).toHaveText("You don't have access");
  expect(await newestStories(request)).toEqual(published);
  await ava.goto("/desk");
  await expect(ava.getByRole("button", { name: "Unpublish" })).toBeVisible();
  await expect(ava.getByRole("button", { name: "Move to trash" })).toHaveCount(0);
  await context.close();
});

// Moves the clock, so it comes last.
test("an editor corrects and pins a story, and stories come and go at their time", async ({
  page,
  request,
  enter,
  headlineOf,
}) => {
  test.setTimeout(180_000);
  const start = await now();
  const [headline, later] = [headlineOf("The bridge closes"), headlineOf("The bridge opens")];
  const [address, laterAddress] = [headline, later].map((it) => `/news/${slugOf(it)}`);
  let editor = await enter(EDITOR);
  const url = await publish(editor, headline);
  const lead = page.getByRole("region", { name: "Top stories" }).getByRole("heading", { level: 3 }).first();

  await test.step("a correction is on the story and on the page of all corrections", async () => {
    await editor.getByRole("link", { name: "Corrections", exact: true }).click();
    await editor.getByLabel("Correction", { exact: true }).fill(`It closes on Monday. ${headline}`);
    await press(editor, "Publish correction…");
    await press(editor, "Publish correction");
    await expect(editor.getByRole("list").getByText("It closes on Monday.")).toBeVisible();
    const today = new Intl.DateTimeFormat("en-GB", { dateStyle: "long", timeZone: "UTC" }).format(start * 1000);
    for (const path of [address, "/corrections"]) {
      await page.goto(path);
      const correction = page.getByText(`It closes on Monday. ${headline}`);
      await expect(correction).toBeVisible();
      await expect(page.getByRole("main")).toContainText(today);
    }
  });

  await test.step("the story is pinned until a time, and unpublished at a later one", async () => {
    await editor.goto(url);
    await field(editor, "Pin until").fill(fieldTime(start + 60 * MINUTES));
    await field(editor, "Unpublish at").fill(fieldTime(start + 180 * MINUTES));
    await act(editor, "Update", "Updated. View story");
  });

  await test.step("another story is scheduled", async () => {
    await write(editor, later, "It opens again.");
    await field(editor, "Publish at").fill(fieldTime(start + 90 * MINUTES));
    await act(editor, "Schedule", /^Scheduled for .*\(UTC\)\.$/);
    await search(editor, "Scheduled", later);
    await expect(editor.getByRole("row", { name: later }).last()).toContainText("Scheduled");
    await expectStatus(request, laterAddress, 404);
    const newest = await publish(editor, headlineOf("A newer story"));
    expect(newest).not.toBe(url);
    await page.goto("/");
    await expect(lead).toHaveText(headline);
  });

  await test.step("the scheduled story appears, and the pinned one is not first any more", async () => {
    await advanceClock(100 * MINUTES);
    await page.goto(laterAddress);
    await expect(page.getByRole("heading", { level: 1 })).toHaveText(later);
    await page.goto("/");
    await expect(page.getByRole("heading", { name: later })).toBeVisible();
    await expect(lead).not.toHaveText(headline);
    await expectStatus(request, address, 200);
  });

  await test.step("the story whose time is over disappears", async () => {
    await advanceClock(100 * MINUTES);
    await expectStatus(request, address, 404);
    await page.goto("/section/cities");
    await expect(page.getByRole("heading", { name: headline })).toHaveCount(0);
    editor = await enter(EDITOR);
    await search(editor, "Drafts", headline);
    // The state is Unpublished until a job of the server makes it a draft.
    await expect(editor.getByRole("row", { name: headline }).last()).toContainText(/Unpublished|Draft/);
  });
});
