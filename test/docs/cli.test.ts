import { test } from 'tap'
import { tryPage } from '../support/documented.ts'

test('the examples of docs/cli.md', (t) => tryPage(t, 'docs/cli.md'))
