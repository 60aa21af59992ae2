#!/usr/bin/env bash
# The walk of the tutorials, with the AWS CLI against the embedded user pool: sign up, confirm,
# sign in, be refused, join the group, and delete the news.
#
#   gazette serve --data-dir "$(mktemp -d)" &      # in another terminal
#   examples/tutorial.sh [SITE] [POOL]
#
# It deletes the stories of the site that it is given (to the trash, where they stay for 30 days).
# If your tutorial sends id tokens, set GAZETTE_TOKEN_USE=access,id on the server and
# GAZETTE_TUTORIAL_TOKEN=IdToken here.
set -euo pipefail

site=${1:-http://localhost:3000}
pool=${2:-http://localhost:4000}
client=gazettecli
name=${GAZETTE_TUTORIAL_USER:-walker$RANDOM}
token=${GAZETTE_TUTORIAL_TOKEN:-AccessToken}
password='Fixture1!Aa'

# The pool takes any key of a program on this machine, unless GAZETTE_POOL_ADMIN_KEY is set.
export AWS_ACCESS_KEY_ID=${AWS_ACCESS_KEY_ID:-local} AWS_SECRET_ACCESS_KEY=${AWS_SECRET_ACCESS_KEY:-local}
export AWS_DEFAULT_REGION=us-east-1 AWS_ENDPOINT_URL=$pool AWS_EC2_METADATA_DISABLED=true AWS_PAGER=
aws=${AWS_CLI:-aws}

step() { printf '\n== %s\n' "$*"; }
cognito() { "$aws" cognito-idp "$@" --output json; }
field() { python3 -c "import json,sys; print(json.load(sys.stdin)$1)"; }
sign_in() {
  cognito initiate-auth --client-id $client --auth-flow USER_PASSWORD_AUTH \
    --auth-parameters "USERNAME=$name,PASSWORD=$password" | field "['AuthenticationResult']['$token']"
}
delete_news() {
  curl -s -o /dev/null -w '%{http_code}' -X DELETE -H "Authorization: Bearer $1" "$site/news"
}
expect() {
  printf 'DELETE /news: %s\n' "$2"
  [ "$1" = "$2" ] || { printf 'expected %s\n' "$1" >&2; exit 1; }
}

step "Sign up as $name"
cognito sign-up --client-id $client --username "$name" --password "$password" \
  --user-attributes "Name=email,Value=$name@example.com"

step "Confirm with the code from $pool/_pool/outbox"
code=$(curl -s -H 'Accept: application/json' "$pool/_pool/outbox" |
  field "['messages'][0]['code']")
cognito confirm-sign-up --client-id $client --username "$name" --confirmation-code "$code"

step "Sign in, and try to delete the news"
expect 403 "$(delete_news "$(sign_in)")"

step "Join the group admin"
cognito create-group --user-pool-id local_gazette --group-name admin ||
  echo "The group was created before."
cognito admin-add-user-to-group --user-pool-id local_gazette --username "$name" --group-name admin
cognito admin-list-groups-for-user --user-pool-id local_gazette --username "$name"

step "Sign in again, and delete the news"
expect 200 "$(delete_news "$(sign_in)")"
