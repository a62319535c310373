import { test } from 'tap'
import { tryPage } from '../support/documented.ts'

test('the examples of docs/federation.md', (t) => tryPage(t, 'docs/federation.md'))
