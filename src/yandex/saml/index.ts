/**
 * SAML applications of Identity Hub: metadata, single sign-on and single logout (yandex-idp 15).
 *
 * The protocol's own texts are made in oauth/saml, loaded with the first request; people sign in at the same pages as for OAuth. Where
 * the endpoints lie, save the metadata, is a guess.
 */
import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { Call } from '../../core/call.ts'
import type { Emulator } from '../../core/emulator.ts'
import { Broken } from '../../core/faults.ts'
import { Refusal } from '../../core/refusal.ts'
import { breakAnswer } from '../../http/mount.ts'
import type * as Saml from '../../oauth/saml/index.ts'
import { certificates } from '../application-records.ts'
import { browserCalls } from '../pages/browser-calls.ts'
import { metadataOf } from '../rules/applications/saml.ts'
import { usable } from './requests.ts'
import { signOn } from './sign-on.ts'
import { signOut } from './sign-out.ts'

/** The names of calls here, for the journal and for faults; what goes wrong in them is told on the `ErrorPage` of OAuth's. */
export const samlCalls = ['SamlMetadata', 'SamlSignOn', 'SamlLogout']

interface Params {
  applicationId: string
}

export async function saml(app: FastifyInstance, { emulator }: { emulator: Emulator }): Promise<void> {
  const { perform, answer } = browserCalls(app, emulator, ({ params, method }) => ({ ...(params as Params), method }))
  const idIn = ({ params }: FastifyRequest) => (params as Params).applicationId

  app.get('/saml/metadata/:applicationId', { schema: { tags: ['yandex'] } }, async (request, reply) => {
    const tools = await import('../../oauth/saml/index.ts')
    try {
      const xml = await perform(request, 'SamlMetadata', (call) => describe(call, tools, idIn(request)))
      return reply.type('application/samlmetadata+xml; charset=utf-8').send(xml)
    } catch (error) {
      if (error instanceof Broken) return breakAnswer(reply, error)
      if (!(error instanceof Refusal)) throw error
      return reply.code(404).type('text/plain; charset=utf-8').send(`${error.message}\n`)
    }
  })

  for (const [path, name, act] of [['sso', 'SamlSignOn', signOn] as const, ['slo', 'SamlLogout', signOut] as const]) {
    app.route({
      method: ['GET', 'POST'],
      url: `/saml/application/:applicationId/${path}`,
      schema: { tags: ['yandex'] },
      exposeHeadRoute: false,
      handler: async (request, reply) => {
        const tools = await import('../../oauth/saml/index.ts')
        return answer(request, reply, name, (call, web) => act(call, tools, web, idIn(request)))
      },
    })
  }
}

/** All certificates of the application, the one it signs with first: the next one is known before it is used. */
function describe(call: Call, tools: typeof Saml, id: string): string {
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
