import { test } from 'tap'
import { tryPage } from '../support/documented.ts'

test('the examples of docs/admin.md', (t) => tryPage(t, 'docs/admin.md'))
