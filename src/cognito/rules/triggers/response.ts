/** What a part of a response must look like. Null stands for absence everywhere, and members that nobody knows are let be. */
export type Form = 'text' | 'flag' | 'any' | readonly [Form] | { map: Form } | { members: Readonly<Record<string, Form>> }

export function fits(value: unknown, form: Form): boolean {
  if (value === null || value === undefined || form === 'any') return true
  if (form === 'text') return typeof value === 'string'
  if (form === 'flag') return typeof value === 'boolean'
  if (typeof value !== 'object') return false
  if (isList(form)) return Array.isArray(value) && value.every((item) => fits(item, form[0]))
  if (Array.isArray(value)) return false
  if ('map' in form) return Object.values(value).every((item) => fits(item, form.map))
  return Object.entries(form.members).every(([name, part]) => fits((value as Record<string, unknown>)[name], part))
}

function isList(form: Form): form is readonly [Form] {
  return Array.isArray(form)
}
