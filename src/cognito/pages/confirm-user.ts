import type { FastifyInstance } from 'fastify'
import type { Emulator } from '../../core/emulator.ts'
import { Refusal } from '../../core/refusal.ts'
import { type Callable, run } from '../../core/run.ts'
import { namespaceOf, originOf } from '../../http/origin.ts'
import { CognitoCall } from '../operation.ts'
import { confirmByCode } from '../rules/confirmation.ts'
import { postConfirmation } from '../rules/triggers/sign-up.ts'

interface Query {
  client_id?: string
  user_name?: string
  confirmation_code?: string
}

/** Where the link of a sign-up's mail leads (S20): it confirms like ConfirmSignUp and says so to a person. */
export async function confirmUser(app: FastifyInstance, { emulator }: { emulator: Emulator }): Promise<void> {
  app.get<{ Querystring: Query }>('/confirmUser', { schema: { tags: ['cognito'] } }, async (request, reply) => {
    const origin = originOf(request, emulator.fittings.settings)
    const namespace = emulator.find(namespaceOf(request))
    reply.type('text/html; charset=utf-8').header('cache-control', 'no-store')
    if (namespace === undefined) return reply.code(404).send(page('There is nothing here.', 'error'))
    try {
      await run(confirmation, () => request.query, origin, namespace)
      return reply.send(page('Your registration has been confirmed!', 'confirmed'))
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      return reply.code(400).send(page(error.message, 'error'))
    }
  })
}

const confirmation: Callable<Query, void> = {
  room: 'cognito',
  name: 'confirmUser',
  admit: (query) => query as Query,
  handle({ client_id: id, user_name: username, confirmation_code: code }, context) {
    const call: CognitoCall = new CognitoCall(context, 'ConfirmSignUp')
    if (id === undefined || username === undefined || code === undefined) {
      call.fail('InvalidParameterException', 'The link is incomplete: it needs client_id, user_name and confirmation_code.')
    }
    const client = call.clientAnywhere(id)
    const pool = call.pool(client.UserPoolId)
    const user = confirmByCode(call, { pool, client }, { username, code })
    postConfirmation(call, pool, 'PostConfirmation_ConfirmSignUp', user, { clientId: client.ClientId })
  },
}

function page(text: string, id: string): string {
  const escaped = text.replaceAll('&', '&amp;').replaceAll('<', '&lt;')
  return `<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Confirm your account</title><main><h1>Confirm your account</h1><p role="status" data-testid="${id}">${escaped}</p></main></html>\n`
}
