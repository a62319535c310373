import { elapsed } from '../core/clock.ts'

const WIDTH = 30
const LINE_EVERY = 5000
const SMALL = 1000

/** A bar on a terminal, a line every few seconds elsewhere; nothing for what is done in no time. */
export function meter(write: (text: string) => void, terminal: boolean): { at(done: number, total: number): void; end(): void } {
  const started = elapsed()
  let lined = started
  let drawn = false
  return {
    at(done, total) {
      if (total < SMALL) return
      const rate = Math.round((done * 1000) / Math.max(elapsed() - started, 1))
      if (terminal) {
        const full = Math.round((WIDTH * done) / total)
        write(`\r[${'█'.repeat(full)}${'·'.repeat(WIDTH - full)}] ${done} of ${total}, ${rate}/s `)
        drawn = true
      } else if (elapsed() - lined > LINE_EVERY) {
        lined = elapsed()
        write(`fixtures: ${done} of ${total}, ${rate}/s\n`)
      }
    },
    end() {
      if (drawn) write('\r\u001b[K')
      drawn = false
    },
  }
}
