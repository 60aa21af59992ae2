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
      await trash(request, [oldest]);
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

/** Publishes stories, the first of them as the newest. */
export async function publish(request: APIRequestContext, stories: object[]): Promise<Story[]> {
  const headers = { Authorization: `Bearer ${await adminToken(request)}` };
  const published: Story[] = [];
  for (const story of [...stories].reverse()) {
    const data = { ...story, status: "published" };
    const response = await request.post("/news", { headers, data });
    expect(response.status(), await response.text()).toBe(201);
    published.unshift(await response.json());
  }
  return published;
}

/** Moves stories to the trash. */
export async function trash(request: APIRequestContext, stories: Story[]): Promise<void> {
  const headers = { Authorization: `Bearer ${await adminToken(request)}` };
  for (const { id } of stories) {
    const response = await request.delete(`/news/${id}`, { headers });
    expect(response.status()).toBe(204);
  }
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
