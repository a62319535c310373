import type { CognitoCall } from '../../call.ts'
import type { ClientSecretDescriptorType } from '../../contract/types.ts'
import type { Client, ClientSecret } from '../../records.ts'

/** Every secret that the client may use at present; none for a public client. */
export function secretsOf(client: Client): string[] {
  return client.Secrets.map(({ value }) => value)
}

/** A secret to keep with its client; its id is the client's and the moment it was made at (ClientSecretDescriptorType). */
export function newSecret(call: CognitoCall, clientId: string, value: string, others: readonly ClientSecret[] = []): ClientSecret {
  let at = call.now
  while (others.some(({ id }) => id === idOf(clientId, at))) at++
  return { id: idOf(clientId, at), value, created: call.seconds }
}

function idOf(clientId: string, at: number): string {
  return `${clientId}--${at}`
}

/** The client with these secrets; the first is the one that it is shown with. */
export function withSecrets(call: CognitoCall, client: Client, Secrets: ClientSecret[]): Client {
  return { ...client, Secrets, ClientSecret: Secrets[0]?.value, LastModifiedDate: call.seconds }
}

/** A secret without its value, which is shown once (cognito-behaviour C12). */
export function secretView({ id, created }: ClientSecret): ClientSecretDescriptorType {
  return { ClientSecretId: id, ClientSecretCreateDate: created }
}
