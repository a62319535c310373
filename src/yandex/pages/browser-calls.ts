import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { Call } from '../../core/call.ts'
import type { Emulator } from '../../core/emulator.ts'
import { Broken } from '../../core/faults.ts'
import { Refusal } from '../../core/refusal.ts'
import { run } from '../../core/run.ts'
import { noteFailed } from '../../http/failed.ts'
import { breakAnswer } from '../../http/mount.ts'
import { originOf } from '../../http/origin.ts'
import { answerPage } from '../../oauth/index.ts'
import { languageOf, sayIn } from '../../oauth/pages/languages.ts'
import { mask, type PageAnswer, STALE, standalone } from '../../oauth/pages/visit.ts'
import { refuse } from '../../oauth/refusal.ts'
import { namespaceOf, type Web, webOf } from '../../oauth/web.ts'
import { realm } from '../realm.ts'
import { seatIn } from '../saml/requests.ts'

export interface BrowserCalls {
  /** A request as a call of this name. */
  perform<T>(request: FastifyRequest, name: string, doing: (call: Call, web: Web) => T): Promise<T>
  /** The same answered with a page or a redirect; what is refused is told on a page. */
  answer(request: FastifyRequest, reply: FastifyReply, name: string, act: (call: Call, web: Web) => PageAnswer): Promise<FastifyReply>
}

/** Requests of browsers that are no visits of the pages, as calls: `inputOf` is what the journal may know of one. */
export function browserCalls(
  app: FastifyInstance,
  emulator: Emulator,
  inputOf: (request: FastifyRequest, web: Web) => Record<string, unknown>,
): BrowserCalls {
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('application/x-www-form-urlencoded', { parseAs: 'string' }, (_request, body, done) => done(null, body))
  app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, _body, done) => done(null, undefined))

  const perform: BrowserCalls['perform'] = async (request, name, doing) => {
    const { settings } = emulator.fittings
    const web = webOf(request, settings)
    const namespace = emulator.find(namespaceOf(request)) ?? refuse('invalid_request', `There is no namespace ${namespaceOf(request)}.`)
    const callable = {
      room: 'yandex',
      name,
      admit: (input: unknown) => input,
      handle: (_input: unknown, context: Call['context']) => doing(new Call(context), web),
      mask,
    }
    return run(callable, () => inputOf(request, web), originOf(request, settings), namespace)
  }

  return {
    perform,
    async answer(request, reply, name, act) {
      const web = webOf(request, emulator.fittings.settings)
      try {
        return answerPage(reply, web, await perform(request, name, act))
      } catch (error) {
        if (error instanceof Broken) return breakAnswer(reply, error)
        const { page, status } = explained(error, web, () => noteFailed(emulator, request, error, 'yandex'))
        return answerPage(
          reply,
          web,
          await perform(request, 'ErrorPage', (call, seen) => standalone(call, realm, seen, page, { status, client: seatIn('') })),
        )
      }
    },
  }
}

/** What somebody at a browser is told of a refusal, or of a mistake of ours, which the journal tells more of. */
function explained(error: unknown, web: Web, failed: () => string) {
  const say = sayIn(languageOf(web))
  const title = say('error')
  if (!(error instanceof Refusal)) {
    return { page: { id: 'error', title, error: 'server_error', lead: failed(), forms: [] }, status: 500 }
  }
  if (error.message === STALE) return { page: { id: 'stale', title, error: say('stale'), forms: [] }, status: 403 }
  return { page: { id: 'error', title, error: error.name, lead: error.message, forms: [] }, status: 400 }
}
