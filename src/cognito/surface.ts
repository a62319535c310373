import type { Surface } from '../contract/report/surface.ts'
import { contract, requestSchema, requests } from './contract/index.ts'
import { operations } from './invoke.ts'
import { CONTENT_TYPE } from './wire.ts'

/** What a report must know of this contract. */
export const surface: Surface = {
  vendor: 'cognito',
  version: contract.apiVersion,
  text: () => JSON.stringify(contract),
  operations,
  request: requestSchema,
  lookup: (id) => requests.get(id),
  http: (name, input) => ({
    method: 'POST',
    path: '/',
    headers: { 'content-type': CONTENT_TYPE, 'x-amz-target': `${contract.targetPrefix}.${name}` },
    body: input,
  }),
}
