// Prints 1 or 0 for each token in a file: 1 if Amazon's verifier accepts it.
import { readFileSync } from "node:fs";
import { CognitoJwtVerifier } from "aws-jwt-verify";

const { now, issuer, clients, skew, jwks, tokens } = JSON.parse(readFileSync(process.argv[2]));
Date.now = () => now * 1000;

const verifier = CognitoJwtVerifier.create({
  userPoolId: issuer.split("/").pop(),
  clientId: clients,
  tokenUse: null,
  graceSeconds: skew,
});
verifier.cacheJwks(jwks);

const accepts = (token) => {
  try {
    verifier.verifySync(token);
    return 1;
  } catch {
    return 0;
  }
};
console.log(tokens.map(accepts).join("\n"));
