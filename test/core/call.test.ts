import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Test, test } from 'tap'
import { Call, type Context, type Origin } from '../../src/core/call.ts'
import { wait } from '../../src/core/clock.ts'
import type { Settle } from '../../src/core/due.ts'
import { Emulator } from '../../src/core/emulator.ts'
import type { Answer } from '../../src/core/namespace.ts'
import { collection } from '../../src/core/records.ts'
import { Refusal, Taken } from '../../src/core/refusal.ts'
import { type Callable, run } from '../../src/core/run.ts'
import { defaultSettings } from '../../src/core/settings.ts'
import { only } from '../support/only.ts'

const things = collection<{ value: unknown }>('test.thing')
const kept = collection<{ value: unknown }>('test.kept', { cached: true })

const origin: Origin = { transport: 'internal', requestId: 'test', base: 'http://localhost', headers: {} }

interface Fit {
  settle?: Record<string, Settle>
  answer?: Record<string, Answer>
  seed?: string
  folder?: string
  strict?: boolean
}

function open(t: Test, { settle = {}, answer = {}, seed, folder, strict = false }: Fit = {}): Emulator {
  const emulator = new Emulator({ fittings: { settings: { ...defaultSettings, strict }, settle, answer }, seed, folder })
  t.teardown(() => emulator.close())
  return emulator
}

/** Runs `act` as one call. */
function call<T>(
  emulator: Emulator,
  act: (call: Call) => T,
  more: Partial<Callable<unknown, T>> & { origin?: Partial<Origin> } = {},
): Promise<T> {
  const { origin: extra, ...rest } = more
  const callable: Callable<unknown, T> = {
    room: 'test',
    name: 'Act',
    admit: (raw) => raw,
    handle: (_input, context: Context) => act(new Call(context)),
    ...rest,
  }
  return run(callable, () => undefined, { ...origin, ...extra }, emulator.namespace())
}

test('work due within moments is done without a call, piece after piece', async (t) => {
  const done: string[] = []
  let faults = 0
  const emulator = open(t, {
    settle: {
      'test.work': (call, { key }) => {
        done.push(key)
        const { clock } = call.context.namespace
        if (done.length < 3) call.later(clock.now() + 2, 'test.work', `piece ${done.length}`)
      },
      'test.fault': () => {
        faults++
        throw new Error('a fault')
      },
    },
  })
  await call(emulator, (call) => call.later(call.now + 1, 'test.work', 'start'))
  while (done.length < 3) await wait(2)
  t.strictSame(done, ['start', 'piece 1', 'piece 2'])

  await call(emulator, (call) => call.later(call.now + 1, 'test.fault', ''))
  while (faults === 0) await wait(2)
  await t.rejects(
    call(emulator, () => undefined),
    new Error('a fault'),
    'what fails there is met again by the next call',
  )
})

test('a refused call leaves nothing behind but its marks', async (t) => {
  const emulator = open(t)
  await call(emulator, (call) => kept.put(call, '', 'k', { value: 1 }))
  await t.rejects(
    call(emulator, (call) => {
      things.put(call, '', 'a', { value: 1 })
      kept.put(call, '', 'k', { value: 2 })
      call.send({ channel: 'email', to: 'a@example.com', body: '', template: '', room: 'test' })
      call.later(0, 'test.work', 'a')
      call.afterRefusal((after) => things.put(after, '', 'mark', { value: 'kept' }))
      call.fail('No', 'not this time', { detail: 1 })
    }),
    { name: 'No', message: 'not this time', facts: { detail: 1 } },
  )
  await call(emulator, (call) => {
    t.equal(things.get(call, '', 'a'), undefined)
    t.same(kept.get(call, '', 'k'), { value: 1 })
    t.same(things.get(call, '', 'mark'), { value: 'kept' })
  })
  t.same(emulator.namespace().outbox.list(), [])
})

test('a question is asked once, and the call run again with the same time and chance', async (t) => {
  const asked: unknown[] = []
  const emulator = open(t, {
    answer: {
      double: async (payload: number) => {
        asked.push(payload)
        return payload * 2
      },
    },
  })
  const runs: string[] = []
  const answer = await call(emulator, (call) => {
    runs.push(`${call.now} ${call.random.text(8, 'abcdef')}`)
    things.insert(call, '', 'only once', { value: 1 })
    return call.ask<number>('double', call.ask<number>('double', 21))
  })
  t.equal(answer, 84)
  t.same(asked, [21, 42])
  t.equal(runs.length, 3)
  t.equal(new Set(runs).size, 1)
  await t.rejects(
    call(emulator, (call) => call.ask('nobody', 1)),
    { message: 'nobody answers nobody' },
  )
  let n = 0
  await t.rejects(
    call(emulator, (call) => call.ask('double', ++n)),
    { message: /asks without end/ },
  )
})

test('a nested refusal undoes the inner act alone', async (t) => {
  const emulator = open(t)
  await call(emulator, (call) => {
    things.put(call, '', 'outer', { value: 1 })
    try {
      call.nested(() => {
        things.put(call, '', 'inner', { value: 1 })
        call.fail('No', 'no')
      })
    } catch (error) {
      t.type(error, Refusal)
    }
    t.equal(
      call.nested(() => 'answer'),
      'answer',
    )
  })
  await call(emulator, (call) => {
    t.ok(things.get(call, '', 'outer'))
    t.notOk(things.get(call, '', 'inner'))
  })
})

test('what is taken must be worded', async (t) => {
  const emulator = open(t)
  const twice = (call: Call) => {
    things.insert(call, '', 'a', { value: 1 })
    things.insert(call, '', 'a', { value: 2 })
  }
  await t.rejects(call(emulator, twice), { message: 'Act did not word what is taken: test.thing' })
  await t.rejects(
    call(emulator, (call) => {
      try {
        twice(call)
      } catch (error) {
        if (error instanceof Taken) call.fail('Exists', error.value)
        throw error
      }
    }),
    { name: 'Exists', message: 'a' },
  )
})

test('strict mode holds answers and refusals to the contract', async (t) => {
  const emulator = open(t, { strict: true })
  const verify = () => {
    throw new Error('breaks its contract')
  }
  await t.rejects(
    call(emulator, (call) => things.put(call, '', 'a', { value: 1 }), { verify }),
    { message: 'breaks its contract' },
  )
  await call(emulator, (call) => t.equal(things.get(call, '', 'a'), undefined))
  await t.rejects(
    call(emulator, (call) => call.fail('Odd', 'x'), { mayRefuse: () => false }),
    { message: 'Act may not refuse with Odd: x' },
  )
})

test('work falls due in order, each piece at its own time', async (t) => {
  const done: [string, number][] = []
  const emulator = open(t, {
    settle: {
      'test.work': (call, { key }) => {
        done.push([key, call.now])
        if (key === 'first') call.later(call.now + 5, 'test.work', 'follow-up')
      },
    },
  })
  const namespace = emulator.namespace()
  namespace.setClock((clock) => clock.freeze(1000))
  await call(emulator, (call) => {
    call.later(1020, 'test.work', 'second')
    call.later(1010, 'test.work', 'first')
    call.later(1012, 'test.work', 'cancelled')
    call.later(9000, 'test.work', 'not yet')
    call.cancelLater('test.work', 'cancelled')
  })
  await call(emulator, () => undefined)
  t.same(done, [])
  namespace.setClock((clock) => clock.advance(100))
  await call(emulator, (call) => t.equal(call.now, 1100))
  t.same(done, [
    ['first', 1010],
    ['follow-up', 1015],
    ['second', 1020],
  ])
})

test('a seed makes every id repeatable, and a restart goes on instead of repeating', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'poolhouse-'))
  t.teardown(() => rmSync(folder, { recursive: true }))
  const draw = (emulator: Emulator) => call(emulator, (call) => call.random.uuid())

  const memory = open(t, { seed: '42' })
  const ids = [await draw(memory), await draw(memory), await draw(memory)]
  t.equal(new Set(ids).size, 3)

  const first = open(t, { seed: '42', folder })
  t.same([await draw(first), await draw(first)], ids.slice(0, 2))
  first.close()
  const second = open(t, { seed: '42', folder })
  t.equal(await draw(second), ids[2])

  const other = open(t, {})
  t.not(await draw(other), ids[0])
})

test('identifiers that a fixture pins are used up in order', async (t) => {
  const emulator = open(t)
  const drawn = await call(emulator, (call) => ['a', 'b', 'c'].map((made) => call.identifier(() => made)), { origin: { pins: ['x', 'y'] } })
  t.same(drawn, ['x', 'y', 'c'])
})

test('reset goes back to the baseline, clock included', async (t) => {
  for (const folder of [undefined, mkdtempSync(join(tmpdir(), 'poolhouse-'))]) {
    const emulator = open(t, folder === undefined ? {} : { folder })
    t.throws(() => emulator.reset(), /before there is a baseline/)
    emulator.namespace().setClock((clock) => clock.freeze(5000))
    await call(emulator, (call) => things.put(call, '', 'base', { value: 1 }))
    emulator.keepBaseline()
    t.equal(emulator.recallBaseline(), folder !== undefined)

    await call(emulator, (call) => things.put(call, '', 'later', { value: 1 }))
    emulator.namespace().setClock((clock) => clock.advance(1))
    emulator.reset()
    t.equal(emulator.namespace().clock.now(), 5000)
    t.same(emulator.namespace().journal.list(), [])
    await call(emulator, (call) => t.same(things.all(call, '').length, 1))

    const other = emulator.namespace('t1')
    t.equal(other.clock.now(), 5000, 'a new namespace begins as the baseline')
    t.same(emulator.names, ['default', 't1'])
    t.throws(() => emulator.namespace('../up'), /cannot be a namespace/)
    if (folder !== undefined) rmSync(folder, { recursive: true })
  }
})

test('pages go on where they stopped', async (t) => {
  const emulator = open(t)
  await call(emulator, (call) => {
    for (let i = 0; i < 5; i++) things.insert(call, 'p', `k${i}`, { value: i })
    const first = things.page(call, 'p', { limit: 2 })
    t.same(
      first.items.map(({ value }) => value),
      [0, 1],
    )
    const second = things.page(call, 'p', { limit: 2, after: first.next })
    const third = things.page(call, 'p', { limit: 2, after: second.next })
    t.same(
      [second, third].flatMap(({ items }) => items.map(({ value }) => value)),
      [2, 3, 4],
    )
    t.equal(third.next, undefined)
    t.equal(things.count(call, 'p'), 5)
    t.same(
      things.update(call, 'p', 'k1', (doc) => ({ value: Number(doc.value) + 10 })),
      { value: 11 },
    )
    t.equal(
      things.update(call, 'p', 'none', (doc) => doc),
      undefined,
    )
    t.equal(things.remove(call, 'p', 'k1'), true)
    t.equal(things.remove(call, 'p', 'k1'), false)
    things.removeAll(call, 'p')
    t.same(things.all(call, 'p'), [])
  })
})

test('who watches the outbox hears of what was sent, not of what was undone', async (t) => {
  const emulator = open(t)
  const heard: string[] = []
  emulator.listenToOutbox(({ to }, namespace) => heard.push(`${namespace} ${to}`))
  const send = (call: Call, to: string) => call.send({ channel: 'email', to, body: '', template: '', room: 'test' })
  await t.rejects(
    call(emulator, (call) => {
      send(call, 'undone')
      call.fail('No', 'no')
    }),
  )
  await call(emulator, (call) => {
    send(call, 'first')
    t.throws(() =>
      call.nested(() => {
        send(call, 'undone in part')
        call.fail('No', 'no')
      }),
    )
    send(call, 'second')
    t.same(heard, [], 'nor before it is committed')
  })
  t.same(heard, ['default first', 'default second'])
  t.match(emulator.namespace().outbox.list(), only({ to: 'first' }, { to: 'second' }))
})

test('cached documents cannot be changed in place', async (t) => {
  const emulator = open(t)
  await call(emulator, (call) => kept.put(call, '', 'a', { value: { deep: 1 } }))
  await call(emulator, (call) => {
    const doc = kept.get(call, '', 'a') as { value: { deep: number } }
    t.equal(kept.get(call, '', 'a'), doc)
    t.throws(() => {
      doc.value.deep = 2
    }, TypeError)
    kept.remove(call, '', 'a')
    t.equal(kept.get(call, '', 'a'), undefined)
  })
})

test('what follows a call sees what it did, and cannot undo it', async (t) => {
  const seen: unknown[] = []
  const emulator: Emulator = open(t, {
    answer: {
      once: async () => 1,
      look: async (payload) => {
        seen.push([payload, await call(emulator, (call) => things.get(call, '', 'a')?.value)])
        return payload === 'well'
      },
    },
  })
  const act = (payload: string) =>
    call(emulator, (call) => {
      call.followUp<boolean>('look', payload, (well) => {
        if (!well) call.fail('Late', 'too late to undo')
      })
      // A call that is run again is followed up once.
      return things.put(call, '', 'a', { value: payload + call.ask<number>('once', 0) })
    })
  t.same(await act('well'), { value: 'well1' })
  await t.rejects(act('badly'), { name: 'Late', message: 'too late to undo' })
  await t.rejects(
    call(emulator, (call) => {
      call.followUp('look', 'never', () => undefined)
      call.afterRefusal(() => call.followUp('look', 'a mark', () => undefined))
      call.fail('No', 'not this time')
    }),
    { name: 'No' },
  )
  t.same(seen, [
    ['well', 'well1'],
    ['badly', 'badly1'],
    ['a mark', 'badly1'],
  ])
  t.match(emulator.namespace().journal.list({ limit: 1 }), only({ outcome: 'ok' }))
  t.match(emulator.namespace().journal.list({ outcome: 'refused' }), only({ error: { name: 'Late' } }, { error: { name: 'No' } }))
})

test('the journal keeps the last calls and masks when it is read', async (t) => {
  const emulator = open(t)
  const heard: string[] = []
  emulator.listen((entry, namespace) => heard.push(`${namespace} ${entry.outcome}`))
  await call(
    emulator,
    (call) => {
      call.note({ pool: 'p' })
      return { secret: 's' }
    },
    { mask: (value) => (value === undefined ? value : '***') },
  )
  await t.rejects(
    call(emulator, (call) => call.fail('No', 'no')),
    { name: 'No', message: 'no' },
  )
  await t.rejects(
    call(emulator, () => {
      throw new TypeError('a fault of ours')
    }),
    { name: 'TypeError', message: 'a fault of ours' },
  )
  const [first, second, third] = emulator.namespace().journal.list()
  t.match(first, { operation: 'Act', outcome: 'ok', notes: { pool: 'p' }, output: '***' })
  t.match(second, { outcome: 'refused', error: { name: 'No', message: 'no' }, output: undefined })
  t.match(third, { outcome: 'failed', error: { name: 'TypeError', message: 'a fault of ours' } })
  t.same(heard, ['default ok', 'default refused', 'default failed'])
  t.equal(emulator.namespace().journal.list({ outcome: 'refused' }).length, 1)
  t.equal(emulator.namespace().journal.list({ since: 2 }).length, 1)
  t.equal(emulator.namespace().journal.list({ limit: 1 })[0]?.id, 3)
})

test('a second emulator is kept off a folder in use', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'poolhouse-'))
  t.teardown(() => rmSync(folder, { recursive: true }))
  const first = open(t, { folder })
  await call(first, (call) => things.put(call, '', 'a', { value: 1 }))
  t.throws(() => open(t, { folder }).namespace(), /locked/)
})

test('contract mode strict holds answers and refusals to the contract, and tells', async (t) => {
  const emulator = open(t)
  const namespace = emulator.namespace()
  const told: string[] = []
  const act = (handle: () => unknown, more: Partial<Callable> = {}) =>
    run(
      { room: 'test', name: 'Act', admit: (raw) => raw, handle, ...more },
      () => undefined,
      origin,
      namespace,
      (found) => told.push(...found.map(({ where, rule, message }) => `${where} ${rule} ${message}`)),
    )
  const verify = () => {
    throw new Error('no such member')
  }
  const refuse = () => {
    throw new Refusal('Strange', 'said')
  }
  const mayRefuse = () => false
  const survey = () => [{ where: 'request' as const, path: 'a', rule: 'unknown-member' as const, message: 'Act has no member a' }]

  t.equal(await act(() => 1, { verify, survey }), 1)
  await t.rejects(act(refuse, { mayRefuse }), { name: 'Strange' })
  t.same(told.splice(0), ['request unknown-member Act has no member a'], 'in mode warn answers are not looked at')

  namespace.contractModes = { test: 'strict' }
  await t.rejects(
    act(() => 1, { verify }),
    { message: 'no such member' },
  )
  await t.rejects(act(refuse, { mayRefuse }), { message: 'Act may not refuse with Strange: said' })
  await t.rejects(
    act(() => 1, { survey, mayRefuse }),
    { name: 'ContractViolation' },
  )
  t.same(told.splice(0), [
    'response broken-answer no such member',
    'response undeclared-error Act may not refuse with Strange: said',
    'request unknown-member Act has no member a',
  ])
  t.match(namespace.journal.list({ limit: 1 }), only({ outcome: 'refused', violations: only({ path: 'a' }) }))

  namespace.contractModes = { '*': 'off' }
  t.equal(await act(() => 1, { verify, survey }), 1)
  t.same(told, [])
})
