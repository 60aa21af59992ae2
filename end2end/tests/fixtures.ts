import { type APIRequestContext, test as base, expect, type Page } from "@playwright/test";
import { BrowserErrors } from "./browser-errors";
import { ADMIN, POOL, SITE } from "./site";

export { expect };

/** A story as `GET /news` lists it. */
export interface Story {
  id: string;
  slug: string;
  headline: string;
  published_at: string;
}

interface TestFixtures {
  /** Fails the test when the browser logs an error that the test does not expect. */
  browserErrors: BrowserErrors;
}

interface WorkerFixtures {
  /** A deleted story. */
  deletedStory: Story;
}

export const test = base.extend<TestFixtures, WorkerFixtures>({
  browserErrors: [
    async ({}, use) => {
      const browserErrors = new BrowserErrors();
      await use(browserErrors);
      expect(browserErrors.found, "errors of the browser").toEqual([]);
    },
    { auto: true },
  ],
  context: async ({ context, javaScriptEnabled, browserErrors }, use) => {
    browserErrors.watch(context, javaScriptEnabled !== false);
    await use(context);
  },
  deletedStory: [
    async ({ playwright }, use) => {
      const request = await playwright.request.newContext({ baseURL: SITE });
      const oldest = (await newestStories(request)).at(-1)!;
      const response = await request.delete(`/news/${oldest.id}`, {
        headers: { Authorization: `Bearer ${await adminToken(request)}` },
      });
      expect(response.status()).toBe(204);
      await request.dispose();
      await use(oldest);
    },
    { scope: "worker" },
  ],
});

/** Returns the published stories, newest first. */
export async function newestStories(request: APIRequestContext): Promise<Story[]> {
  const response = await request.get("/news?limit=100", { headers: { Accept: "application/json" } });
  expect(response.status()).toBe(200);
  return (await response.json()).items;
}

/** Begins an erasure of no story as the admin of a page, so that the page of the erasure exists. */
export async function eraseNothing(page: Page, job: string): Promise<void> {
  const form = { id: crypto.randomUUID(), job };
  const response = await page.request.post("/desk/trash/erase", { headers: { Origin: SITE }, form });
  expect(response.status()).toBe(200);
}

/** Returns an access token of the administrator. */
export async function adminToken(request: APIRequestContext): Promise<string> {
  const response = await request.post(POOL, {
    headers: {
      "Content-Type": "application/x-amz-json-1.1",
      "X-Amz-Target": "AWSCognitoIdentityProviderService.InitiateAuth",
    },
    data: JSON.stringify({
      AuthFlow: "USER_PASSWORD_AUTH",
      ClientId: "gazettecli",
      AuthParameters: { USERNAME: ADMIN.name, PASSWORD: ADMIN.password },
    }),
  });
  expect(response.status()).toBe(200);
  return (await response.json()).AuthenticationResult.AccessToken;
}
