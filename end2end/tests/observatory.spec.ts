import { type ChildProcess, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { request as httpRequest } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { eraseNothing, expect, newestStories, test } from "./fixtures";
import { signIn } from "./hosted-ui";
import { examples } from "./pages";
import { ADMIN, SITE } from "./site";

/** MDN's HTTP Observatory; `scripts/setup.sh test` installs it. */
const OBSERVATORY = "observatory/node_modules";
/** The most that a page with scripts can reach; one without cannot earn the five points for their hashes. */
const [WITH_SCRIPTS, WITHOUT_SCRIPTS] = [140, 135];
/** Headers that name the origin of the site or of its pool. */
const OF_ORIGIN = ["content-security-policy", "strict-transport-security"];

let folder: string;
let site: ChildProcess;
let port: number;

/** Starts a site with an https origin, as in production: only that one sends HSTS. */
test.beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "gazette-"));
  site = spawn("../target/debug/gazette", ["serve"], {
    env: {
      GAZETTE_ADDR: "127.0.0.1:0",
      GAZETTE_DATA_DIR: folder,
      GAZETTE_MAX_QUEUE_DELAY: "off",
      GAZETTE_METRICS_ADDR: "off",
      GAZETTE_PUBLIC_URL: "https://news.example",
      GAZETTE_SESSION_KEY: Buffer.alloc(32, 1).toString("base64"),
      GAZETTE_POOL: "cognito",
      COGNITO_ISSUER: "https://pool.invalid/local_pool",
      COGNITO_DOMAIN: "https://sign-in.example",
      COGNITO_CLIENT_ID: "1example23456789",
      LEPTOS_SITE_ROOT: "../target/site",
      RUST_LOG: "gazette_server=info",
      GAZETTE_LOG_FORMAT: "json",
    },
    stdio: ["ignore", "inherit", "pipe"],
  });
  port = await new Promise((resolve, reject) => {
    site.once("exit", () => reject(new Error("the site ended")));
    createInterface({ input: site.stderr! }).on("line", (line) => {
      const address = line.match(/"address":"127\.0\.0\.1:(\d+)"/);
      if (address && line.includes('"starting"')) resolve(Number(address[1]));
    });
  });
});

test.afterAll(async () => {
  const ended = new Promise((resolve) => site.once("exit", resolve));
  site.kill("SIGTERM");
  await ended;
  await rm(folder, { recursive: true });
});

/** Returns the headers of a page at the https origin. */
function headersOf(path: string): Promise<Record<string, string>> {
  return new Promise((resolve, reject) => {
    const headers = { host: "news.example", accept: "text/html" };
    const sent = httpRequest({ host: "127.0.0.1", port, path, headers }, (answer) => {
      answer.resume();
      resolve(answer.headers as Record<string, string>);
    });
    sent.on("error", reject).end();
  });
}

test("every page has the best score of the HTTP Observatory that it can have", async ({ page, deletedStory }) => {
  test.skip(!existsSync(OBSERVATORY), "the Observatory is missing: scripts/setup.sh test installs it");
  const { score } = await import("../observatory/score.mjs");
  const story = (await newestStories(page.request))[0];
  const anonymous = await page.context().browser()!.newContext({ baseURL: SITE });
  await signIn(page, ADMIN);
  const job = crypto.randomUUID();
  await eraseNothing(page, job);
  const subjects = { story, deleted: deletedStory, awkward: [], job, person: job };
  for (const { path } of examples(subjects)) {
    const published = await headersOf(path);
    for (const request of [anonymous.request, page.request]) {
      const response = await request.get(path, { headers: { Accept: "text/html" }, maxRedirects: 0 });
      const html = await response.text();
      if (!response.headers()["content-type"]?.startsWith("text/html")) continue;
      const headers: Record<string, string> = { ...response.headers() };
      for (const name of OF_ORIGIN) headers[name] = published[name];
      const { score: reached, results } = score(path, headers, html);
      const best = /<script\b[^>]*\bsrc=/.test(html) ? WITH_SCRIPTS : WITHOUT_SCRIPTS;
      const failed = results.filter(({ pass }) => !pass).map(({ result }) => result);
      expect(failed, path).toEqual([]);
      expect(reached, `${path}: ${results.map(({ result }) => result).join(", ")}`).toBe(best);
    }
  }
  await anonymous.close();
});
