import { type APIRequestContext, test as base, expect } from "@playwright/test";
import { Trouble } from "./trouble";
import { ADMIN, POOL, SITE } from "./world";

export { expect };

/** A story as `GET /news` lists it. */
export interface Story {
  id: string;
  slug: string;
  headline: string;
}

interface TestFixtures {
  /** Fails the test when the browser complains; a test says here which complaint it wants. */
  trouble: Trouble;
}

interface WorkerFixtures {
  /** A story that was deleted. */
  deletedStory: Story;
}

export const test = base.extend<TestFixtures, WorkerFixtures>({
  trouble: [
    async ({}, use) => {
      const trouble = new Trouble();
      await use(trouble);
      expect(trouble.found, "what the browser complained about").toEqual([]);
    },
    { auto: true },
  ],
  context: async ({ context, javaScriptEnabled, trouble }, use) => {
    trouble.watch(context, javaScriptEnabled !== false);
    await use(context);
  },
  deletedStory: [
    async ({ playwright }, use) => {
      const request = await playwright.request.newContext({ baseURL: SITE });
      const oldest = (await newestStories(request)).at(-1)!;
      const answer = await request.delete(`/news/${oldest.id}`, {
        headers: { Authorization: `Bearer ${await adminToken(request)}` },
      });
      expect(answer.status()).toBe(204);
      await request.dispose();
      await use(oldest);
    },
    { scope: "worker" },
  ],
});

/** The published stories, newest first. */
export async function newestStories(request: APIRequestContext): Promise<Story[]> {
  const answer = await request.get("/news?limit=100", { headers: { Accept: "application/json" } });
  expect(answer.status()).toBe(200);
  return (await answer.json()).items;
}

async function adminToken(request: APIRequestContext): Promise<string> {
  const answer = await request.post(POOL, {
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
  expect(answer.status()).toBe(200);
  return (await answer.json()).AuthenticationResult.AccessToken;
}
