// The examples of docs/user-pool.md, run as they stand there.
import { readFileSync } from "node:fs";

const GUIDE = readFileSync(new URL("../../docs/user-pool.md", import.meta.url), "utf8");
const AsyncFunction = (async () => {}).constructor;

/** Returns the code that the guide shows for a library, for a pool at an origin. */
export function example(library, origin) {
  const section = GUIDE.split(`**${library}**`)[1];
  const code = section?.match(/```js\n(.*?)```/s)?.[1];
  if (!code) throw new Error(`docs/user-pool.md has no example for ${library}`);
  return code.replaceAll("http://localhost:4000", origin);
}

/**
 * Runs the example for a library and returns the constants that it declares.
 *
 * `given` are the values that the reader of the guide has already.
 */
export async function runExample(library, origin, given = {}) {
  const declared = [];
  const code = example(library, origin)
    .replace(/^import \* as (\w+) from (".*?");/gm, "const $1 = await import($2);")
    .replace(/^import (\{.*?\}) from (".*?");/gm, "const $1 = await import($2);")
    .replace(/^import (\w+) from (".*?");/gm, "const { default: $1 } = await import($2);")
    .replace(/^const (\w+) =/gm, (line, name) => (declared.push(name), line));
  const run = new AsyncFunction(...Object.keys(given), `${code}; return { ${declared} };`);
  return run(...Object.values(given));
}
