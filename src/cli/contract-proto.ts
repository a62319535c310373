import { readdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join, relative } from 'node:path'
import type * as Protobuf from 'protobufjs'
import { UsageError } from '../config.ts'
import { type ProtoDrift, protoDrift } from '../contract/drift.ts'
import type { ProtoContract } from '../contract/proto.ts'
import { BadProto, contractIn } from '../contract/proto-files.ts'

/** The contract of Yandex against a folder of `.proto` files, at any depth; undefined if there are none. */
export function driftOfFolder(folder: string): ProtoDrift | undefined {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.proto'))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort()
  if (files.length === 0) return undefined
  const here = JSON.parse(readFileSync(new URL('../yandex/contract/contract.json', import.meta.url), 'utf8')) as ProtoContract
  const texts = files.map((path) => ({ file: relative(folder, path), text: readFileSync(path, 'utf8') }))
  try {
    const found = protoDrift(here, contractIn(texts, library(), here))
    if (found.compared.operations > 0) return found
  } catch (error) {
    if (error instanceof BadProto) throw new UsageError(error.message)
    throw error
  }
  throw new UsageError(`${folder} has no service in common with any contract here`)
}

const NAME = 'protobufjs'

/** Whoever compares brings it along: nothing else here needs it. */
function library(): typeof Protobuf {
  for (const place of [join(process.cwd(), 'package.json'), import.meta.url]) {
    try {
      return createRequire(place)(NAME) as typeof Protobuf
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'MODULE_NOT_FOUND') throw error
    }
  }
  throw new UsageError(`a folder of .proto files is read with ${NAME}: npm install --save-dev ${NAME}`)
}
