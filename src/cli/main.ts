#!/usr/bin/env node
// Nothing is imported before the version is known to be new enough: what follows would crash with a riddle.
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)

if (major < 20 || (major === 20 && minor < 19)) {
  process.stderr.write(`poolhouse: Node ${process.versions.node} is too old, 20.19 or newer is needed\n`)
  process.exit(2)
}

import('./verbs.ts').then(({ run }) => run(process.argv.slice(2)))
