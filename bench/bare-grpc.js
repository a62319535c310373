// A gRPC server that echoes bytes: what Yandex's operations over gRPC are measured against.
import { Server, ServerCredentials } from '@grpc/grpc-js'

const pass = (value) => value
const server = new Server()
server.addService(
  {
    echo: {
      path: '/bench.Echo/Echo',
      requestStream: false,
      responseStream: false,
      requestSerialize: pass,
      requestDeserialize: pass,
      responseSerialize: pass,
      responseDeserialize: pass,
    },
  },
  { echo: (call, answer) => answer(null, call.request) },
)
server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, port) => {
  if (error !== null) throw error
  console.log(`ready http://127.0.0.1:${port}`)
})
