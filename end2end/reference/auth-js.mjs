// Auth.js with its Cognito provider at a pool:   auth-js.mjs ORIGIN
import assert from "node:assert/strict";
import { Auth } from "@auth/core";
import { runExample } from "./guide.mjs";
import { Browser, newUser, ORIGIN, passed } from "./pool.mjs";

const SITE = "http://localhost:3000";
process.env.AUTH_COGNITO_ID = "web";
process.env.AUTH_COGNITO_SECRET = process.argv[3];
const { providers } = await runExample("Auth.js", ORIGIN);
const config = {
  providers,
  secret: "of this script alone",
  trustHost: true,
  basePath: "/api/auth",
  callbacks: {
    // Keeps what the pool said.
    jwt: ({ token, account, profile }) => (profile ? { ...token, account, profile } : token),
    session: ({ session, token }) => ({ ...session, account: token.account, profile: token.profile }),
  },
};

const cookies = new Map();
/** Sends a request to the site whose authentication Auth.js is. */
async function site(path, form) {
  const request = new Request(new URL(path, SITE), {
    method: form ? "POST" : "GET",
    body: form && new URLSearchParams(form),
    headers: { Cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join("; ") },
  });
  const answer = await Auth(request, config);
  for (const cookie of answer.headers.getSetCookie()) {
    const [, name, value] = cookie.match(/^([^=]+)=([^;]*)/);
    cookies.set(name, value);
  }
  return answer;
}

const username = await newUser();
const { csrfToken } = await (await site("/api/auth/csrf")).json();
const start = await site("/api/auth/signin/cognito", { csrfToken, callbackUrl: `${SITE}/private` });
const address = new URL(start.headers.get("location"));
assert.equal(address.origin, ORIGIN);
for (const name of ["code_challenge", "state", "nonce"]) assert(address.searchParams.has(name), name);
passed("authorization request");

const { callback } = await new Browser().authorize(address.href, username);
assert.equal(callback.origin + callback.pathname, `${SITE}/api/auth/callback/cognito`);
const end = await site(callback.pathname + callback.search);
assert.equal(end.headers.get("location"), `${SITE}/private`);
passed("callback");

const session = await (await site("/api/auth/session")).json();
assert.equal(session.user.email, `${username}@example.com`);
assert.equal(session.profile["cognito:username"], username);
assert.equal(session.account.token_type, "bearer");
assert(session.account.refresh_token);
passed("session");
