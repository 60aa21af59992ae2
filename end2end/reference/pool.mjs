// What a person at the user pool does: reads the outbox, types codes and fills in forms.
import { createHmac } from "node:crypto";

/** The pool under test; the first argument of every script. */
export const ORIGIN = process.argv[2];
export const ISSUER = `${ORIGIN}/local_gazette`;
export const PASSWORD = "Fixture1!Aa";
export const OTHER_PASSWORD = "Fixture2!Bb";

/** Returns a name that no other user has. */
export const newName = () => `walker${process.hrtime.bigint()}`;

/** Prints the name of a check that passed. */
export const passed = (name) => console.log(`ok   ${name}`);

/** Moves the clock of the pool forward. */
export async function pass(seconds) {
  const answer = await fetch(`${ORIGIN}/_pool/clock`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ forward_seconds: seconds }),
  });
  if (!answer.ok) throw new Error(`the clock does not move: ${answer.status}`);
}

/** Returns the newest code that a user was sent. */
export async function codeOf(username) {
  const answer = await fetch(`${ORIGIN}/_pool/outbox`, { headers: { Accept: "application/json" } });
  const { messages } = await answer.json();
  return messages.find((message) => message.username === username).code;
}

/** Calls an operation of the JSON API, as an administrator's program. */
export async function call(operation, input) {
  const answer = await fetch(ORIGIN, {
    method: "POST",
    headers: {
      "Content-Type": "application/x-amz-json-1.1",
      "X-Amz-Target": `AWSCognitoIdentityProviderService.${operation}`,
      Authorization: "AWS4-HMAC-SHA256 Credential=local/20260101/us-east-1/cognito-idp/aws4_request, " +
        `SignedHeaders=host, Signature=${"0".repeat(64)}`,
    },
    body: JSON.stringify(input),
  });
  if (!answer.ok) throw new Error(`${operation}: ${await answer.text()}`);
  return answer.json();
}

/** Creates a confirmed user with a verified address and returns its name. */
export async function newUser() {
  const user = { UserPoolId: "local_gazette", Username: newName() };
  const UserAttributes = [
    { Name: "email", Value: `${user.Username}@example.com` },
    { Name: "email_verified", Value: "true" },
  ];
  await call("AdminCreateUser", { ...user, UserAttributes, MessageAction: "SUPPRESS" });
  await call("AdminSetUserPassword", { ...user, Password: PASSWORD, Permanent: true });
  return user.Username;
}

/** Signs a user in and returns the tokens. */
export async function signIn(ClientId, USERNAME) {
  const AuthParameters = { USERNAME, PASSWORD };
  const input = { ClientId, AuthFlow: "USER_PASSWORD_AUTH", AuthParameters };
  return (await call("InitiateAuth", input)).AuthenticationResult;
}

/** Returns the code of an authenticator app, `step` periods of 30 seconds from now. */
export function totp(secret, step = 0) {
  const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
  const bits = [...secret.replace(/=+$/, "")]
    .map((letter) => alphabet.indexOf(letter).toString(2).padStart(5, "0"))
    .join("");
  const key = Buffer.from(bits.match(/.{8}/g).map((byte) => parseInt(byte, 2)));
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30_000) + step));
  const digest = createHmac("sha1", key).update(counter).digest();
  const number = digest.readUInt32BE(digest.at(-1) & 15) & 0x7fffffff;
  return String(number % 1_000_000).padStart(6, "0");
}

/** A browser without scripts: it keeps cookies and follows redirects within the pool. */
export class Browser {
  #cookies = new Map();

  /** Opens an address; returns the first answer that is no redirect within the pool. */
  async open(address, form) {
    const answer = await fetch(address, {
      method: form ? "POST" : "GET",
      body: form,
      redirect: "manual",
      headers: {
        Cookie: [...this.#cookies].map(([name, value]) => `${name}=${value}`).join("; "),
        ...(form && { Origin: new URL(address).origin }),
      },
    });
    for (const cookie of answer.headers.getSetCookie()) {
      const [, name, value] = cookie.match(/^([^=]+)=([^;]*)/);
      if (value) this.#cookies.set(name, value);
      else this.#cookies.delete(name);
    }
    const location = answer.headers.get("location");
    const next = location && new URL(location, address);
    const page = { status: answer.status, address, location: next, body: await answer.text() };
    return next?.origin === ORIGIN ? this.open(next.href) : page;
  }

  /** Fills in the form that asks for a password. */
  async submit(page, fields) {
    const forms = page.body.match(/<form.*?<\/form>/gs) ?? [];
    const form = forms.find((text) => text.includes('type="password"'));
    if (!form) throw new Error(`no sign-in form: ${page.status} ${page.body}`);
    const attribute = (tag, name) =>
      tag.match(new RegExp(`\\s${name}="([^"]*)"`))?.[1].replaceAll("&amp;", "&");
    const sent = new URLSearchParams();
    for (const tag of form.match(/<input[^>]*>/g)) {
      if (attribute(tag, "type") === "hidden") sent.set(attribute(tag, "name"), attribute(tag, "value"));
    }
    for (const [name, value] of Object.entries(fields)) sent.set(name, value);
    const action = attribute(form, "action") ?? page.address;
    return this.open(new URL(action, page.address).href, sent);
  }

  /** Opens the address of an authorization request, signs in if asked, and returns the callback. */
  async authorize(address, username, password = PASSWORD) {
    let page = await this.open(address);
    const wasAsked = page.status === 200;
    if (wasAsked) page = await this.submit(page, { username, password });
    if (page.status !== 302) throw new Error(`not signed in: ${page.status} ${page.body}`);
    return { callback: page.location, wasAsked };
  }
}
