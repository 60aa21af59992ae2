import { expect, type Page } from "@playwright/test";
import axe from "axe-core";

const RULES = ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa", "best-practice"];
const WIDTHS = [390, 768, 1280];
const SCHEMES = ["light", "dark"] as const;

/** The narrowest screen (WCAG 2.2, 1.4.10). */
export const NARROWEST = 320;

/**
 * Expects that axe finds nothing on the page, in every width and color scheme, and that the page
 * never scrolls sideways.
 */
export async function expectAccessible(page: Page, name: string): Promise<void> {
  const size = page.viewportSize()!;
  await page.emulateMedia({ reducedMotion: "reduce" });
  await prepare(page);
  for (const width of WIDTHS) {
    await page.setViewportSize({ width, height: 800 });
    await expectNoOverflow(page, `${name} at ${width} px`);
    for (const colorScheme of SCHEMES) {
      await page.emulateMedia({ colorScheme });
      expect.soft(await violations(page), `${name} at ${width} px, ${colorScheme}`).toEqual([]);
    }
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
async function violations(page: Page): Promise<string[]> {
  await page.evaluate((values) => {
    const run = { violations: undefined as string[] | undefined };
    Object.assign(window, { axeRun: run });
    const options = { runOnly: { type: "tag" as const, values }, preload: false };
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
  }, RULES);
  const found = () =>
    page.evaluate(() => (window as unknown as { axeRun: { violations?: string[] } }).axeRun.violations);
  await expect.poll(found, { intervals: [5, 10, 20, 40] }).toBeDefined();
  return (await found())!;
}
