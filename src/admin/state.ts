import { coverageOf } from '../contract/coverage.ts'
import { DEFAULT_NAMESPACE } from '../core/emulator.ts'
import type { AdminOptions } from './index.ts'
import { Declined, Response, type Route } from './route.ts'

const COVERAGE = {
  type: 'object',
  properties: {
    room: { type: 'string' },
    known: { type: 'integer' },
    built: { type: 'integer' },
    operations: {
      type: 'array',
      items: { type: 'object', properties: { name: { type: 'string' }, built: { type: 'boolean' } }, required: ['name', 'built'] },
    },
  },
  required: ['room', 'known', 'built', 'operations'],
}

/** How the emulator is, and back to how it began. */
export function state({ emulator, rooms, readiness, authority, environment, targets, version }: AdminOptions): Route[] {
  return [
    {
      method: 'GET',
      url: '/health',
      summary: 'Whether the process is alive',
      answer: { type: 'object', properties: { status: { type: 'string', const: 'ok' }, version: { type: 'string' } } },
      handle: () => ({ status: 'ok', version }),
    },
    {
      method: 'GET',
      url: '/ready',
      summary: 'Whether the fixtures are applied',
      answer: { type: 'object', properties: { ready: { type: 'boolean', const: true } } },
      refuses: { 503: 'Not yet, or never: with what is wrong with the fixtures' },
      handle: () => {
        const ready = emulator.hasBaseline && readiness.errors.length === 0
        if (ready) return { ready }
        return new Response({ ready, error: 'the fixtures are not applied', errors: readiness.errors }, { status: 503 })
      },
    },
    {
      method: 'GET',
      url: '/info',
      summary: 'What this emulator is and can do',
      answer: {
        type: 'object',
        properties: {
          name: { type: 'string' },
          version: { type: 'string' },
          node: { type: 'string' },
          ready: { type: 'boolean' },
          publicUrl: { type: 'string' },
          issuers: { type: 'array', items: { type: 'string' }, description: 'whom tokens of this run name' },
          namespaces: { type: 'array', items: { type: 'string' } },
          vendors: {
            type: 'array',
            items: { type: 'object', properties: { name: { type: 'string' }, known: { type: 'integer' }, built: { type: 'integer' } } },
          },
        },
      },
      handle: () => ({
        name: 'poolhouse',
        version,
        node: process.versions.node,
        ready: emulator.hasBaseline && readiness.errors.length === 0,
        ...(emulator.fittings.settings.publicUrl === undefined ? {} : { publicUrl: emulator.fittings.settings.publicUrl }),
        issuers: [...new Set(emulator.open.flatMap(({ issuers }) => [...issuers]))],
        namespaces: emulator.names,
        vendors: rooms.map(({ name, operations }) => {
          const { known, built } = coverageOf(name, operations)
          return { name, known, built }
        }),
      }),
    },
    {
      method: 'GET',
      url: '/env',
      summary: 'The variables that send clients to this namespace',
      query: { for: { type: 'string', enum: [...targets], description: 'for one kind of client' } },
      answer: { type: 'object', additionalProperties: { type: 'string' } },
      handle: ({ base, namespace, query }) => {
        const { name } = namespace()
        return environment({ url: name === DEFAULT_NAMESPACE ? base : `${base}/~${name}`, namespace: name }, query.for)
      },
    },
    {
      method: 'GET',
      url: '/coverage',
      summary: 'What is built of each contract',
      answer: { type: 'array', items: COVERAGE },
      handle: () => rooms.map(({ name, operations }) => coverageOf(name, operations)),
    },
    {
      method: 'GET',
      url: '/ca.pem',
      summary: 'The development authority that clients of the TLS port must trust',
      answer: { type: 'string' },
      refuses: { 404: 'Not started with a development certificate' },
      handle: () => {
        const pem = authority()
        if (pem === undefined) throw new Declined(404, 'there is no development certificate; start with --tls')
        return new Response(pem, { type: 'application/x-pem-file' })
      },
    },
    {
      method: 'POST',
      url: '/reset',
      summary: 'Back to the fixtures, clock and chance included; journal and outbox start empty',
      query: { to: { type: 'string', description: 'baseline, empty, or the name of a snapshot' } },
      refuses: { 404: 'There is no such snapshot' },
      handle: ({ namespaceName, query: { to = 'baseline' } }) => {
        if (to === 'baseline') return emulator.reset(namespaceName)
        if (to === 'empty') return emulator.empty(namespaceName)
        if (!emulator.loadSnapshot(to, namespaceName)) throw new Declined(404, `there is no snapshot ${to}`)
        emulator.namespace(namespaceName).journal.clear()
      },
    },
  ]
}
