import { DEFAULT_NAMESPACE, Emulator } from '../core/emulator.ts'
import { requestId } from '../core/random.ts'
import { Declined, type Route } from './route.ts'

const NAME = { type: 'string', pattern: '^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$' }

const NAMESPACE = {
  type: 'object',
  properties: { name: NAME, url: { type: 'string', description: 'what clients take for their base URL' } },
  required: ['name', 'url'],
}

const SNAPSHOT = {
  type: 'object',
  properties: { name: NAME, size: { type: 'integer', description: 'bytes' } },
  required: ['name', 'size'],
}

const ABSENT = { 404: 'There is none of that name' }

function shown(name: string, base: string): { name: string; url: string } {
  return { name, url: name === DEFAULT_NAMESPACE ? base : `${base}/~${name}` }
}

/** Isolated worlds, and states of one kept by name. */
export const namespaces: Route[] = [
  {
    method: 'GET',
    url: '/namespaces',
    summary: 'All namespaces',
    answer: { type: 'array', items: NAMESPACE },
    handle: ({ emulator, base }) => emulator.names.map((name) => shown(name, base)),
  },
  {
    method: 'POST',
    url: '/namespaces',
    summary: 'Make a namespace, from the fixtures unless told otherwise',
    body: {
      type: ['object', 'null'],
      properties: {
        name: { ...NAME, description: 'one is drawn if absent' },
        from: { type: 'string', description: 'baseline, empty, or the name of a snapshot', default: 'baseline' },
      },
      additionalProperties: false,
    },
    answer: NAMESPACE,
    refuses: { 400: 'It cannot be a name', 404: 'There is no such snapshot', 409: 'There is one of that name, or as many as there may be' },
    handle: ({ body, emulator, base }) => {
      const { name = `n${requestId().slice(0, 8)}`, from } = body ?? {}
      if (emulator.has(name)) throw new Declined(409, `there is a namespace ${name}`)
      if (emulator.isFullFor(name)) throw new Declined(409, emulator.whyNot(name))
      if (emulator.create(name, from) === undefined) throw new Declined(404, `there is no snapshot ${from}`)
      return shown(name, base)
    },
  },
  {
    method: 'DELETE',
    url: '/namespaces/:name',
    summary: 'Drop a namespace and all it holds',
    refuses: { 400: 'The default one stays', ...ABSENT },
    handle: ({ params: { name = '' }, emulator }) => {
      if (name === DEFAULT_NAMESPACE) throw new Declined(400, 'the default namespace stays; reset it instead')
      if (!Emulator.allows(name) || !emulator.remove(name)) throw new Declined(404, `there is no namespace ${name}`)
    },
  },
  {
    method: 'GET',
    url: '/snapshots',
    summary: 'All snapshots, of whatever namespace',
    answer: { type: 'array', items: SNAPSHOT },
    handle: ({ emulator }) => emulator.snapshots.list(),
  },
  {
    method: 'PUT',
    url: '/snapshots/:name',
    summary: 'Keep what this namespace holds now under a name',
    answer: SNAPSHOT,
    refuses: { 400: 'It cannot be a name' },
    handle: ({ params, emulator, namespace }) => emulator.saveSnapshot(allowed(params.name), namespace().name),
  },
  {
    method: 'POST',
    url: '/snapshots/:name/restore',
    summary: 'Put a snapshot in the place of all this namespace holds, clock and chance included',
    refuses: ABSENT,
    handle: ({ params, emulator, namespace }) => {
      if (!emulator.loadSnapshot(allowed(params.name), namespace().name)) throw new Declined(404, `there is no snapshot ${params.name}`)
    },
  },
  {
    method: 'DELETE',
    url: '/snapshots/:name',
    summary: 'Forget a snapshot',
    refuses: ABSENT,
    handle: ({ params, emulator }) => {
      if (!emulator.snapshots.remove(allowed(params.name))) throw new Declined(404, `there is no snapshot ${params.name}`)
    },
  },
]

function allowed(name = ''): string {
  if (Emulator.allows(name)) return name
  throw new Declined(400, `"${name}" cannot be a name: use a-z, 0-9 and inner hyphens, at most 63`)
}
