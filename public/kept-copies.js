// Shows text that only this browser has, on pages other than its editor's: after a story can no
// longer be opened, and before its author signs out. The editor's island keeps these copies.
const place = document.querySelector("[data-kept]");
const mark = ` ${place.dataset.kept} /desk/`;

const add = (parent, tag, text, properties = {}) => {
  const element = Object.assign(document.createElement(tag), properties);
  element.textContent = text;
  parent.append(element);
  return element;
};

/** Loads the form of a story; undefined if its editor cannot be opened. */
const load = async (path) => {
  if (path === location.pathname) return undefined;
  const answer = await fetch(path).catch(() => undefined);
  if (!answer?.ok) return undefined;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  return page.getElementById("editor-form")?.elements;
};

/** Tells whether a story has the text of a field. Publishing tidies spaces and fills in fields. */
const has = (form, [name, value]) => {
  const tidy = (text) => (name === "body" ? text.trim().replaceAll("\r\n", "\n") : text.replace(/\s+/g, ""));
  const isMade = value === "" && ["slug", "publish_at"].includes(name);
  return isMade || !form[name] || tidy(form[name].value) === tidy(value);
};

const show = async (key) => {
  const path = key.slice(key.lastIndexOf(" ") + 1);
  const { at, fields } = JSON.parse(localStorage.getItem(key));
  const form = await load(path);
  if (form && Object.entries(fields).every((field) => has(form, field))) {
    localStorage.removeItem(key);
    return;
  }
  const options = { dateStyle: "medium", timeStyle: "short", timeZone: place.dataset.zone };
  const time = new Intl.DateTimeFormat("en-GB", options).format(at);
  const notice = add(place, "section", "", { className: "notice editor-notice", role: "status" });
  add(notice, "p", `You have text of ${time} that may not be saved.`);
  if (form) add(notice, "a", "Open its story to restore it", { href: path });
  const text = Object.values(fields).join("\n\n");
  const label = "Unsaved text";
  const area = add(notice, "textarea", "", { readOnly: true, rows: 8, dir: "auto", ariaLabel: label });
  area.value = text;
  const acts = add(notice, "div", "", { className: "group-acts" });
  const act = (label, onclick) => add(acts, "button", label, { type: "button", className: "btn quiet small", onclick });
  act("Copy", () => navigator.clipboard?.writeText(text) ?? area.select());
  act("Discard", () => {
    localStorage.removeItem(key);
    notice.remove();
  });
};

for (const key of Object.keys(localStorage)) {
  if (key.startsWith("gazette-copy-") && key.includes(mark)) await show(key).catch(() => undefined);
}

let asked = false;
document.addEventListener("submit", (event) => {
  const signsOut = event.target.getAttribute("action") === "/auth/logout";
  if (!signsOut || asked || !place.querySelector("section")) return;
  asked = true;
  event.preventDefault();
  const text = "Signing out deletes this text from this browser. Copy it first, or choose “Sign out” again.";
  const warning = add(place, "p", text, { className: "failure", role: "alert", tabIndex: -1 });
  warning.focus();
});
