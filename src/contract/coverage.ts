import type { Operations } from './operation.ts'

export interface Coverage {
  room: string
  known: number
  built: number
  operations: { name: string; built: boolean }[]
}

/** Contract names against the files in `operations/`. */
export function coverageOf(room: string, operations: Operations): Coverage {
  const list = operations.known.map((name) => ({ name, built: operations.built.has(name) }))
  return { room, known: list.length, built: list.filter(({ built }) => built).length, operations: list }
}
