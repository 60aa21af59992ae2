import { execFile } from "node:child_process";
import { mkdir, rm, writeFile } from "node:fs/promises";
import { promisify } from "node:util";
import type { Page } from "@playwright/test";
import { HtmlValidate, StaticConfigLoader } from "html-validate";
import vnuJar from "vnu-jar";
import { adminToken, expect, newestStories, test } from "./fixtures";
import { signIn } from "./hosted-ui";
import { ADMIN, EDITOR, type Person, READER, SITE } from "./site";

const PAGES = "test-results/pages";

/** No rule of the preset is switched off. */
const validator = new HtmlValidate(
  new StaticConfigLoader({ root: true, extends: ["html-validate:standard"] }),
);

/** Bodies as authors and imports write them: Markdown of every kind, and HTML that browsers repair. */
const EVERY_CONSTRUCT = `
# One

Text with *emphasis*, **words**, \`code\`, ~~gone~~[^note], a [link](https://a.example/x|y?q=##z) and
<span><p>a paragraph in a span</p></span> <b>bold <div>block</div></b>.

## Two {#two}

## Two

##

- [x] Done
- [ ] Open

1. One
   > Quoted

| Left | Right | Middle |
|:-----|------:|:------:|
| a    | b     | c      |

Term
: Meaning

> [!NOTE]
> Mind the gap.

\`\`\`rust
fn main() { let a: Vec<u8> = vec![]; } // <!> <!-- -->
\`\`\`

![The harbour](/pictures/harbour-wall.svg)

<table><tr><th align="right" width="9" nowrap>A<td style="text-align: center" headers="x" colspan="0">B</table>
<ul>Text <b>here</b><li>Item</li><ul><li>Nested</li></ul></ul>
<dl><dd>Meaning without its term</dd></dl>
<details><p>Before</p><summary>Title</summary></details> <details>Untitled</details>
<figure><figcaption>Above</figcaption><img src="/pictures/palm-house.svg" width="50%"><figcaption>Below</figcaption></figure>
<center><font color="red">Old</font> <tt>tools</tt> <strike>here</strike> <acronym>OK</acronym></center>
<pre><div>a</div><div>b</div></pre> <h2><div>In a heading</div></h2> <h3></h3>
<ruby>漢<rt>kan</rt></ruby> <rt>alone</rt> <time>then</time> <li>Lonely</li> <summary>Alone</summary>
<a name="here">Target</a> <a name="here">Target</a> <a href="#here">Link</a> <a href="/x y">Space</a>
<a href="/news"><details><summary>Inside</summary>a link</details></a>
<section><h5>Deep</h5></section> <hr size="3"> <p align="center">Middle</p> <img src="/pictures/pitch-dusk.svg">
<iframe src="https://www.youtube.com/embed/x"></iframe> <video src="/x.mp4"></video> <!-- gone -->

[^note]: A note.
`;

const ROLES: [string, Person | undefined][] = [
  ["anonymous", undefined],
  ["reader", READER],
  ["editor", EDITOR],
  ["admin", ADMIN],
];

test.beforeAll(() => rm(PAGES, { recursive: true, force: true }));

for (const [role, person] of ROLES) {
  test(`every page for ${role} is valid HTML`, async ({ page, deletedStory }) => {
    test.slow();
    if (person) await signIn(page, person);
    await mkdir(PAGES, { recursive: true });
    const constructs = await storyOfConstructs(page);
    const [{ id, slug }] = await newestStories(page.request);
    for (const path of [
      ...["/", "/news", "/news?limit=3", "/section/world", "/tag/harbours", "/author/maren-ashlock"],
      ...["/search", "/search?q=harbour", "/search?q=%3C%3E", "/archive", "/archive/2026/11"],
      ...["/about", "/privacy", "/accessibility"],
      ...["/corrections", `/news/${slug}`, `/news/${constructs}`, `/news/${deletedStory.slug}`],
      ...["/nothing-here", "/news?limit=0", "/account", "/saved", "/saved-form", "/auth/callback"],
      ...["/desk", "/desk?status=published&q=the&sort=headline", "/desk/new", `/desk/${id}`],
      ...[`/desk/${id}/history`, `/desk/${id}/corrections`, `/desk/delete?id=${id}`],
      ...["/desk/delete?all=yes", "/desk/labels", "/desk/redirects", "/desk/images", "/desk/trash"],
      ...["/desk/trash/empty", "/desk/imports", "/desk/audit", "/desk/people"],
    ]) {
      await expectValid(page, role, path);
    }
    if (role === "admin") {
      const people = await (await get(page, "/desk/people")).text();
      const person = people.match(/\/desk\/people\/[^"?/]+/)?.[0];
      await expectValid(page, role, person ?? "/desk/people");
    }
    if (!person) {
      await page.goto("/auth/login");
      await expectValid(page, role, page.url());
    }
  });
}

test("vnu finds no error either", async () => {
  test.slow();
  const run = promisify(execFile);
  const java = await run("java", ["-version"]).catch(() => undefined);
  test.skip(!java, "Java is missing: vnu does not check the pages");
  // One run for all pages, since it starts slowly.
  const options = ["--errors-only", "--skip-non-html", "--format", "gnu"];
  const args = ["-jar", String(vnuJar), ...options, PAGES];
  const errors = await run("java", args).then(
    () => "",
    ({ stderr }: { stderr: string }) => stderr,
  );
  expect(errors.split("\n").filter(Boolean)).toEqual([]);
});

function get(page: Page, path: string) {
  return page.request.get(path, { headers: { Accept: "text/html" } });
}

async function expectValid(page: Page, role: string, path: string): Promise<void> {
  const response = await get(page, path);
  const html = await response.text();
  expect.soft(response.headers()["content-type"], path).toContain("text/html");
  const { pathname, search } = new URL(path, SITE);
  const name = `${role}${pathname}${search}`;
  await writeFile(`${PAGES}/${name.replace(/[^a-z0-9]+/g, "-").slice(0, 100)}.html`, html);
  const { results } = await validator.validateString(html);
  const errors = results.flatMap(({ messages }) =>
    messages.map(({ ruleId, message, selector }) => `${ruleId}: ${message} (${selector})`),
  );
  expect.soft(errors, name).toEqual([]);
}

/** Publishes the story of all constructs once, and returns its slug. */
async function storyOfConstructs(page: Page): Promise<string> {
  const slug = "every-construct";
  if ((await get(page, `/news/${slug}`)).ok()) return slug;
  const response = await page.request.post("/news", {
    headers: { Authorization: `Bearer ${await adminToken(page.request)}` },
    data: { headline: "Every construct", body: EVERY_CONSTRUCT, slug, status: "published", section: "World" },
  });
  expect(response.status(), await response.text()).toBe(201);
  return slug;
}
