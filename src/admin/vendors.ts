import type { Call } from '../core/call.ts'
import type { Namespace } from '../core/namespace.ts'
import { Declined, type Route } from './route.ts'

/** What answers for a Lambda function. */
type Target = object

/** What the rooms let the admin API do that is theirs alone. */
export interface VendorControls {
  functions: {
    list(call: Call): { arn: string; target: Target }[]
    /** Undefined if the line says nothing that can answer. */
    parse(line: string): Target | undefined
    set(call: Call, arn: string, target: never): { arn: string; target: Target }
    remove(call: Call, arn: string): boolean
  }
  iam: {
    token(namespace: Namespace, subject: string): string
    setVerdict(namespace: Namespace, domain: string, valid: boolean): void
  }
}

const FUNCTION = {
  type: 'object',
  properties: { arn: { type: 'string', description: 'of a Lambda function, or * for any' }, target: { type: 'object' } },
  required: ['arn', 'target'],
}

/** Cognito's triggers answer to programs of yours; Yandex's tokens and domains need no outside world. */
export function vendors({ functions, iam }: VendorControls): Route[] {
  return [
    {
      method: 'GET',
      url: '/cognito/functions',
      summary: 'What answers for the Lambda functions of triggers',
      answer: { type: 'array', items: FUNCTION },
      handle: ({ namespace }) => namespace().act(functions.list),
    },
    {
      method: 'PUT',
      url: '/cognito/functions',
      summary: 'Have a module, an address or a local Lambda answer for a function',
      body: {
        type: 'object',
        properties: {
          arn: { type: 'string', minLength: 1, default: '*' },
          target: { type: 'string', description: './trigger.js, http://… or lambda:http://…' },
        },
        required: ['target'],
        additionalProperties: false,
      },
      answer: FUNCTION,
      refuses: { 400: 'The target is not understood' },
      handle: ({ namespace, body: { arn = '*', target } }) => {
        const parsed = functions.parse(target)
        if (parsed === undefined)
          throw new Declined(
            400,
            `target must be ./trigger.js, http://… or lambda:http://…${target.startsWith('command:') ? '; programs are named by settings and fixtures only' : ''}`,
          )
        return namespace().act((call) => functions.set(call, arn, parsed as never))
      },
    },
    {
      method: 'DELETE',
      url: '/cognito/functions',
      summary: 'What was set for a function answers no more',
      query: { arn: { type: 'string', description: '* by default' } },
      refuses: { 404: 'Nothing was set for it' },
      handle: ({ namespace, query: { arn = '*' } }) => {
        if (!namespace().act((call) => functions.remove(call, arn))) throw new Declined(404, `nothing was set for ${arn}`)
      },
    },
    {
      method: 'POST',
      url: '/yandex/iam-tokens',
      summary: 'An IAM token for any subject, as if it had signed in',
      body: {
        type: 'object',
        properties: { subject: { type: 'string', minLength: 1 } },
        required: ['subject'],
        additionalProperties: false,
      },
      answer: { type: 'object', properties: { iamToken: { type: 'string' } }, required: ['iamToken'] },
      handle: ({ namespace, body: { subject } }) => ({ iamToken: iam.token(namespace(), subject) }),
    },
    {
      method: 'PUT',
      url: '/yandex/domains/:domain',
      summary: "Whether the domain's DNS record is in place when it is validated",
      body: { type: 'object', properties: { valid: { type: 'boolean' } }, required: ['valid'], additionalProperties: false },
      handle: ({ namespace, params: { domain = '' }, body: { valid } }) => iam.setVerdict(namespace(), domain, valid),
    },
  ]
}
