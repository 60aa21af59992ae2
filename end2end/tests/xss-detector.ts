import type { BrowserContext, Page } from "@playwright/test";

/** Where texts of a story are HTML inside of another format. */
export type Format = "text/html" | "application/xml" | "application/json";

declare global {
  interface Window {
    __xssFound(message: string): void;
    __xssScan(source: string | null, format?: Format): string[];
  }
}

/** Collects everything that a payload did. */
export class Detector {
  readonly found: string[] = [];

  /** Watches the pages of a context that are opened from now on. */
  async watch(context: BrowserContext): Promise<void> {
    await context.exposeBinding("__xssFound", ({ page }, message: string) => {
      this.found.push(`${message} at ${page.url()}`);
    });
    await context.addInitScript(install);
    context.on("dialog", async (dialog) => {
      this.found.push(`dialog “${dialog.message()}” at ${dialog.page()?.url()}`);
      await dialog.dismiss();
    });
    context.on("page", (page) => this.found.push(`opened ${page.url()}`));
    context.on("weberror", (error) => this.found.push(`error of a script: ${error.error().stack}`));
  }

  /** Looks for live payloads in the page as it is now. */
  async scan(page: Page, where = page.url()): Promise<void> {
    for (const message of await page.evaluate(() => window.__xssScan(null))) {
      this.found.push(`${message} in the page ${where}`);
    }
  }

  /** Looks for live payloads in texts, with the parser of a page. */
  async scanTexts(page: Page, texts: [where: string, source: string][], format: Format): Promise<void> {
    const scan = ([texts, format]: [[string, string][], Format]) =>
      texts.flatMap(([where, source]) =>
        window.__xssScan(source, format).map((message) => `${message} in the source of ${where}`),
      );
    this.found.push(...(await page.evaluate(scan, [texts, format] as [[string, string][], Format])));
  }
}

/** Installs the hook and the scanner in a page. Must not use anything outside. */
function install(): void {
  Object.assign(window, { __xss: (number: number) => window.__xssFound(`payload ${number} ran`) });
  document.addEventListener("securitypolicyviolation", (event) => {
    if (event.effectiveDirective.startsWith("script-src")) {
      window.__xssFound(`the policy blocked a script (${event.sample || event.blockedURI})`);
    }
  });

  const ELEMENTS =
    "animate applet base embed foreignobject frame frameset iframe input[formaction] math meta[http-equiv] " +
    "object portal set source style svg video audio xmp plaintext marquee .xss";
  const URLS = ["href", "src", "action", "poster", "cite", "data", "formaction", "xlink:href", "background"];
  const METHODS = /^(get|post|dialog)$/;

  window.__xssScan = (source, format = "text/html") => {
    const found: string[] = [];
    const report = (message: string, element: Element) =>
      found.push(`${message}: ${element.outerHTML.slice(0, 300)}`);

    /** The signs of the toolbar are drawn: one path that does nothing. */
    const isSign = (element: Element) =>
      element.matches('[role="toolbar"] > button > svg') &&
      /^<svg viewBox="0 0 24 24" width="20" height="20" aria-hidden="true"><path d="[\w .-]+"><\/path><\/svg>$/.test(
        element.outerHTML,
      );

    const scanHtml = (root: ParentNode, isPage: boolean) => {
      for (const selector of ELEMENTS.split(" ")) {
        for (const element of root.querySelectorAll(selector)) {
          if (!isPage || !isSign(element)) report(`element ${selector}`, element);
        }
      }
      for (const element of root.querySelectorAll("*")) {
        if (element instanceof HTMLTemplateElement) scanHtml(element.content, isPage);
        for (const { name, value } of element.attributes) {
          if (name.startsWith("on")) report(`event handler ${name}`, element);
          if (["style", "srcdoc", "ping"].includes(name)) report(`attribute ${name}`, element);
          if (!/^[a-z][a-z0-9-]*$/.test(name) && name !== "viewBox") report(`torn attribute ${name}`, element);
          if (URLS.includes(name)) scanUrl(element, name, value);
          if (name === "formaction" && !(isPage && /^\/\w/.test(value))) report(name, element);
          if (name === "srcset" && /(^|,)\s*[a-z]+script:/i.test(value)) report("srcset", element);
        }
        if (element.localName === "script") scanScript(element, isPage);
        if (element.localName === "form") {
          const url = new URL(element.getAttribute("action") ?? "", location.origin);
          const isOurs = url.origin === location.origin && METHODS.test(element.getAttribute("method") ?? "get");
          if (!isOurs || !isPage) report("form", element);
        }
        if (element.localName.includes("-")) {
          const component = element.getAttribute("data-component") ?? "";
          const isIsland = element.localName === "leptos-island" && /^(StoryEditor|SelectionBar|ListKeys|LocalTimes|SaveInPlace|SearchAsYouType|ShareWithApp)_\d+$/.test(component);
          if (!isIsland) report("custom element", element);
        }
      }
    };
    const scanUrl = (element: Element, name: string, value: string) => {
      const url = URL.canParse(value, location.href) ? new URL(value, location.href) : null;
      const isPicture = element.localName === "img" || element.localName === "link";
      const isData = isPicture && url?.protocol === "data:" && url.pathname.startsWith("image/");
      if (url && !["http:", "https:", "mailto:"].includes(url.protocol) && !isData) {
        report(`URL ${name}`, element);
      }
    };
    const scanScript = (element: Element, isPage: boolean) => {
      if (!isPage) return report("script", element);
      if (element.getAttribute("type") === "application/ld+json") {
        try {
          JSON.parse(element.textContent ?? "");
        } catch {
          report("broken JSON-LD", element);
        }
        return;
      }
      const addresses = [element.getAttribute("src"), ...Object.values((element as HTMLElement).dataset ?? {})];
      const isOurs = addresses.every((it) => it?.startsWith("/") && !it.startsWith("//"));
      if (!isOurs || !element.getAttribute("integrity")?.startsWith("sha384-") || element.textContent) {
        report("script", element);
      }
    };
    const parse = (html: string) => new DOMParser().parseFromString(html, "text/html");

    if (source === null) {
      scanHtml(document, true);
    } else if (format === "text/html") {
      scanHtml(parse(source), true);
    } else if (format === "application/json") {
      // Some members are HTML and some are text, which a reader must not parse.
      JSON.parse(source, (key, value) => {
        if (key === "content_html" || key === "html") scanHtml(parse(value), false);
        return value;
      });
    } else {
      const feed = new DOMParser().parseFromString(source, format);
      const broken = feed.querySelector("parsererror");
      if (broken) report("broken XML", broken);
      for (const element of feed.querySelectorAll("*")) {
        if (element.namespaceURI === "http://www.w3.org/1999/xhtml" && !broken) report("HTML in XML", element);
        // RSS readers take these of an item for HTML; Atom says it in the type.
        const isRss = element.matches("item > *") && ["description", "content:encoded"].includes(element.nodeName);
        if (isRss || element.getAttribute("type") === "html") {
          scanHtml(parse(element.textContent ?? ""), false);
        }
        for (const { name, value } of element.attributes) {
          if (URLS.includes(name)) scanUrl(element, name, value);
        }
      }
    }
    return found;
  };
}
