/**
 * SAML applications of Identity Hub: metadata, single sign-on and single logout (yandex-idp 15).
 *
 * The protocol's own texts are made in oauth/saml, loaded with the first request; people sign in at the same pages as for OAuth. Where
 * the endpoints lie, save the metadata, is a guess.
 */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { Call } from '../../core/call.ts'
import type { Emulator } from '../../core/emulator.ts'
import { Broken } from '../../core/faults.ts'
import { Refusal } from '../../core/refusal.ts'
import { type Callable, run } from '../../core/run.ts'
import { breakAnswer } from '../../http/mount.ts'
import { originOf } from '../../http/origin.ts'
import { answerPage } from '../../oauth/index.ts'
import { languageOf, sayIn } from '../../oauth/pages/languages.ts'
import { type PageAnswer, standalone } from '../../oauth/pages/visit.ts'
import { refuse } from '../../oauth/refusal.ts'
import type * as Saml from '../../oauth/saml/index.ts'
import { namespaceOf, type Web, webOf } from '../../oauth/web.ts'
import { certificates } from '../application-records.ts'
import { realm } from '../realm.ts'
import { metadataOf } from '../rules/saml.ts'
import { usable } from './requests.ts'
import { signOn } from './sign-on.ts'
import { signOut } from './sign-out.ts'

type Act = (call: Call, tools: typeof Saml, web: Web, id: string) => PageAnswer

/** The names of calls here, for the journal and for faults. */
export const samlCalls = ['SamlMetadata', 'SamlSignOn', 'SamlLogout']

interface Params {
  applicationId: string
}

export async function saml(app: FastifyInstance, { emulator }: { emulator: Emulator }): Promise<void> {
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('application/x-www-form-urlencoded', { parseAs: 'string' }, (_request, body, done) => done(null, body))
  app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, _body, done) => done(null, undefined))

  const perform = async <T>(request: FastifyRequest, name: string, doing: (call: Call, tools: typeof Saml, web: Web, id: string) => T) => {
    const tools = await import('../../oauth/saml/index.ts')
    const { settings } = emulator.fittings
    const web = webOf(request, settings)
    const { applicationId } = request.params as Params
    const namespace = emulator.find(namespaceOf(request)) ?? refuse('invalid_request', `There is no namespace ${namespaceOf(request)}.`)
    const callable: Callable<unknown, T> = {
      room: 'yandex',
      name,
      admit: (input) => input,
      handle: (_input, context) => doing(new Call(context), tools, web, applicationId),
      mask: (value, side) => (side === 'output' ? undefined : value),
    }
    return run(callable, () => ({ applicationId, method: request.method }), originOf(request, settings), namespace)
  }

  app.get<{ Params: Params }>('/saml/metadata/:applicationId', { schema: { tags: ['yandex'] } }, async (request, reply) => {
    try {
      const xml = await perform(request, 'SamlMetadata', describe)
      return reply.type('application/samlmetadata+xml; charset=utf-8').send(xml)
    } catch (error) {
      if (error instanceof Broken) return breakAnswer(reply, error)
      if (!(error instanceof Refusal)) throw error
      return reply.code(404).type('text/plain; charset=utf-8').send(`${error.message}\n`)
    }
  })

  const show = (name: string, act: Act) => async (request: FastifyRequest, reply: FastifyReply) => {
    const web = webOf(request, emulator.fittings.settings)
    try {
      return answerPage(reply, web, await perform(request, name, act))
    } catch (error) {
      if (error instanceof Broken) return breakAnswer(reply, error)
      if (!(error instanceof Refusal)) reply.log.error(error)
      const [told, reason] =
        error instanceof Refusal ? [error.name, error.message] : ['server_error', 'The emulator failed; its log says why.']
      const page = { id: 'error', title: sayIn(languageOf(web))('error'), error: told, lead: reason, forms: [] }
      const document = await perform(request, 'ErrorPage', (call, _tools, seen) =>
        standalone(call, realm, seen, page, { status: error instanceof Refusal ? 400 : 500 }),
      )
      return answerPage(reply, web, document)
    }
  }
  for (const [path, handler] of [['sso', show('SamlSignOn', signOn)] as const, ['slo', show('SamlLogout', signOut)] as const]) {
    app.route({
      method: ['GET', 'POST'],
      url: `/saml/application/:applicationId/${path}`,
      schema: { tags: ['yandex'] },
      exposeHeadRoute: false,
      handler,
    })
  }
}

/** All certificates of the application, the one it signs with first: the next one is known before it is used. */
function describe(call: Call, tools: typeof Saml, _web: Web, id: string): string {
  const { securitySettings } = usable(call, id)
  const all = certificates
    .all(call, id)
    .sort((a, b) => Number(b.id === securitySettings.signatureCertificateId) - Number(a.id === securitySettings.signatureCertificateId))
  const { issuer, ssoUrl, sloUrl } = metadataOf(call, id)
  return tools.metadataOf({
    entityId: issuer,
    certificates: all.map(({ data }) => data.replace(/-----[^-]+-----|\s/g, '')),
    ssoUrl,
    sloUrl,
    nameIdFormats: [tools.NAME_ID.email, tools.NAME_ID.persistent],
  })
}
