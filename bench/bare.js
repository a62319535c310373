// A Fastify that parses a small JSON body and echoes it: what everything is measured against.
import Fastify from 'fastify'

const app = Fastify()
app.post('/', async (request) => request.body)
await app.listen({ host: '127.0.0.1', port: 0 })
console.log(`ready http://127.0.0.1:${app.server.address().port}`)
