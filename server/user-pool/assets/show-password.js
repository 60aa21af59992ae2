// Shows what is typed in the password fields of a form. Without this file they stay hidden.
for (const button of document.querySelectorAll("form .show")) {
  const show = button.textContent;
  const fields = button.form.querySelectorAll("input[type=password]");
  const set = (shown) => {
    for (const field of fields) field.type = shown ? "text" : "password";
    button.textContent = shown ? show.replace("Show", "Hide") : show;
  };
  button.addEventListener("click", () => set(fields[0].type === "password"));
  // A field of text would be offered again by the browser.
  button.form.addEventListener("submit", () => set(false));
  button.hidden = false;
}
