// Draws the raster forms of the SVG files in `public` with Chromium: the pictures that other sites
// show beside a link (1200 × 630), and the icons. Run it after a change: node scripts/pictures.mjs
import { existsSync } from "node:fs";
import { readdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const { chromium } = await import(join(root, "end2end/node_modules/@playwright/test/index.mjs"));
const pictures = join(root, "public/pictures");
const MAX_BYTES = 60 * 1024;
const system = "/usr/bin/chromium";

const browser = await chromium.launch({
  executablePath: existsSync(system) ? system : undefined,
  args: ["--no-sandbox", "--disable-gpu"],
});
const page = await browser.newPage();

async function draw(svg, { width, height, scale = 1, background = "transparent" }, file) {
  await page.setViewportSize({ width, height });
  const source = `data:image/svg+xml;base64,${Buffer.from(svg).toString("base64")}`;
  await page.setContent(`<style>
    body { margin: 0; background: ${background}; display: grid; place-items: center; height: 100vh }
    img { width: ${scale * 100}%; height: ${scale * 100}%; object-fit: cover }
  </style><img src="${source}">`);
  await page.evaluate(() => document.images[0].decode());
  let bytes;
  if (file.endsWith(".png")) {
    bytes = await page.screenshot({ type: "png", omitBackground: true });
  } else {
    let quality = 84;
    do bytes = await page.screenshot({ type: "jpeg", quality: (quality -= 4) });
    while (bytes.length > MAX_BYTES && quality > 40);
  }
  await writeFile(join(root, "public", file), bytes);
}

for (const name of (await readdir(pictures)).filter((name) => name.endsWith(".svg"))) {
  const svg = await readFile(join(pictures, name));
  await draw(svg, { width: 1200, height: 630 }, `pictures/${name.replace(".svg", ".jpg")}`);
}
const icon = await readFile(join(root, "public/favicon.svg"));
for (const width of [192, 512]) await draw(icon, { width, height: width }, `icon-${width}.png`);
// Devices cut up to a fifth from each side of this one.
const colour = icon.toString().match(/rect[^>]*fill="([^"]+)"/)[1];
const maskable = { width: 512, height: 512, scale: 0.8, background: colour };
await draw(icon, maskable, "icon-maskable-512.png");
await browser.close();
