// Yandex's Get and Create over gRPC against a bare echo by the same client, in one run.
import { readFileSync } from 'node:fs'
import { fromJson, toBinary } from '@bufbuild/protobuf'
import { Client, credentials } from '@grpc/grpc-js'
import { descriptorsOf } from '../dist/contract/descriptors.js'

const IDP = 'yandex.cloud.organizationmanager.v1.idp'
const AT_ONCE = 16

/** `echo` and `emulator` are addresses; `user` is one to get, `userpool` one to create in. */
export async function grpc({ echo, emulator, user, userpool, seconds }) {
  const contract = JSON.parse(readFileSync(new URL('../dist/yandex/contract/contract.json', import.meta.url)))
  const registry = descriptorsOf(contract)
  const bytes = (type, message) => {
    const schema = registry.getMessage(`${IDP}.${type}`)
    return Buffer.from(toBinary(schema, fromJson(schema, message)))
  }
  console.log(`\ngRPC, ${AT_ONCE} calls at a time, ${seconds} s each, client and servers on the same cores`)
  const get = bytes('GetUserRequest', { userId: user })
  const floor = await rate(echo, '/bench.Echo/Echo', () => get, seconds)
  say('bare gRPC echo', floor)
  say('yandex UserService.Get', await rate(emulator, `/${IDP}.UserService/Get`, () => get, seconds), floor)
  let serial = 0
  const create = () =>
    bytes('CreateUserRequest', {
      userpoolId: userpool,
      username: `grpc${serial++}@bench.idp.yandexcloud.net`,
      fullName: 'Bench User',
      passwordSpec: { password: 'Correct-Horse-1' },
    })
  say('yandex UserService.Create', await rate(emulator, `/${IDP}.UserService/Create`, create, seconds), floor)
}

async function rate(address, path, message, seconds) {
  const client = new Client(address.replace('http://', ''), credentials.createInsecure())
  const call = () =>
    new Promise((resolve, reject) =>
      client.makeUnaryRequest(
        path,
        (value) => value,
        (value) => value,
        message(),
        (error) => (error === null ? resolve() : reject(error)),
      ),
    )
  await call()
  const times = []
  const end = performance.now() + seconds * 1000
  const loop = async () => {
    while (performance.now() < end) {
      const began = performance.now()
      await call()
      times.push(performance.now() - began)
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, loop))
  client.close()
  times.sort((a, b) => a - b)
  return { rate: times.length / seconds, p50: times[Math.floor(times.length / 2)], p99: times[Math.floor(times.length * 0.99)] }
}

function say(name, { rate, p50, p99 }, floor) {
  const ratio = floor === undefined ? '' : `${(rate / floor.rate).toFixed(2)} of bare`
  console.log(`${name.padEnd(44)} ${String(Math.round(rate)).padStart(8)}/s  ${ratio}  p50 ${p50.toFixed(1)} ms  p99 ${p99.toFixed(1)} ms`)
}
