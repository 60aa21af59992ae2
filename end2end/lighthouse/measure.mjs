// Measures the pages of the built site with Lighthouse, as a phone on a slow network: the median of
// three runs each. Fails when a page misses its target.
//
//   node measure.mjs [path of the server] [part of a name of a page]
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import lighthouse from "lighthouse";
import puppeteer from "puppeteer-core";

const RUNS = 3;
const SITE = "http://localhost:3180";
const POOL = "http://localhost:4180";
const ADMIN = { name: "ada", password: "correct-horse-ada" };
const ROOT = resolve(import.meta.dirname, "../..");
const SERVER = resolve(process.argv[2] ?? join(ROOT, "target/release/gazette"));
const ONLY = process.argv[3] ?? "";

const PUBLIC = { performance: 98, accessibility: 100, "best-practices": 100, seo: 100 };
/** Search engines must not list these: results, errors, and what belongs to one person. */
const UNLISTED = { ...PUBLIC, seo: undefined };
/** The browser logs the status of the page itself as an error, which costs best practices. */
const ERROR = { ...UNLISTED, "best-practices": undefined };
const NEWSROOM = { ...UNLISTED, performance: 90 };
/** Lighthouse itself shows three digits. */
const MAX_SHIFT = 0.0005;

const data = await mkdtemp(join(tmpdir(), "gazette-lighthouse-"));
const server = start(data);
let browser;
try {
  await ready();
  browser = await puppeteer.launch({ executablePath: chromium(), args: ["--no-sandbox", "--disable-gpu"] });
  const faults = await measureAll();
  if (faults.length > 0) {
    console.error(`\nBelow the target:\n${faults.map((fault) => `  ${fault}`).join("\n")}`);
    process.exitCode = 1;
  }
} finally {
  await browser?.close();
  server.kill("SIGTERM");
  await new Promise((done) => (server.exitCode === null ? server.once("exit", done) : done()));
  await rm(data, { recursive: true, force: true });
}

function start(data) {
  const env = {
    PATH: process.env.PATH,
    HOME: data,
    GAZETTE_ADDR: new URL(SITE).host.replace("localhost", "127.0.0.1"),
    GAZETTE_POOL_ADDR: new URL(POOL).host.replace("localhost", "127.0.0.1"),
    GAZETTE_METRICS_ADDR: "off",
    GAZETTE_PUBLIC_URL: SITE,
    GAZETTE_DATA_DIR: data,
    GAZETTE_POOL_USER: `${ADMIN.name}:${ADMIN.password}:admin`,
    RUST_LOG: "warn",
  };
  return spawn(SERVER, ["serve"], { cwd: ROOT, env, stdio: ["ignore", "ignore", "inherit"] });
}

/** Waits until the server answers. */
async function ready() {
  for (let tries = 0; tries < 300; tries += 1) {
    if (server.exitCode !== null) throw new Error(`the server ended with ${server.exitCode}`);
    const answer = await fetch(`${SITE}/readyz`).catch(() => undefined);
    if (answer?.ok) return;
    await new Promise((done) => setTimeout(done, 100));
  }
  throw new Error("the server is not ready after 30 seconds");
}

function chromium() {
  // setup.sh installs one of them.
  const playwright = createRequire(join(ROOT, "end2end/package.json"))("@playwright/test");
  const known = [process.env.CHROME_PATH, "/usr/bin/chromium", playwright.chromium.executablePath()];
  const path = known.find((path) => path && existsSync(path));
  if (!path) throw new Error("Chromium is missing: install it, or name it in CHROME_PATH");
  return path;
}

async function measureAll() {
  const stories = (await (await fetch(`${SITE}/news?limit=100`)).json()).items;
  const article = (has) => `${SITE}/news/${stories.find(({ image }) => Boolean(image) === has).slug}`;
  const faults = [];
  const measure = async (pages) => {
    for (const [name, url, targets] of pages.filter(([name]) => name.includes(ONLY))) {
      faults.push(...(await median(name, url, targets)));
    }
  };
  console.log("page                    performance  accessibility  best-practices  seo  CLS    kB");
  await measure([
    ["front page", `${SITE}/`, PUBLIC],
    ["latest news", `${SITE}/news`, PUBLIC],
    ["section", `${SITE}/section/world`, PUBLIC],
    ["article, picture", article(true), PUBLIC],
    ["article, no picture", article(false), PUBLIC],
    ["archive", `${SITE}/archive`, PUBLIC],
    ["about", `${SITE}/about`, PUBLIC],
    ["search", `${SITE}/search?q=harbour`, UNLISTED],
    ["404", `${SITE}/nothing-here`, ERROR],
    ["hosted sign-in", await signInAddress(), UNLISTED],
  ]);
  await signIn();
  await measure([
    ["newsroom", `${SITE}/desk`, NEWSROOM],
    ["new story", `${SITE}/desk/new`, NEWSROOM],
    ["editor", `${SITE}/desk/${stories[0].id}`, NEWSROOM],
    ["reading list", `${SITE}/saved`, NEWSROOM],
  ]);
  return faults;
}

/** Returns the address of the hosted UI: a redirect would count as slowness of the page. */
async function signInAddress() {
  const page = await browser.newPage();
  await page.goto(`${SITE}/auth/login`);
  const address = page.url();
  await page.close();
  return address;
}

async function signIn() {
  const page = await browser.newPage();
  await page.goto(`${SITE}/auth/login`);
  await page.type("input[name=username]", ADMIN.name);
  await page.type("input[name=password]", ADMIN.password);
  await Promise.all([page.waitForNavigation(), page.click("form button")]);
  if (!page.url().startsWith(SITE)) throw new Error(`cannot sign in: still at ${page.url()}`);
  await page.close();
}

/** Measures a page three times, and returns what is below its targets in the median. */
async function median(name, url, targets) {
  const results = [];
  for (let run = 0; run < RUNS; run += 1) results.push(await once(url));
  const middle = (value) => results.map(value).sort((a, b) => a - b)[Math.floor(RUNS / 2)];
  const score = (category) => Math.round(100 * middle(({ categories }) => categories[category].score));
  const scores = Object.keys(PUBLIC).map((category) => [category, score(category)]);
  const shift = middle(({ audits }) => audits["cumulative-layout-shift"].numericValue);
  const size = middle(({ audits }) => audits["total-byte-weight"].numericValue) / 1000;
  const cells = scores.map(([category, score]) => String(score).padStart(category.length));
  console.log(`${name.padEnd(24)}${cells.join("  ")}  ${shift.toFixed(3)}  ${size.toFixed(0)}`);
  const faults = scores
    .filter(([category, score]) => targets[category] !== undefined && score < targets[category])
    .map(([category, score]) => `${name}: ${category} ${score}, target ${targets[category]}${why(results[0], category)}`);
  if (shift > MAX_SHIFT) faults.push(`${name}: CLS ${shift}, target ${MAX_SHIFT}`);
  return faults;
}

async function once(url, triesLeft = 2) {
  const page = await browser.newPage();
  const flags = { ignoreStatusCode: true, logLevel: "error" };
  try {
    const { lhr } = await lighthouse(url, flags, undefined, page);
    // A busy machine sometimes loses the trace of a page.
    if (lhr.runtimeError && triesLeft > 0) return await once(url, triesLeft - 1);
    if (lhr.runtimeError) throw new Error(`${url}: ${lhr.runtimeError.message}`);
    return lhr;
  } finally {
    await page.close();
  }
}

/** Names the audits of a category that lost points. */
function why({ audits, categories }, category) {
  const lost = categories[category].auditRefs
    .filter(({ id, weight }) => weight > 0 && audits[id].score !== null && audits[id].score < 1)
    .map(({ id }) => `${id} ${audits[id].displayValue ?? ""}`.trim());
  return lost.length > 0 ? ` (${lost.join(", ")})` : "";
}
