import type { Page } from "@playwright/test";
import { expectNoOverflow, NARROWEST } from "./accessible";
import { AWKWARD } from "./awkward-stories";
import { expect, publish, type Story, test, trash } from "./fixtures";
import { SITE } from "./site";

let story: Story;

test.beforeAll(async ({ playwright }) => {
  const request = await playwright.request.newContext({ baseURL: SITE });
  [story] = await publish(request, AWKWARD.slice(0, 1));
  await request.dispose();
});

test.afterAll(async ({ playwright }) => {
  const request = await playwright.request.newContext({ baseURL: SITE });
  await trash(request, [story]);
  await request.dispose();
});

test("a story prints whole, dark on white, with each address once", async ({ page }) => {
  await page.setViewportSize({ width: 700, height: 1000 });
  await page.emulateMedia({ media: "print", colorScheme: "dark" });
  await page.goto(`/news/${story.slug}`);
  // As for a reader who chose it.
  await page.evaluate(() => (document.documentElement.dataset.theme = "dark"));
  await expectNoOverflow(page, "the printed story");
  const printed = await page.evaluate(() => {
    const style = (selector: string) => getComputedStyle(document.querySelector(selector)!);
    const address = (link: Element) => getComputedStyle(link, "::after").content;
    const wide = [...document.querySelectorAll(".body :is(pre, .scroll, table)")];
    return {
      colors: [style("body").backgroundColor, style("h1").color, style(".body pre span").color],
      cut: wide.filter((block) => block.scrollWidth > block.clientWidth + 1).map(({ localName }) => localName),
      addresses: [...document.querySelectorAll(".body a[href='https://example.com'], .body a[href='https://example.com/x']")].map(address),
      hidden: [".nav", ".find", ".acts", "footer.site", ".skip"].map((part) => style(part).display),
    };
  });
  expect(printed.colors).toEqual(["rgb(255, 255, 255)", "rgb(0, 0, 0)", "rgb(0, 0, 0)"]);
  expect(printed.cut).toEqual([]);
  expect(printed.addresses).toEqual(["none", '" (https://example.com/x)"']);
  expect(new Set(printed.hidden)).toEqual(new Set(["none"]));
});

test("in forced colors only the current section is marked", async ({ page }) => {
  await page.emulateMedia({ forcedColors: "active" });
  await page.goto("/section/world");
  const marked = await page.evaluate(() =>
    [...document.querySelectorAll(".nav a")]
      .filter((link) => {
        const { textDecorationLine, borderBlockEndWidth, boxShadow } = getComputedStyle(link);
        return textDecorationLine !== "none" || borderBlockEndWidth !== "0px" || boxShadow !== "none";
      })
      .map(({ textContent }) => textContent),
  );
  expect(marked).toEqual(["World"]);
});

test("the empty part of the masthead is no link", async ({ page }) => {
  for (const width of [390, 1280]) {
    await page.setViewportSize({ width, height: 800 });
    await page.goto("/");
    const brand = (await page.locator(".brand").boundingBox())!;
    const end = brand.x + brand.width;
    const hit = await page.evaluate(
      ([x, y]) => document.elementFromPoint(x, y)!.closest("a")?.className ?? "no link",
      [end + 8, brand.y + brand.height / 2],
    );
    expect(hit, `beside the name of the site at ${width} px`).toBe("no link");
    expect(brand.width).toBeLessThan(width / 2);
  }
});

test("the current section is in view on phones", async ({ page }) => {
  await page.setViewportSize({ width: NARROWEST, height: 640 });
  await page.goto("/");
  const sections = page.getByRole("navigation", { name: "Sections", exact: true }).getByRole("link");
  for (const href of await sections.evaluateAll((links) => links.map((link) => link.getAttribute("href")!))) {
    await page.goto(href);
    await expect(page.locator(".nav [aria-current]"), href).toBeInViewport({ ratio: 1 });
  }
});

test("text of twice the size fits and is not cut", async ({ page }) => {
  for (const path of ["/", "/news", "/section/sport", "/archive", "/search?q=the", `/news/${story.slug}`]) {
    await page.goto(path);
    await page.evaluate(() => (document.documentElement.style.fontSize = "200%"));
    for (const width of [390, 1280]) {
      await page.setViewportSize({ width, height: 800 });
      await expectNoOverflow(page, `${path} at ${width} px with large text`);
      expect(await cutTexts(page), `${path} at ${width} px`).toEqual([]);
    }
  }
});

test("code and tables scroll with the keyboard, and say what they are", async ({ page }) => {
  await page.goto(`/news/${story.slug}`);
  for (const part of [
    page.getByRole("group", { name: "Code" }),
    page.getByRole("region", { name: "Table 1" }),
  ]) {
    await part.focus();
    await expect(part).toBeFocused();
    await part.press("ArrowRight");
    await expect.poll(() => part.evaluate(({ scrollLeft }) => scrollLeft)).toBeGreaterThan(0);
  }
  const article = page.getByRole("article");
  await expect(article.getByRole("checkbox", { name: "Done soon" })).toBeChecked();
  await expect(article.getByRole("checkbox", { name: "Open" })).not.toBeChecked();
  const levels = await article
    .getByRole("heading")
    .evaluateAll((headings) => headings.map(({ localName }) => Number(localName[1])));
  const skips = levels.filter((level, index) => level > (levels[index - 1] ?? 0) + 1);
  expect(skips, `the levels ${levels}`).toEqual([]);
});

test("each list has a description of its own", async ({ request }) => {
  const descriptions = new Set<string>();
  const lists = ["/", "/news", "/section/world", "/section/sport", "/tag/harbours", "/author/maren-ashlock"];
  const others = ["/archive", "/corrections", "/about", "/privacy", "/accessibility"];
  for (const path of [...lists, ...others]) {
    const html = await (await request.get(path, { headers: { Accept: "text/html" } })).text();
    const description = html.match(/<meta name="description" content="([^"]{20,})"/)?.[1];
    expect(description, path).toBeTruthy();
    descriptions.add(description!);
  }
  expect(descriptions.size).toBe(lists.length + others.length);
});

/** Returns texts that their box hides in part. Long names of people are shortened on purpose. */
function cutTexts(page: Page): Promise<string[]> {
  return page.evaluate(() =>
    [...document.querySelectorAll<HTMLElement>("body *")]
      .filter((element) => {
        const { overflowX, overflowY } = getComputedStyle(element);
        const hidesAcross = ["hidden", "clip"].includes(overflowX) && element.scrollWidth > element.clientWidth + 1;
        const hidesDown = ["hidden", "clip"].includes(overflowY) && element.scrollHeight > element.clientHeight + 4;
        const isShort = getComputedStyle(element).webkitLineClamp !== "none";
        const isHidden = element.closest(".visually-hidden, [hidden], .media");
        return !isHidden && !isShort && element.innerText?.trim() && (hidesAcross || hidesDown);
      })
      .map(({ className, innerText }) => `${className}: ${innerText.slice(0, 40)}`),
  );
}
