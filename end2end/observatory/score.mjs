// The score that MDN's HTTP Observatory gives a page, computed by its own functions. The Observatory
// itself asks public hosts only. What its server needs, such as a database, is left out: package.json
// puts an empty package in its place.

import { writeFileSync } from "node:fs";

const PACKAGE = new URL("node_modules/@mdn/mdn-http-observatory/", import.meta.url);
const HOST = "news.example";

// Its installation would fetch the list of preloaded hosts. This host is on it, since the site asks
// for that with every response.
const preloaded = { [HOST]: { mode: "force-https", includeSubDomains: true } };
writeFileSync(new URL("conf/hsts-preload.json", PACKAGE), JSON.stringify(preloaded));

const { ALL_TESTS } = await import(new URL("src/constants.js", PACKAGE));
const { MINIMUM_SCORE_FOR_EXTRA_CREDIT } = await import(new URL("src/grader/charts.js", PACKAGE));
const { getScoreModifier } = await import(new URL("src/grader/grader.js", PACKAGE));

/**
 * Returns the score of a page, and the result of each test.
 *
 * @param {string} path
 * @param {Record<string, string>} headers
 * @param {string} html
 */
export function score(path, headers, html) {
  const url = new URL(path, `https://${HOST}`);
  const response = { status: 200, headers, verified: true, httpEquiv: new Map(), request: { headers: {} } };
  const redirect = new URL(url);
  redirect.protocol = "http:";
  const requests = {
    hostname: HOST,
    resources: { path: html },
    responses: {
      auto: response,
      https: response,
      // The server in front redirects (deploy/nginx, deploy/caddy).
      http: { ...response, status: 301 },
      httpRedirects: [redirect, url].map((url) => ({ url, status: 301 })),
      httpsRedirects: [{ url, status: 200 }],
      cors: response,
    },
    session: { url, jar: null },
  };
  const results = ALL_TESTS.map((test) => {
    const { result, pass } = test(requests);
    return { result, pass, modifier: getScoreModifier(result) };
  });
  const sum = (counted) => results.filter(counted).reduce((sum, { modifier }) => sum + modifier, 100);
  const base = sum(({ modifier }) => modifier < 0);
  return { score: base >= MINIMUM_SCORE_FOR_EXTRA_CREDIT ? sum(() => true) : base, results };
}
