const WORD = "Honorificabilitudinitatibus".repeat(6);
const COLUMNS = Array.from({ length: 14 }, (_, index) => `Column ${index}`);

/** Stories that are hard to show: without spaces, wide, and in other scripts. */
export const AWKWARD = [
  {
    headline: WORD,
    summary: WORD,
    section: "Sport",
    tags: ["w".repeat(60)],
    authors: ["v".repeat(60)],
    body: [
      `# Top`,
      `${WORD} \`${"y".repeat(150)}\` https://example.com/${"a".repeat(200)}`,
      `#### Jumped`,
      `[https://example.com](https://example.com) and [a link](https://example.com/x)`,
      `- [ ] Open\n- [x] Done **soon**`,
      `\`\`\`rust\nfn main() { let long = "${"x".repeat(300)}"; }\n\`\`\``,
      `| ${COLUMNS.join(" | ")} |\n|${"---|".repeat(14)}\n| ${COLUMNS.join(" | ")} |`,
      `<h1>Loud</h1>\n\n<h6>Deep</h6>`,
    ].join("\n\n"),
  },
  {
    headline: "افتتاح الجسر الجديد فوق النهر بعد ثلاث سنوات",
    summary: "فتح الجسر أمس أمام المشاة.",
    section: "World",
    language: "ar",
    body: "فتح الجسر أمس. Phase 2 يبدأ غدًا.\n\n## عنوان\n\n- نقطة\n- نقطة أخرى\n\n> اقتباس\n\n`code`",
  },
  {
    headline: `市長が橋を開通させた${"橋は昨日開通した".repeat(6)}`,
    summary: "橋は昨日開通した。".repeat(4),
    section: "World",
    language: "ja",
    body: `${"橋は昨日開通した。".repeat(100)}\n\n## 見出し\n\n**「重要」**です。`,
  },
];

/** Bodies as authors and imports write them: Markdown of every kind, and HTML that browsers repair. */
const CONSTRUCTS = `
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

/** A story of all constructs. */
export const EVERY_CONSTRUCT = {
  headline: "Every construct",
  section: "World",
  body: CONSTRUCTS,
};
