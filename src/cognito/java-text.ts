import { contract, MARKS } from './contract/index.ts'

// How the service, written in Java, prints what a request held: in sentences about broken constraints.

/** A member as sentences name it. */
export function memberName(member: string): string {
  return member.charAt(0).toLowerCase() + member.slice(1)
}

/** A value as Java writes it: structures with all their members (`RecoveryOptionType(priority=1, name=admin_only)`, cdk-preflight). */
export function javaText(value: unknown, name: string | undefined): string {
  const shape = name === undefined ? undefined : contract.shapes[name]
  if (Array.isArray(value)) return `[${value.map((item) => javaText(item, shape?.member)).join(', ')}]`
  if (typeof value !== 'object' || value === null) return String(value)
  const given = value as Record<string, unknown>
  if (shape?.type === 'structure') {
    const members = Object.entries(shape.members ?? {})
    return `${name}(${members.map(([member, inner]) => `${memberName(member)}=${javaText(given[member] ?? null, inner.shape)}`).join(', ')})`
  }
  // Sentences go into logs; what the service says of a secret there is not known.
  const secret = name === undefined ? undefined : MARKS.secret[name]
  return `{${Object.entries(given)
    .map(([key, item]) => `${key}=${secret?.includes(key) === true ? '***' : javaText(item, shape?.value)}`)
    .join(', ')}}`
}

/** Sentences are written in Latin-1 (cdk-preflight, a client's name in Japanese). */
export function latin(text: string): string {
  return text.replace(/[^\p{ASCII}\u0080-\u00ff]/gu, '?')
}

/**
 * Values in the order that the service lists them in: that of a hash table with 32 places under Java's hash of a text. Every list seen in
 * life has it: of flows (awsdocs/aws-cloudformation-user-guide#525, #563; moto#4836), of MFA (CloudFormationCognitoCustomResources#1), of
 * types, contacts and risks (cdk-preflight).
 */
export function hashed(values: readonly string[]): string[] {
  return [...values].sort((a, b) => bucket(a) - bucket(b))
}

function bucket(text: string): number {
  let hash = 0
  for (let at = 0; at < text.length; at++) hash = (Math.imul(31, hash) + text.charCodeAt(at)) | 0
  return hash & 31
}
