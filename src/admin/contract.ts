import { FILES, FORMATS, type Format, render } from '../contract/report/render.ts'
import type { Usage } from '../contract/report/usage.ts'
import { DEFAULT_NAMESPACE } from '../core/emulator.ts'
import type { Namespace } from '../core/namespace.ts'
import { CONTRACT_MODES, type ContractMode } from '../core/violations.ts'
import { type Asked, Response, type Route } from './route.ts'

const MODE = { type: 'string', enum: CONTRACT_MODES }

const SCOPE = {
  type: 'string',
  enum: ['all', 'namespace'],
  description: 'of all namespaces (what the default one answers), or of the one addressed (what any other answers)',
}

/** How contract violations are taken, and what came of them. */
export function contract(usage: Usage, vendors: readonly string[]): Route[] {
  const modes = {
    type: 'object',
    properties: Object.fromEntries(vendors.map((vendor) => [vendor, MODE])),
    required: vendors,
  }
  const told = (namespace: Namespace) => Object.fromEntries(vendors.map((vendor) => [vendor, namespace.contractMode(vendor)]))
  return [
    {
      method: 'GET',
      url: '/contract/report',
      summary: 'Which operations, fields, values and errors calls used, and where they left the contracts',
      query: { format: { type: 'string', enum: FORMATS, description: 'json by default' }, scope: SCOPE },
      answer: { description: 'poolhouse-contract-report/1, or as the format says' },
      refuses: { 400: 'There is no such format or scope' },
      handle: (asked) => {
        const format = (asked.query.format ?? 'json') as Format
        return new Response(render(usage.report(asked.base, scopeOf(asked)), format), { type: FILES[format].type })
      },
    },
    {
      method: 'DELETE',
      url: '/contract/report',
      summary: 'Count from here on',
      query: { scope: SCOPE },
      handle: (asked) => usage.clear(scopeOf(asked)),
    },
    {
      method: 'GET',
      url: '/contract/mode',
      summary: 'What becomes of what a vendor tolerates and its contract does not list',
      answer: modes,
      handle: ({ namespace }) => told(namespace()),
    },
    {
      method: 'PUT',
      url: '/contract/mode',
      summary: 'Have this namespace take it silently, note it, or refuse it',
      body: {
        type: 'object',
        properties: { '*': { ...MODE, description: 'of all vendors that are not named' }, ...modes.properties },
        additionalProperties: false,
      },
      answer: modes,
      handle: ({ namespace, body }) => {
        namespace().contractModes = body as Record<string, ContractMode>
        return told(namespace())
      },
    },
  ]
}

function scopeOf({ namespaceName, query: { scope } }: Asked): string | undefined {
  const own = scope === undefined ? namespaceName !== DEFAULT_NAMESPACE : scope === 'namespace'
  return own ? namespaceName : undefined
}
