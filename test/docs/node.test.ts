import { test } from 'tap'
import { tryPage } from '../support/documented.ts'

test('the examples of docs/node.md', (t) => tryPage(t, 'docs/node.md'))
