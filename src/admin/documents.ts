import swagger from '@fastify/swagger'
import Fastify, { type FastifyInstance } from 'fastify'
import type { OpenApi } from '../http/openapi.ts'
import { Declined, Response, type Route } from './route.ts'

const DOCS = '/_/docs'

/** The OpenAPI document of everything, or of one room, and pages that show it without leaving this machine. */
export function documents(document: () => OpenApi, vendors: readonly string[]): Route[] {
  const tags = [...vendors, 'admin']
  const pages = lazily(() => swaggerUi(tags))
  return [
    {
      method: 'GET',
      url: '/openapi.json',
      summary: 'The OpenAPI document of all vendors and of this API',
      query: { vendor: { type: 'string', enum: tags, description: 'only the operations of this one' } },
      answer: { type: 'object' },
      refuses: { 400: 'There is no such vendor' },
      handle: ({ query: { vendor } }) => (vendor === undefined ? document() : only(document(), vendor)),
    },
    ...['/docs', '/docs/*'].map(
      (url): Route => ({
        method: 'GET',
        url,
        summary: 'The same, to read and to try',
        hidden: url.endsWith('*'),
        produces: 'text/html',
        answer: { type: 'string' },
        handle: async ({ params }) => {
          const rest = params['*']
          // The pages' own links count from the address without a slash at its end.
          if (rest === '') return new Response(undefined, { status: 302, headers: { location: '../docs' } })
          const page = await (await pages()).inject(rest === undefined ? DOCS : `${DOCS}/${rest}`)
          if (page.statusCode === 404) throw new Declined(404, 'there is no such page')
          const type = String(page.headers['content-type'])
          return new Response(page.rawPayload, { status: page.statusCode, type })
        },
      }),
    ),
  ]
}

/** The part of a document that one tag's operations need. */
function only(document: OpenApi, tag: string): OpenApi {
  const paths = Object.entries(document.paths)
    .map(([path, item]) => [path, Object.fromEntries(Object.entries(item).filter(([, { tags }]) => tags?.includes(tag)))] as const)
    .filter(([, item]) => Object.keys(item).length > 0)
  const part = { ...document, paths: Object.fromEntries(paths), tags: document.tags?.filter(({ name }) => name === tag) ?? [] }
  const used = new Set<string>()
  const schemas = document.components?.schemas ?? {}
  collect(part.paths)
  return {
    ...part,
    components: { ...document.components, schemas: Object.fromEntries(Object.entries(schemas).filter(([name]) => used.has(name))) },
  }

  function collect(value: unknown): void {
    if (typeof value !== 'object' || value === null) return
    for (const [key, inner] of Object.entries(value)) {
      if (key !== '$ref' || typeof inner !== 'string') {
        collect(inner)
        continue
      }
      const name = inner.replace('#/components/schemas/', '')
      if (used.has(name)) continue
      used.add(name)
      collect(schemas[name])
    }
  }
}

/** Swagger UI in a Fastify instance of its own, made when somebody first looks: a start pays nothing for it. */
async function swaggerUi(tags: readonly string[]): Promise<FastifyInstance> {
  const { default: ui } = await import('@fastify/swagger-ui')
  const app = Fastify()
  await app.register(swagger, {
    mode: 'static',
    specification: { document: { openapi: '3.1.0', info: { title: '', version: '' }, paths: {} } },
  })
  // Relative to the page, so that the pages of a namespace try out that namespace.
  const urls = tags.map((name) => ({ name, url: `./openapi.json?vendor=${name}` }))
  await app.register(ui, { routePrefix: DOCS, uiConfig: { urls, docExpansion: 'none', filter: true, tryItOutEnabled: true } as object })
  await app.ready()
  return app
}

function lazily<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined
  return () => {
    made ??= make()
    return made
  }
}
