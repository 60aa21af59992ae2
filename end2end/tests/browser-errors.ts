import type { BrowserContext } from "@playwright/test";
import { POOL, SITE } from "./site";

const OUR_ORIGINS = [SITE, POOL];

/** Collects the errors and warnings of a browser. */
export class BrowserErrors {
  readonly found: string[] = [];
  private readonly expected: { status: number; path: string }[] = [];
  private mayLose = false;

  /** Allows one error. Chromium logs each response with an error status as a console error. */
  expect(status: number, path: string): void {
    this.expected.push({ status, path });
  }

  /** Allows requests without an answer. */
  expectLost(): void {
    this.mayLose = true;
  }

  watch(context: BrowserContext, hasScripts: boolean): void {
    context.on("console", (message) => {
      const isError = ["error", "warning"].includes(message.type());
      if (isError && !this.isExpected(message.text(), message.location().url)) {
        this.found.push(`console ${message.type()}: ${message.text()} (${message.location().url})`);
      }
    });
    context.on("weberror", (error) => {
      this.found.push(`page error: ${error.error().stack}`);
    });
    context.on("requestfailed", (request) => {
      const reason = request.failure()?.errorText;
      // The browser aborts what the previous page was still loading. Without JavaScript it also
      // refuses to preload scripts.
      const isBlockedScript = !hasScripts && request.resourceType() === "script" && reason === "csp";
      if (reason !== "net::ERR_ABORTED" && !isBlockedScript && !this.mayLose) {
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
    if (this.mayLose && text.startsWith("Failed to load resource: net::")) {
      return true;
    }
    return this.expected.some(
      ({ status, path }) =>
        text.startsWith("Failed to load resource") &&
        text.includes(`status of ${status} `) &&
        URL.canParse(url) &&
        new URL(url).pathname === path,
    );
  }
}
