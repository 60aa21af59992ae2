import type { BrowserContext } from "@playwright/test";
import { POOL, SITE } from "./world";

const OUR_ORIGINS = [SITE, POOL];

/** Everything that a browser complains about and no reader should cause. */
export class Trouble {
  readonly found: string[] = [];
  private readonly expected: { status: number; path: string }[] = [];

  /** Chromium logs each failed answer as an error; this one is what the test wants to see. */
  expect(status: number, path: string): void {
    this.expected.push({ status, path });
  }

  watch(context: BrowserContext, hasScripts: boolean): void {
    context.on("console", (message) => {
      const isTrouble = ["error", "warning"].includes(message.type());
      if (isTrouble && !this.isExpected(message.text(), message.location().url)) {
        this.found.push(`console ${message.type()}: ${message.text()} (${message.location().url})`);
      }
    });
    context.on("weberror", (error) => {
      this.found.push(`page error: ${error.error().stack}`);
    });
    context.on("requestfailed", (request) => {
      const reason = request.failure()?.errorText;
      // The browser itself gives up what the previous page was still loading, and refuses to
      // preload a script that it may not run.
      const isRefused = !hasScripts && request.resourceType() === "script" && reason === "csp";
      if (reason !== "net::ERR_ABORTED" && !isRefused) {
        this.found.push(`request failed: ${request.url()} ${reason}`);
      }
    });
    context.on("request", (request) => {
      const { origin, protocol } = new URL(request.url());
      if (protocol !== "data:" && !OUR_ORIGINS.includes(origin)) {
        this.found.push(`request to a third party: ${request.url()}`);
      }
    });
  }

  private isExpected(text: string, url: string): boolean {
    return this.expected.some(
      ({ status, path }) =>
        text.startsWith("Failed to load resource") &&
        text.includes(`status of ${status} `) &&
        URL.canParse(url) &&
        new URL(url).pathname === path,
    );
  }
}
