import { existsSync } from "node:fs";
import { defineConfig, devices } from "@playwright/test";
import { PART, PEOPLE, POOL, SITE } from "./tests/site";

const SYSTEM_CHROMIUM = "/usr/bin/chromium";
const RESULTS = `test-results/part-${PART}`;
const DATA = `${RESULTS}/data`;

const chromium = {
  ...devices["Desktop Chrome"],
  launchOptions: {
    executablePath: existsSync(SYSTEM_CHROMIUM) ? SYSTEM_CHROMIUM : undefined,
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ],
  },
};

export default defineConfig({
  testDir: "tests",
  outputDir: RESULTS,
  // All tests share one store, and some of them delete stories.
  workers: 1,
  // The machine may do other work.
  timeout: 60_000,
  expect: { timeout: 10_000 },
  fullyParallel: false,
  // On a machine that does other work. What passes only then is reported as flaky.
  retries: 1,
  forbidOnly: !!process.env.CI,
  reporter: [["line"], ["html", { open: "never", outputFolder: `playwright-report/part-${PART}` }]],
  use: { baseURL: SITE },
  projects: [
    { name: "chromium", use: chromium },
    {
      name: "no-script",
      use: { ...chromium, javaScriptEnabled: false },
      // Islands and axe need scripts. The others are long, or the same without scripts.
      testIgnore: /(islands|editor|accessibility|admin-day|keyboard|observatory|public-bytes|reading|spa|xss)\.spec\.ts/,
    },
  ],
  webServer: {
    command: `rm -rf ${DATA} && exec ../target/debug/gazette serve`,
    url: `${SITE}/readyz`,
    reuseExistingServer: false,
    gracefulShutdown: { signal: "SIGTERM", timeout: 5_000 },
    env: {
      // Overrides a PORT variable of the shell.
      PORT: "",
      GAZETTE_ADDR: new URL(SITE).host.replace("localhost", "127.0.0.1"),
      GAZETTE_POOL_ADDR: new URL(POOL).host.replace("localhost", "127.0.0.1"),
      GAZETTE_PUBLIC_URL: SITE,
      GAZETTE_DATA_DIR: DATA,
      GAZETTE_METRICS_ADDR: "off",
      // Without optimisation a page takes many times as long.
      GAZETTE_MAX_QUEUE_DELAY: "off",
      GAZETTE_POOL_CLOCK: "movable",
      // The client of docs/user-pool.md.
      GAZETTE_POOL_CLIENT: "shop=http://localhost:5173/callback",
      GAZETTE_POOL_USER: PEOPLE.map(({ name, password, group }) =>
        [name, password, group].filter(Boolean).join(":"),
      ).join(" "),
      RUST_LOG: "warn",
    },
  },
});
