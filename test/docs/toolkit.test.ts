import { test } from 'tap'
import { tryPage } from '../support/documented.ts'

test('the examples of docs/toolkit.md', (t) =>
  tryPage(t, 'docs/toolkit.md', { 'package.json': '{ "type": "module", "scripts": { "test": "true" } }' }))
