import { readFileSync, writeFileSync } from 'node:fs'
import { type AwsContract, typesOf as awsTypes } from './aws.ts'
import type { ProtoContract } from './proto.ts'
import { typesOf as protoTypes } from './proto-types.ts'

// `npm run contract`: contract.json → types.ts, in the source tree, whether run from src or dist.
const rooms = new URL('../../src/', import.meta.url)

function generate<Contract>(room: string, typesOf: (contract: Contract) => string): void {
  const folder = new URL(`${room}/contract/`, rooms)
  const contract = JSON.parse(readFileSync(new URL('contract.json', folder), 'utf8')) as Contract
  writeFileSync(new URL('types.ts', folder), typesOf(contract))
}

generate<AwsContract>('cognito', awsTypes)
generate<ProtoContract>('yandex', protoTypes)
