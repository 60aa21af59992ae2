// A small single-page app. Its first lines, which configure Amplify, are those of docs/user-pool.md.
import { fetchAuthSession, fetchUserAttributes, signIn, signOut } from "aws-amplify/auth";

const status = document.querySelector("[role=status]");
const form = document.querySelector("form");
const section = document.querySelector("section");

/** Shows who is signed in; the tests read which access token it is. */
async function show(forceRefresh = false) {
  const { tokens } = await fetchAuthSession({ forceRefresh });
  form.hidden = !!tokens;
  section.hidden = !tokens;
  if (!tokens) {
    status.textContent = "Not signed in.";
    return;
  }
  const { email } = await fetchUserAttributes();
  status.textContent = `Signed in as ${email}.`;
  status.dataset.token = tokens.accessToken.payload.jti;
}

/** Runs what a button does and shows its error. */
const act = (action) => async (event) => {
  event.preventDefault();
  try {
    await action();
  } catch (error) {
    status.textContent = error.message;
  }
};

form.addEventListener("submit", act(async () => {
  const { username, password } = Object.fromEntries(new FormData(form));
  await signIn({ username, password });
  form.reset();
  await show();
}));
document.querySelector("#refresh").addEventListener("click", act(() => show(true)));
document.querySelector("#sign-out").addEventListener("click", act(async () => {
  await signOut();
  await show();
}));
await show();
