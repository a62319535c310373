/** Whether a value holds more than so many members and items, at any depth. Counted only as far as that, and never into the stack. */
export function holdsMoreThan(value: unknown, most: number): boolean {
  const left = [value]
  let count = 0
  while (left.length > 0) {
    const next = left.pop()
    if (typeof next !== 'object' || next === null) continue
    const items = Array.isArray(next) ? next : Object.values(next)
    count += items.length
    if (count > most) return true
    for (const item of items) if (typeof item === 'object' && item !== null) left.push(item)
  }
  return false
}

/** Whether objects and lists lie in each other deeper than so. */
export function isDeeperThan(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return false
  return levels === 0 || Object.values(value).some((item) => isDeeperThan(item, levels - 1))
}

/** What is kept must be read again: the database takes a thousand levels of JSON. */
export const DEEPEST = 200
