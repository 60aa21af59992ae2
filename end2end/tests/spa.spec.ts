import { readFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { expect, test } from "@playwright/test";
import { build } from "esbuild";
import { POOL, READER } from "./site";

const FOLDER = join(__dirname, "../spa");
let server: Server;
let app: string;

/** Returns the app as one script, after the lines of the guide that configure Amplify. */
async function bundle(): Promise<string> {
  const { example } = await import("../reference/guide.mjs");
  const contents = example("Amplify", POOL) + readFileSync(join(FOLDER, "app.mjs"), "utf8");
  const stdin = { contents, resolveDir: FOLDER };
  const result = await build({ stdin, bundle: true, format: "esm", target: "es2022", write: false });
  return result.outputFiles[0].text;
}

test.beforeAll(async () => {
  const script = await bundle();
  const page = readFileSync(join(FOLDER, "index.html"));
  server = createServer((request, response) => {
    const isScript = request.url === "/app.js";
    response.setHeader("Content-Type", isScript ? "text/javascript" : "text/html");
    response.end(isScript ? script : page);
  });
  await new Promise<void>((resolve) => server.listen(0, "localhost", resolve));
  app = `http://localhost:${(server.address() as AddressInfo).port}/`;
});

test.afterAll(() => {
  server.close();
});

test("a single-page app of another origin signs in, refreshes and signs out", async ({ page }) => {
  const operations: string[] = [];
  const errors: string[] = [];
  page.on("pageerror", (error) => errors.push(String(error)));
  page.on("requestfailed", (request) => errors.push(`${request.url()} failed`));
  page.on("request", (request) => {
    const target = request.method() === "POST" && request.headers()["x-amz-target"];
    if (target) operations.push(target.split(".")[1]);
    expect(request.postData() ?? "").not.toContain(READER.password);
  });
  const status = page.getByRole("status");
  await page.goto(app);
  await expect(status).toHaveText("Not signed in.");

  await page.getByLabel("Username").fill(READER.name);
  await page.getByLabel("Password").fill("wrong-horse");
  await page.getByRole("button", { name: "Sign in" }).click();
  await expect(status).toHaveText("Incorrect username or password.");

  await page.getByLabel("Password").fill(READER.password);
  await page.getByRole("button", { name: "Sign in" }).click();
  await expect(status).toHaveText(`Signed in as ${READER.name}@example.com.`);
  expect(operations).toContain("RespondToAuthChallenge");
  const token = await status.getAttribute("data-token");

  await page.getByRole("button", { name: "Refresh" }).click();
  await expect(status).not.toHaveAttribute("data-token", token!);
  expect(operations).toContain("GetTokensFromRefreshToken");
  await page.reload();
  await expect(status).toHaveText(`Signed in as ${READER.name}@example.com.`);

  await page.getByRole("button", { name: "Sign out" }).click();
  await expect(status).toHaveText("Not signed in.");
  expect(operations).toContain("RevokeToken");
  expect(await page.evaluate(() => localStorage.length)).toBe(0);
  await page.reload();
  await expect(status).toHaveText("Not signed in.");
  expect(errors).toEqual([]);
});
