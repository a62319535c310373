import { test } from 'tap'
import { tryPage } from '../support/documented.ts'

const files = { 'package.json': '{ "type": "module", "scripts": { "test": "true" } }' }

test('the examples of docs/testing.md', (t) => tryPage(t, 'docs/testing.md', { files, start: 'poolhouse start --memory' }))
