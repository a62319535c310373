#!/usr/bin/env bash
# The samples under fixtures/examples against the packed package, as its users have it: installed into an empty folder.
set -euo pipefail
cd "$(dirname "$0")/.."
repository=$PWD
runners=(node-test tap vitest jest playwright)
apps=(spa server-app)
home=$(mktemp -d)
# The SDK's remark on the age of this Node is not about us.
export AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED=true
trap 'rm -rf "$home"' EXIT

echo '== pack'
npm run --silent build
npm pack --silent --ignore-scripts --pack-destination "$home" >/dev/null
cp -r fixtures/examples/. "$home"

cd "$home"
echo '{ "name": "examples", "private": true, "type": "module" }' >package.json
# One folder of packages for all samples, in the versions that they name.
wanted=$(node -e "
  const all = process.argv.slice(1).map((name) => JSON.parse(fs.readFileSync(name + '/package.json', 'utf8')))
  const { poolhouse, ...others } = Object.assign({}, ...all.flatMap(({ dependencies, devDependencies }) => [dependencies, devDependencies]))
  console.log(Object.entries(others).map(([name, range]) => name + '@' + range).join(' '))" "${runners[@]}" "${apps[@]}")
echo "== install $wanted"
# shellcheck disable=SC2086
npm install --ignore-scripts --no-audit --no-fund --loglevel error ./poolhouse-*.tgz $wanted
# SQLite has been compiled for the repository: the same version is the same binary.
versionOf() { node -p "JSON.parse(fs.readFileSync('$1/node_modules/better-sqlite3/package.json', 'utf8')).version"; }
if [ "$(versionOf "$repository")" = "$(versionOf .)" ] && [ -d "$repository/node_modules/better-sqlite3/build" ]; then
  cp -rL "$repository/node_modules/better-sqlite3/build" node_modules/better-sqlite3/
else
  npm rebuild better-sqlite3
fi

# What the documentation says is run with them.
node --input-type=module -e "
  import { readFileSync, writeFileSync } from 'node:fs'
  const text = readFileSync('$repository/docs/testing.md', 'utf8')
  const files = { 'node:test': 'node-test/test/documented.test.js', tap: 'tap/test/documented.test.js',
    Vitest: 'vitest/test/documented.test.js', Playwright: 'playwright/test/documented.spec.js' }
  for (const [, name, code] of text.matchAll(/^\`\`\`js[^\n]*\n\/\/ (node:test|\w+)(.*?)^\`\`\`/gms)) writeFileSync(files[name], '//' + code)
  const [, exec] = text.match(/^\`\`\`sh[^\n]*\n(npx poolhouse exec --report.*?)^\`\`\`/ms)
  writeFileSync('documented.sh', exec)"
test "$(find . -path ./node_modules -prune -o -name 'documented.*' -print | wc -l)" = 5

for runner in "${runners[@]}"; do
  echo "== $runner"
  (cd "$runner" && npm test --silent) || { echo "$runner fails"; exit 1; }
done

echo '== a test that fails shows what was called'
for runner in "${runners[@]}"; do
  cp -r "$runner" "$runner-failing"
  cd "$runner-failing"
  find test -type f ! -name 'ann.*' -delete
  sed -i 's/User is not confirmed\./something else/; s/UserNotConfirmedException/SomethingElse/' test/ann.*
  if npm test --silent >log 2>&1; then cat log; echo "$runner did not fail"; exit 1; fi
  grep -q 'poolhouse: what was called in' log || { cat log; echo "$runner does not show what was called"; exit 1; }
  grep -q 'cognito InitiateAuth' log || { cat log; exit 1; }
  cd ..
done

echo '== poolhouse exec'
cd vitest
bash -e ../documented.sh
for file in report.json junit.xml ctrf.json report.md; do test -s "report/$file"; done
# 4 files with 2 tests each, each in a namespace of its own.
node -e "
  const { operations } = JSON.parse(fs.readFileSync('report/report.json', 'utf8'))
  const calls = Object.fromEntries(operations.map(({ name, calls }) => [name, calls]))
  require('node:assert').deepEqual(calls, { ConfirmSignUp: 4, InitiateAuth: 8, SignUp: 8 })"
status=0
npx poolhouse exec --require-op cognito:DeleteUser -- npm test --silent || status=$?
test "$status" = 3 || { echo "a violated threshold exits with $status, not 3"; exit 1; }
status=0
npx poolhouse exec -- sh -c 'exit 7' || status=$?
test "$status" = 7 || { echo "exec exits with $status, not 7"; exit 1; }
cd ..
for app in "${apps[@]}"; do
  echo "== $app"
  port=$(node -e "const server = require('net').createServer().listen(0, () => { console.log(server.address().port); server.close() })")
  (cd "$app" && PORT=$port exec setsid npm start --silent >"../$app.log" 2>&1) &
  started=$!
  for _ in $(seq 150); do grep -q "^Open http://localhost:$port" "$app.log" && break; sleep 0.2; done
  shown=$(node -e "fetch('http://localhost:$port/').then((response) => response.text()).then(console.log)" || true)
  kill -TERM -- "-$started" || true
  wait "$started" || true
  grep -q '<h1>Sample ' <<<"$shown" || { cat "$app.log"; echo "$app does not start"; exit 1; }
done
echo '== the samples hold'
