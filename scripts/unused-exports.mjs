// Removes from a module of wasm-bindgen what no page calls: node scripts/unused-exports.mjs JS WASM GRAPH
//
// Server functions can stream, so Leptos always brings the classes for that, and each of their
// methods keeps its code alive. Ours do not stream. Leaves the classes out of JS and writes the
// graph that wasm-metadce needs to leave them out of WASM.
import { readFile, writeFile } from "node:fs/promises";

const [script, module, graph] = process.argv.slice(2);
const STREAMS = "IntoUnderlying\\w+";

const text = await readFile(script, "utf8");
const smaller = text
  .replaceAll(new RegExp(`^export class ${STREAMS} \\{\\n[\\s\\S]*?^\\}\\n`, "gm"), "")
  .replaceAll(new RegExp(`^if \\(Symbol\\.dispose\\) ${STREAMS}\\..*\\n`, "gm"), "")
  .replaceAll(new RegExp(`^const ${STREAMS}Finalization = [\\s\\S]*?;\\n`, "gm"), "")
  .replaceAll(/^ *\/\*\*[\s\S]*?\*\/\n/gm, "");
if (/IntoUnderlying/.test(smaller)) throw new Error(`${script} uses streams in another way`);
await writeFile(script, smaller);

const exports = WebAssembly.Module.exports(new WebAssembly.Module(await readFile(module)));
const called = exports.map(({ name }) => name).filter((name) => !/intounderlying/.test(name));
const nodes = called.map((name) => ({ name, export: name, root: true }));
await writeFile(graph, JSON.stringify(nodes));
