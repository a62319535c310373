import { test } from 'tap'
import { tryPage } from '../support/documented.ts'

const start = 'poolhouse start --memory'

test('the examples of docs/cognito.md', (t) => tryPage(t, 'docs/cognito.md', { start }))
test('the examples of docs/yandex.md', (t) => tryPage(t, 'docs/yandex.md', { start }))
test('the examples of docs/harmony.md', (t) => tryPage(t, 'docs/harmony.md', { start }))
test('the examples of docs/developing.md', (t) => tryPage(t, 'docs/developing.md'))
