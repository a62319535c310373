import { test } from 'tap'
import { tryPage } from '../support/documented.ts'

test('the examples of README.md', (t) => tryPage(t, 'README.md', { start: 'poolhouse start --memory' }))
