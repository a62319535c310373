#!/usr/bin/env bash
# The packed package on other Nodes than the one that runs the tests: installed without a compiler, started, used, and reset until statements
# of closed databases have been collected.
set -euo pipefail
cd "$(dirname "$0")/.."
nodes=(22 24 26)
runtime=node-$(node -p 'process.platform + "-" + process.arch')
home=$(mktemp -d)
trap 'rm -rf "$home"' EXIT

npm run --silent build
npm pack --silent --ignore-scripts --pack-destination "$home" >/dev/null
cd "$home"
cat >journey.mjs <<'JS'
import assert from 'node:assert/strict'
import { start } from 'poolhouse'

const idp = await start()
const cognito = async (operation, input) => {
  const response = await fetch(idp.url, {
    method: 'POST',
    headers: { 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': `AWSCognitoIdentityProviderService.${operation}` },
    body: JSON.stringify(input),
  })
  return response.json()
}
for (let round = 0; round < 20; round++) {
  const { AuthenticationResult } = await cognito('InitiateAuth', {
    AuthFlow: 'USER_PASSWORD_AUTH',
    ClientId: '1demo0client0000000000000w',
    AuthParameters: { USERNAME: 'alice', PASSWORD: 'Demo-Passw0rd' },
  })
  assert.equal(AuthenticationResult.TokenType, 'Bearer')
  const made = await fetch(`${idp.url}/organization-manager/v1/idp/users`, {
    method: 'POST',
    body: JSON.stringify({
      userpoolId: 'ek0demo0000000000000',
      username: 'anna@demo.idp.yandexcloud.net',
      fullName: 'Anna',
      passwordSpec: { password: 'Correct-Horse-1' },
    }),
  })
  assert.equal((await made.json()).done, true)
  idp.reset()
  // Collected while JavaScript runs, and again from the event loop, where none does.
  gc()
  await new Promise((resolve) => setTimeout(resolve, 10))
}
await idp.close()
console.log(`node ${process.versions.node}: signed in, created, reset`)
JS

for node in "${nodes[@]}"; do
  mkdir "$node"
  cd "$node"
  echo '{ "name": "on-another-node", "private": true, "type": "module" }' >package.json
  npm install --silent --no-audit --no-fund --ignore-scripts --prefix runtime "$runtime@$node"
  cp ../journey.mjs .
  (
    PATH="$PWD/runtime/node_modules/$runtime/bin:$PATH"
    npm install --ignore-scripts --no-audit --no-fund --loglevel error ../poolhouse-*.tgz >/dev/null
    node --expose-gc journey.mjs
  )
  cd ..
done
echo '== the package holds on other Nodes'
