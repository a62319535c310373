/**
 * `/_/debugger`: a code flow with PKCE walked hop by hop, with any vendor's client, as an application would. Pages without scripts; what
 * is sent goes through the server's own doors (`send`). A walk is kept in memory; nothing of it is logged.
 */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Call } from '../../core/call.ts'
import { DEFAULT_NAMESPACE, type Emulator } from '../../core/emulator.ts'
import { namespaceOf, originOf } from '../../http/origin.ts'
import { Declined } from '../route.ts'
import type { Inspector } from '../tokens.ts'
import { begin, type DebugClient, type Debuggable, type Flow, Flows, formTo, type Hop, moreOf, type Sent } from './flow.ts'
import { type Markup, pageOf } from './page.ts'
import { clientOf, flowOf, listOf } from './views.ts'

export type { Debuggable } from './flow.ts'

/** Sends a request to the server itself. */
export type Send = (request: {
  method: string
  url: string
  headers: Record<string, string>
  body?: string | undefined
}) => Promise<{ status: number; text: string }>

export interface DebuggerOptions {
  emulator: Emulator
  vendors: Readonly<Record<string, Debuggable>>
  inspectors: Readonly<Record<string, Inspector>>
  send: Send
}

const CALLBACK = '/_/debugger/callback'

/** Where a walk is, by the request that looks at it. */
interface Here {
  namespace: string
  /** The address that the emulator is called at, the namespace included: the issuer's, too. */
  base: string
  act<T>(of: (call: Call) => T): T
}

export async function debuggerPages(app: FastifyInstance, { emulator, vendors, inspectors, send }: DebuggerOptions): Promise<void> {
  const flows = new Flows()
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('application/x-www-form-urlencoded', { parseAs: 'string' }, (_request, body, done) =>
    done(null, Object.fromEntries(new URLSearchParams(String(body)))),
  )

  const here = (request: FastifyRequest): Here => {
    const namespace = namespaceOf(request)
    const found = emulator.find(namespace)
    if (found === undefined) throw new Declined(404, `there is no namespace ${namespace}; POST /_/namespaces makes one`)
    return { namespace, base: originOf(request, emulator.fittings.settings).base, act: (of) => found.act(of) }
  }
  const show = (reply: FastifyReply, title: string, at: Here, content: Markup, status = 200) => {
    const { body, headers } = pageOf(title, at.base, content)
    return reply.code(status).headers(headers).send(body)
  }
  const vendorOf = (name: string | undefined): Debuggable => {
    const vendor = name === undefined || !Object.hasOwn(vendors, name) ? undefined : vendors[name]
    if (vendor === undefined) throw new Declined(404, `there is no vendor ${name} with clients`)
    return vendor
  }
  const named = (at: Here, { vendor: name, client: id }: Record<string, string | undefined>) => {
    const vendor = vendorOf(name)
    const client = at.act((call) => vendor.clients(call)).find((candidate) => candidate.id === id)
    if (client === undefined) throw new Declined(404, `there is no client ${id}`)
    return { name: name as string, vendor, client }
  }
  /** What adds our redirect URI to a client that has it not. */
  const missing = (at: Here, vendor: Debuggable, client: DebugClient, how: { shown: boolean }): Sent | undefined => {
    const uri = at.base + CALLBACK
    if (client.redirects.includes(uri)) return undefined
    const { method, path, headers, body } = at.act((call) => vendor.addRedirect(call, client, uri, how))
    return { method, url: at.base + path, headers, body: JSON.stringify(body) }
  }
  /** The same path, behind whatever names the namespace, without a public URL's host. */
  const sendTo = (request: FastifyRequest, at: Here, { method, url, headers, body }: Sent) => {
    const prefix = at.namespace === DEFAULT_NAMESPACE ? '' : `/~${at.namespace}`
    const host = request.headers.host ?? 'localhost'
    return send({ method, url: prefix + url.slice(at.base.length), headers: { host, ...headers }, body })
  }
  const flowAt = (at: Here, request: FastifyRequest): Flow => {
    const { state } = request.params as { state: string }
    const flow = flows.find(state, at.namespace)
    if (flow === undefined) throw new Declined(404, 'there is no such walk any more; begin again at /_/debugger')
    return flow
  }

  const page = (
    method: 'GET' | 'POST',
    url: string,
    summary: string,
    handle: (at: Here, request: FastifyRequest, reply: FastifyReply, input: Record<string, string | undefined>) => unknown,
  ) =>
    app.route({
      method,
      url,
      schema: {
        summary,
        tags: ['admin'],
        operationId: `${method.toLowerCase()}Debugger${url.replace(/\W+(\w)?/g, (_whole, letter?: string) => letter?.toUpperCase() ?? '')}`,
        ...(method === 'GET' ? { produces: ['text/html'] } : {}),
        response:
          method === 'GET'
            ? { 200: { description: 'A page', type: 'string' } }
            : { 303: { description: 'On to the next page', type: 'null' } },
      },
      handler: (request, reply) =>
        handle(here(request), request, reply, { ...(request.query as object), ...((request.body as object | undefined) ?? {}) }),
    })

  page('GET', '', 'Walks a code flow with PKCE, hop by hop, with any client', (at, _request, reply) => {
    const all = Object.entries(vendors).map(([vendor, one]) => ({ vendor, label: one.label, clients: at.act((call) => one.clients(call)) }))
    return show(reply, 'OAuth debugger', at, listOf(at.base, all))
  })

  page('GET', '/client', 'A client before its flow begins', (at, _request, reply, input) => {
    const { name, vendor, client } = named(at, input)
    return show(reply, client.name, at, clientOf(at.base, name, client, at.base + CALLBACK, missing(at, vendor, client, { shown: true })))
  })

  page('POST', '/redirect', "Adds the debugger's redirect URI to a client", async (at, request, reply, input) => {
    const { name, vendor, client } = named(at, input)
    const call = missing(at, vendor, client, { shown: false })
    const answer = call === undefined ? undefined : await sendTo(request, at, call)
    if (answer !== undefined && answer.status >= 400) throw new Declined(409, `the call was refused: ${answer.text}`)
    return reply.redirect(`${at.base}/_/debugger/client?${new URLSearchParams({ vendor: name, client: client.id })}`, 303)
  })

  page('POST', '/begin', 'Begins a flow', (at, _request, reply, input) => {
    const { name, vendor, client } = named(at, input)
    const endpoints = at.act((call) => vendor.endpoints(call, client, at.base))
    const about = { namespace: at.namespace, vendor: name, client, endpoints, redirectUri: at.base + CALLBACK }
    const { scope = '', prompt = '', login_hint: loginHint = '', more: lines = '' } = input
    const more = moreOf(lines)
    if (typeof more === 'string') throw new Declined(400, more)
    const { state } = flows.keep(begin(about, { scope: scope.trim(), prompt: prompt.trim(), loginHint: loginHint.trim(), more }))
    return reply.redirect(`${at.base}/_/debugger/flow/${state}`, 303)
  })

  page('GET', '/flow/:state', 'A flow as far as it has come', (at, request, reply) => {
    const flow = flowAt(at, request)
    const values = flow.hops.flatMap(({ tokens }) => tokens.map(({ value }) => value))
    const problems = (token: string) =>
      at.act((call) => {
        for (const inspect of Object.values(inspectors)) {
          const found = inspect(call, at.base, token, {})
          if (found !== undefined) return found.problems.map(({ reason }) => reason)
        }
        return undefined
      })
    const inspected = Object.fromEntries(values.flatMap((token) => (problems(token) === undefined ? [] : [[token, problems(token) ?? []]])))
    return show(reply, 'A code flow', at, flowOf(at.base, flow, vendorOf(flow.vendor), inspected))
  })

  page('GET', '/callback', 'The redirect URI of the debugger', (at, _request, reply, input) => {
    const flow = flows.find(input.state, at.namespace)
    if (flow === undefined) {
      const told = input.error === undefined ? '' : ` The answer says ${input.error}: ${input.error_description ?? ''}`
      throw new Declined(400, `the state of this answer is of no walk that is known here.${told}`)
    }
    const back = Object.fromEntries(Object.entries(input).filter((pair): pair is [string, string] => pair[1] !== undefined))
    flows.keep({ ...flow, back })
    return reply.redirect(`${at.base}/_/debugger/flow/${flow.state}`, 303)
  })

  page('POST', '/flow/:state/:step', 'The next hop: token, userinfo, refresh or revoke', async (at, request, reply, input) => {
    const { step } = request.params as { step: string }
    const flow = flowAt(at, request)
    const secret = input.secret ?? flow.secret ?? flow.client.secret
    const known = { ...flow, secret }
    const next = requestOf(known, step)
    if (next === undefined) throw new Declined(404, `there is no step ${step} here`)
    const { status, text } = await sendTo(request, at, next.sent)
    const answer = parsed(text)
    const given = step === 'token' || step === 'refresh' ? tokensIn(answer) : {}
    const tokens = Object.entries(given).map(([name, value]) => ({ name, value }))
    const hop: Hop = {
      id: step,
      title: next.title,
      sent: next.sent,
      status,
      answer: typeof answer === 'string' ? answer : JSON.stringify(answer, undefined, 2),
      tokens,
    }
    // A wrong secret is asked for again.
    const kept = status === 401 && step === 'token' ? undefined : secret
    flows.keep({ ...flow, secret: kept, hops: [...flow.hops, hop], tokens: { ...flow.tokens, ...given } })
    return reply.redirect(`${at.base}/_/debugger/flow/${flow.state}`, 303)
  })
}

function requestOf(flow: Flow, step: string): { title: string; sent: Sent } | undefined {
  const { endpoints, back = {}, redirectUri, verifier, tokens } = flow
  if (step === 'token') {
    const form = { grant_type: 'authorization_code', code: back.code, redirect_uri: redirectUri, code_verifier: verifier }
    return { title: 'The code for tokens', sent: formTo(flow, endpoints.token, form) }
  }
  if (step === 'userinfo') {
    const headers = { authorization: `Bearer ${tokens.access_token ?? ''}` }
    return { title: 'Who it is', sent: { method: 'GET', url: endpoints.userInfo, headers } }
  }
  const { refresh_token } = tokens
  if (step === 'refresh') {
    return { title: 'New tokens', sent: formTo(flow, endpoints.token, { grant_type: 'refresh_token', refresh_token }) }
  }
  if (step === 'revoke') return { title: 'The end of the refresh token', sent: formTo(flow, endpoints.revoke, { token: refresh_token }) }
  return undefined
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch {
    return text
  }
}

function tokensIn(answer: unknown): Record<string, string> {
  if (typeof answer !== 'object' || answer === null) return {}
  return Object.fromEntries(Object.entries(answer).filter(([name, value]) => name.endsWith('_token') && typeof value === 'string'))
}
