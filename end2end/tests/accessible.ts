import { expect, type Page } from "@playwright/test";
import axe, { type RunOnly } from "axe-core";

const TAGS = ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa", "best-practice"];
/** The rules that read colors; the others find the same in each color scheme. */
const COLOR_RULES = ["color-contrast", "link-in-text-block"];
/** The rules that read positions and sizes; the others find the same between two widths. */
const LAYOUT_RULES = ["color-contrast", "scrollable-region-focusable", "target-size"];
const [PHONE, TABLET, DESKTOP] = [390, 768, 1280];

/** The narrowest screen (WCAG 2.2, 1.4.10). */
export const NARROWEST = 320;

/**
 * Expects that axe finds nothing on the page, in every width and color scheme that can make a
 * difference, and that the page never scrolls sideways.
 */
export async function expectAccessible(page: Page, name: string): Promise<void> {
  const size = page.viewportSize()!;
  await page.emulateMedia({ reducedMotion: "reduce" });
  await prepare(page);
  for (const width of [PHONE, TABLET, DESKTOP]) {
    await page.setViewportSize({ width, height: 800 });
    await expectNoOverflow(page, `${name} at ${width} px`);
    await page.emulateMedia({ colorScheme: "light" });
    const rules: RunOnly =
      width === TABLET ? { type: "rule", values: LAYOUT_RULES } : { type: "tag", values: TAGS };
    expect.soft(await violations(page, rules), `${name} at ${width} px, light`).toEqual([]);
    if (width === TABLET) continue;
    await page.emulateMedia({ colorScheme: "dark" });
    const inDark = await violations(page, { type: "rule", values: COLOR_RULES });
    expect.soft(inDark, `${name} at ${width} px, dark`).toEqual([]);
  }
  await page.setViewportSize({ width: NARROWEST, height: 800 });
  await expectNoOverflow(page, `${name} at ${NARROWEST} px`);
  await page.setViewportSize(size);
  await page.emulateMedia({ colorScheme: null, reducedMotion: null });
}

/** Expects that the page does not scroll sideways. */
export async function expectNoOverflow(page: Page, name: string): Promise<void> {
  const [content, screen] = await page.evaluate(() => [
    document.documentElement.scrollWidth,
    document.documentElement.clientWidth,
  ]);
  expect.soft(content, `the width of ${name}`).toBeLessThanOrEqual(screen);
}

/** Loads axe once into the page: its source takes longer than its rules. */
async function prepare(page: Page): Promise<void> {
  await page.evaluate(axe.source);
  // While scripts are off no timer fires, and axe waits with some.
  await page.evaluate(() => {
    if (!matchMedia("(scripting: none)").matches) return;
    const now = (run: () => void) => (run(), 0);
    Object.assign(window, { setTimeout: now });
  });
}

/** Returns what axe finds. Two steps, because without scripts no promise of a page is awaited. */
async function violations(page: Page, runOnly: RunOnly): Promise<string[]> {
  await page.evaluate((runOnly) => {
    const run = { violations: undefined as string[] | undefined };
    Object.assign(window, { axeRun: run });
    const options = { runOnly, preload: false };
    const done = (error: Error | null, results: import("axe-core").AxeResults) => {
      run.violations = error
        ? [String(error)]
        : results.violations.flatMap(({ id, nodes }) =>
            nodes.map(({ target }) => `${id}: ${target.join(" ")}`),
          );
    };
    (window as unknown as { axe: typeof import("axe-core") }).axe.run(
      document,
      { ...options, resultTypes: ["violations"] },
      done as never,
    );
  }, runOnly);
  const found = () =>
    page.evaluate(() => (window as unknown as { axeRun: { violations?: string[] } }).axeRun.violations);
  await expect.poll(found, { intervals: [5, 10, 20, 40] }).toBeDefined();
  return (await found())!;
}
