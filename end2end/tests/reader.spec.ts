import { expect, newestStories, test } from "./fixtures";

test("a reader navigates from the front page to a story and its tag", async ({
  page,
  context,
}) => {
  await page.goto("/");
  await expect(
    page.getByRole("heading", { level: 1, name: "Gazette: latest news" }),
  ).toBeAttached();
  await expect(page.getByRole("navigation", { name: "Sections", exact: true })).toBeVisible();
  await expect(page.getByRole("navigation", { name: "Follow" })).toBeVisible();
  const top = page.getByRole("region", { name: "Top stories" });
  await expect(top.getByRole("listitem").getByRole("heading").first()).toBeVisible();

  await page
    .getByRole("navigation", { name: "Sections", exact: true })
    .getByRole("link", { name: "World" })
    .click();
  await expect(page).toHaveURL("/section/world");
  await expect(page.getByRole("heading", { level: 1, name: "World" })).toBeVisible();
  await expect(
    page
      .getByRole("navigation", { name: "Sections", exact: true })
      .getByRole("link", { name: "World", exact: true }),
  ).toHaveAttribute("aria-current", "page");

  const story = page.getByRole("main").getByRole("heading").getByRole("link").first();
  const headline = await story.innerText();
  await story.click();
  await expect(page).toHaveURL(/\/news\/[a-z0-9-]+$/);
  await expect(page).toHaveTitle(`${headline} — Gazette`);
  const article = page.getByRole("article");
  await expect(article.getByRole("heading", { level: 1, name: headline })).toBeVisible();
  await expect(article.getByRole("time").first()).toHaveAttribute(
    "datetime",
    /^\d{4}-\d\d-\d\dT.*Z$/,
  );

  const tag = article.getByRole("list", { name: "Tags" }).getByRole("link").first();
  const name = await tag.innerText();
  await tag.click();
  await expect(page).toHaveURL(/\/tag\/[a-z0-9-]+$/);
  await expect(page.getByRole("heading", { level: 1, name })).toBeVisible();
  await expect(page.getByRole("link", { name: headline })).toBeVisible();

  await page.getByRole("link", { name: headline }).click();
  await page
    .getByRole("article")
    .getByRole("link", { name: /^[A-Z]\w+ [A-Z]\w+$/ })
    .click();
  await expect(page).toHaveURL(/\/author\/[a-z0-9-]+$/);
  await expect(page.getByRole("link", { name: headline })).toBeVisible();

  expect(await context.cookies(), "reading sets no cookie").toEqual([]);
});

test("the skip link moves the focus to the content", async ({ page }) => {
  await page.goto("/");
  await page.keyboard.press("Tab");
  const skip = page.getByRole("link", { name: "Skip to main content" });
  await expect(skip).toBeFocused();
  await expect(skip).toBeInViewport();
  await page.keyboard.press("Enter");
  await expect(page.getByRole("main")).toBeFocused();
  await page.keyboard.press("Tab");
  await expect(page.getByRole("main").getByRole("link").first()).toBeFocused();
});

test("older pages continue the list, each story once", async ({ page, request }) => {
  const published = (await newestStories(request)).map(({ headline }) => headline);
  const headlines = page.getByRole("main").getByRole("listitem").getByRole("heading");

  await page.goto("/news?limit=5");
  await expect(headlines).toHaveText(published.slice(0, 5));
  await page
    .getByRole("navigation", { name: "Pages" })
    .getByRole("link", { name: "Older", exact: true })
    .click();
  await expect(headlines).toHaveText(published.slice(5, 10));
  await page.getByRole("link", { name: "Newest", exact: true }).click();
  await expect(headlines.first()).toHaveText(published[0]);
  await expect(page.getByRole("link", { name: "Newest", exact: true })).toHaveCount(0);
});

test("older pages of a section stay in the section", async ({ page }) => {
  await page.goto("/news?section=sport&limit=1");
  await page.getByRole("link", { name: "Older", exact: true }).click();
  await expect(page.getByRole("link", { name: "Newest", exact: true })).toBeVisible();
  const stories = page
    .getByRole("main")
    .getByRole("listitem")
    .filter({ has: page.getByRole("heading") });
  await expect(stories.first()).toContainText("Sport");
  await expect(stories.filter({ hasNotText: "Sport" })).toHaveCount(0);
});

test("a story loads no scripts and describes its picture", async ({ page }) => {
  const requested: string[] = [];
  page.on("request", (request) => requested.push(`${request.resourceType()} ${request.url()}`));
  const { items } = await (await page.request.get("/news?limit=100")).json();
  const { slug } = items.find(({ image }: { image: unknown }) => image);
  await page.goto(`/news/${slug}`);

  const picture = page.getByRole("figure").getByRole("img");
  await expect(picture).toHaveAccessibleName(/\w+ \w+ \w+/);
  await expect
    .poll(() => picture.evaluate((image: HTMLImageElement) => image.naturalWidth))
    .toBeGreaterThan(0);

  const headline = await page.getByRole("heading", { level: 1 }).innerText();
  const structuredData = await page.locator("script").allTextContents();
  const [article, trail] = structuredData.map((text) => JSON.parse(text));
  expect(structuredData).toHaveLength(2);
  expect(article).toMatchObject({ "@type": "NewsArticle", headline });
  expect(trail).toMatchObject({ "@type": "BreadcrumbList" });
  expect(requested.filter((line) => /^script|\.(js|wasm)\b/.test(line))).toEqual([]);
});

test("the search finds a story, with and without scripts", async ({ page, request }) => {
  const [story] = await newestStories(request);
  await page.goto("/search");
  await page.locator("#q").fill(story.headline);
  await page.getByRole("main").getByRole("button", { name: "Search" }).click();
  await expect(page).toHaveURL(/\/search\?q=/);
  const result = page.getByRole("main").getByRole("link", { name: story.headline });
  await expect(result.locator("mark").first()).toBeVisible();
  await result.click();
  await expect(page).toHaveURL(`/news/${story.slug}`);
});
