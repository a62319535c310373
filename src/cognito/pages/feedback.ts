import type { FastifyInstance } from 'fastify'
import type { Operation } from '../../contract/operation.ts'
import type { Emulator } from '../../core/emulator.ts'
import { Refusal } from '../../core/refusal.ts'
import { run } from '../../core/run.ts'
import { namespaceOf, originOf } from '../../http/origin.ts'

/** Where the links of a notification about a risky sign-in lead: opening one is UpdateAuthEventFeedback. */
export function feedback(
  app: FastifyInstance,
  { emulator, load }: { emulator: Emulator; load: () => Promise<Operation | undefined> },
): void {
  app.get<{ Querystring: Record<string, string> }>('/feedback', { schema: { hide: true } }, async (request, reply) => {
    const { user_pool_id, username, event_id, feedback_token, feedback_value } = request.query
    const input = {
      UserPoolId: user_pool_id,
      Username: username,
      EventId: event_id,
      FeedbackToken: feedback_token,
      FeedbackValue: feedback_value,
    }
    const operation = await load()
    if (operation === undefined) throw new Error('UpdateAuthEventFeedback is not there')
    const origin = originOf(request, emulator.fittings.settings)
    let said = 'Thank you. Your answer was recorded.'
    try {
      await run(operation, () => input, origin, emulator.namespace(namespaceOf(request)))
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      reply.code(400)
      said = 'This link is not valid.'
    }
    return reply.type('text/html; charset=utf-8').send(page(said))
  })
}

function page(text: string): string {
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Sign-in</title></head><body><main><p>${text}</p></main></body></html>`
}
