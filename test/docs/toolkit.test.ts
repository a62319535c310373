import { test } from 'tap'
import { tryPage } from '../support/documented.ts'

const files = { 'package.json': '{ "type": "module", "scripts": { "test": "true" } }' }

test('the examples of docs/toolkit.md', (t) => tryPage(t, 'docs/toolkit.md', { files }))
