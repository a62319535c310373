import { test } from 'tap'
import { methodsOf, type ProtoContract, type ProtoField, routeOf, schemasOf } from '../../src/contract/proto.ts'
import { Misfit, ProtoJson, timestamp } from '../../src/contract/proto-json.ts'
import { violationsOf } from '../../src/contract/proto-rules.ts'
import { typesOf } from '../../src/contract/proto-types.ts'

const base: Omit<ProtoField, 'name' | 'jsonName' | 'number' | 'type'> = {
  kind: 'scalar',
  repeated: false,
  map: null,
  oneof: null,
  required: false,
  length: null,
  pattern: null,
  value: null,
  size: null,
  mapKey: null,
}
let number = 0
const field = (name: string, type: string, more: Partial<ProtoField> = {}): ProtoField => {
  const jsonName = name.replace(/_(\w)/g, (_whole, letter: string) => letter.toUpperCase())
  return { ...base, name, jsonName, number: ++number, type, ...more }
}
const message = (name: string, type: string, more: Partial<ProtoField> = {}) => field(name, type, { kind: 'message', ...more })

const contract: ProtoContract = {
  enums: { 'a.v1.Color': { COLOR_UNSPECIFIED: 0, RED: 1 } },
  messages: {
    'a.v1.Part': { file: 'a.proto', oneofs: [], fields: [field('size_of', 'int64', { value: '1-9' })] },
    'a.v1.Thing': {
      file: 'a.proto',
      oneofs: [{ name: 'choice', exactlyOne: false }],
      fields: [
        field('first_name', 'string', { length: '<=3' }),
        field('count', 'int64'),
        field('small', 'int32'),
        field('is_on', 'bool'),
        field('color', 'a.v1.Color', { kind: 'enum' }),
        field('tags', 'string', { repeated: true, size: '<=2' }),
        field('labels', 'map<string,string>', {
          kind: 'map',
          map: { key: 'string', value: 'string', valueKind: 'scalar' },
          mapKey: { length: '1-3', pattern: '[a-z]*' },
        }),
        message('part', 'a.v1.Part'),
        message('parts', 'a.v1.Part', { repeated: true }),
        field('left', 'string', { oneof: 'choice' }),
        field('right', 'string', { oneof: 'choice' }),
        message('made_at', 'google.protobuf.Timestamp'),
        message('lasts', 'google.protobuf.Duration', { value: '1m-1h' }),
        message('update_mask', 'google.protobuf.FieldMask'),
        message('maybe', 'google.protobuf.BoolValue'),
        message('wide', 'google.protobuf.Int64Value'),
        message('any', 'google.protobuf.Any'),
        message('nothing', 'google.protobuf.Empty'),
      ],
    },
  },
  services: [
    {
      fullName: 'a.v1.ThingService',
      methods: [
        {
          name: 'Get',
          request: 'a.v1.Thing',
          response: 'a.v1.Part',
          clientStreaming: false,
          serverStreaming: false,
          http: null,
          operation: null,
        },
      ],
    },
    { fullName: 'b.v1.ThingService', methods: [] },
  ],
}
const json = new ProtoJson(contract)
const read = (value: unknown, text = false) => json.read('a.v1.Thing', value, { text })

test('reading proto3 JSON', async (t) => {
  const cases: [what: string, given: object, read: object][] = [
    ['either name', { first_name: 'A' }, { firstName: 'A' }],
    ['null is absent', { firstName: null, part: null }, {}],
    ['defaults are absent', { firstName: '', count: 0, small: 0, isOn: false, color: 'COLOR_UNSPECIFIED', tags: [], labels: {} }, {}],
    ['but not in a oneof', { left: '' }, { left: '' }],
    ['nor as a message', { part: {}, maybe: false, nothing: {} }, { part: {}, maybe: false, nothing: {} }],
    ['int64 as a number', { count: 5 }, { count: '5' }],
    ['int64 as text', { count: '9223372036854775807' }, { count: '9223372036854775807' }],
    ['int64 with idle zeros', { count: '-007' }, { count: '-7' }],
    ['int32 as text', { small: '7' }, { small: 7 }],
    ['enums by number', { color: 1 }, { color: 'RED' }],
    ['times in UTC', { madeAt: '2026-01-02T03:04:05.120+03:00' }, { madeAt: '2026-01-02T00:04:05.120Z' }],
    ['durations without idle digits', { lasts: '060.500s' }, { lasts: '60.500s' }],
    ['masks in either case', { updateMask: 'first_name, part.sizeOf,' }, { updateMask: 'firstName,part.sizeOf' }],
    ['wrapped int64', { wide: 5 }, { wide: '5' }],
    ['Any as it is', { any: { '@type': 'x', a: 1 } }, { any: { '@type': 'x', a: 1 } }],
    ['what lies deep', { parts: [{ size_of: 3 }] }, { parts: [{ sizeOf: '3' }] }],
    ['maps', { labels: { a: 'b', '': '' } }, { labels: { a: 'b', '': '' } }],
  ]
  for (const [what, given, expected] of cases) t.strictSame(read(given), expected, what)

  const misfits: [given: object, path: string][] = [
    [{ nope: 1 }, 'nope'],
    [JSON.parse('{"__proto__": {}}'), '__proto__'],
    [{ toString: 1 }, 'toString'],
    [{ firstName: 'a', first_name: 'b' }, 'first_name'],
    [{ firstName: 5 }, 'first_name'],
    [{ count: 1.5 }, 'count'],
    [{ count: 2 ** 53 }, 'count'],
    [{ count: '9223372036854775808' }, 'count'],
    [{ count: '' }, 'count'],
    [{ small: 2 ** 40 }, 'small'],
    [{ isOn: 'true' }, 'is_on'],
    [{ color: 7 }, 'color'],
    [{ color: '1' }, 'color'],
    [{ color: 'toString' }, 'color'],
    [{ tags: 'a' }, 'tags'],
    [{ tags: ['a', null] }, 'tags[1]'],
    [{ labels: ['a'] }, 'labels'],
    [{ labels: { a: 1 } }, 'labels[a]'],
    [{ part: [] }, 'part'],
    [{ part: { nope: 1 } }, 'part.nope'],
    [{ parts: [{}, { sizeOf: 'x' }] }, 'parts[1].size_of'],
    [{ left: 'a', right: 'b' }, 'right'],
    [{ madeAt: 'yesterday' }, 'made_at'],
    [{ madeAt: 5 }, 'made_at'],
    [{ lasts: '5m' }, 'lasts'],
    [{ updateMask: { paths: [] } }, 'update_mask'],
    [{ maybe: 1 }, 'maybe'],
    [{ any: {} }, 'any'],
    [{ nothing: { a: 1 } }, 'nothing.a'],
  ]
  for (const [given, path] of misfits) {
    try {
      read(given)
      t.fail(`${JSON.stringify(given)} was read`)
    } catch (error) {
      if (!(error instanceof Misfit)) throw error
      t.equal(error.path, path, `${JSON.stringify(given)}: ${error.message}`)
    }
  }
  for (const value of [null, 5, 'x', []]) t.throws(() => read(value), { message: 'Expected an object' })
  t.throws(() => json.read('a.v1.Nope', {}), { message: 'no message a.v1.Nope' })
})

test('reading a query string', async (t) => {
  t.strictSame(read({ count: '5', small: '6', isOn: 'true', maybe: 'false', color: '1', tags: 'a' }, true), {
    count: '5',
    small: 6,
    isOn: true,
    maybe: false,
    color: 'RED',
    tags: ['a'],
  })
  t.throws(() => read({ isOn: 'yes' }, true), Misfit)
})

test('times', async (t) => {
  const cases: [text: string, read: string | undefined][] = [
    ['2026-01-02T03:04:05Z', '2026-01-02T03:04:05Z'],
    ['2026-01-02t03:04:05.123456789z', '2026-01-02T03:04:05.123456789Z'],
    ['2026-01-02T03:04:05.1000Z', '2026-01-02T03:04:05.100Z'],
    ['2024-02-29T00:00:00Z', '2024-02-29T00:00:00Z'],
    ['2026-02-29T00:00:00Z', undefined],
    ['2026-01-02T25:00:00Z', undefined],
    ['2026-01-02', undefined],
    ['2026-01-02T03:04:05', undefined],
    ['0000-01-01T00:00:00Z', undefined],
    ['9999-12-31T23:59:59.999Z', '9999-12-31T23:59:59.999Z'],
  ]
  for (const [text, expected] of cases) t.equal(timestamp(text), expected, text)
})

test('printing', async (t) => {
  const print = (value: object, options = {}) => json.print('a.v1.Thing', value, options)
  t.equal(
    JSON.stringify(print({ count: '0', isOn: true, firstName: 'A', part: {}, left: '' })),
    '{"firstName":"A","isOn":true,"part":{},"left":""}',
  )
  t.strictSame(print({}, { always: { 'a.v1.Thing': ['is_on', 'count'] } }), { count: '0', isOn: false })
  t.strictSame(print({ part: {} }, { everything: true }), {
    firstName: '',
    count: '0',
    small: 0,
    isOn: false,
    color: 'COLOR_UNSPECIFIED',
    tags: [],
    labels: {},
    part: { sizeOf: '0' },
  })
  const any = { '@type': 'type.googleapis.com/a.v1.Part', sizeOf: '0' }
  t.strictSame(print({ any }), { any: { '@type': any['@type'] } })
  const empty = { '@type': 'type.googleapis.com/google.protobuf.Empty' }
  t.strictSame(print({ any: empty, parts: [{ sizeOf: '1' }, {}] }), { parts: [{ sizeOf: '1' }, {}], any: empty })
})

test('rules', async (t) => {
  const broken = (value: Record<string, unknown>) => violationsOf(contract, 'a.v1.Thing', value).map(({ path, rule }) => `${path} ${rule}`)
  t.same(broken({ firstName: 'abc', part: { sizeOf: '9' }, lasts: '3600s', labels: { abc: 'x' } }), [])
  t.same(broken({ firstName: '👍👍👍' }), [], 'characters are code points')
  t.same(broken({ firstName: '👍👍👍👍' }), ['first_name length'])
  t.same(broken({ tags: ['a', 'b', 'c'] }), ['tags size'])
  t.same(broken({ labels: { abcd: 'x', A: 'y', '': 'z' } }), ['labels[abcd] mapKey', 'labels[A] mapKey', 'labels[] mapKey'])
  t.same(broken({ parts: [{ sizeOf: '10' }, { sizeOf: '-1' }] }), ['parts[0].size_of value', 'parts[1].size_of value'])
  t.same(broken({ lasts: '59.999s' }), ['lasts value'])
})

test('names, routes, schemas and types of a contract', async (t) => {
  t.same([...methodsOf(contract).keys()], ['a.ThingService.Get'], 'two services share a short name')
  const paths = ['/v1/users/{user_id}', '/v1/users/{user_id}:stop', '/v1/things/{a}/{b}']
  t.same(
    paths.map((path) => routeOf(path, paths)),
    ['/v1/users/:user_id(^[^:]+)', '/v1/users/:user_id(^[^:]+)::stop', '/v1/things/:a(.+)/:b(.+)'],
  )
  t.match(
    schemasOf(contract).find(({ $id }) => $id === 'a.v1.Part'),
    { properties: { sizeOf: { type: 'string' } }, additionalProperties: false },
  )
  const types = typesOf(contract)
  t.match(types, "export type Color = 'COLOR_UNSPECIFIED' | 'RED'")
  t.match(types, '  parts?: Part[] | undefined')
  t.match(types, "  'a.ThingService.Get': { input: Thing; output: Part }")
})
