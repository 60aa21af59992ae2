// aws-jwt-verify, with tokens and keys of a pool:   token-verifier.mjs ORIGIN
import assert from "node:assert/strict";
import { runExample } from "./guide.mjs";
import { ISSUER, newUser, ORIGIN, passed, signIn } from "./pool.mjs";

const { verifier } = await runExample("aws-jwt-verify", ORIGIN);
const username = await newUser();
const ours = await signIn("shop", username);
const claims = verifier.verifySync(ours.AccessToken);
assert.deepEqual([claims.iss, claims.username, claims.token_use], [ISSUER, username, "access"]);
passed("an access token of the client");

assert.throws(() => verifier.verifySync(ours.IdToken), /not for us/);
const others = await signIn("gazettecli", username);
assert.throws(() => verifier.verifySync(others.AccessToken), /not for us/);
const [header, payload, signature] = ours.AccessToken.split(".");
const forged = [header, payload, signature.replace(/^./, (letter) => (letter === "A" ? "B" : "A"))].join(".");
assert.throws(() => verifier.verifySync(forged), /Invalid signature/);
passed("other tokens are refused");
