import { Refusal } from '../../core/refusal.ts'

export function notYet(): never {
  throw new Refusal('NotImplemented', 'Poolhouse does not serve the provider auth0-user yet; name provider: cognito-user')
}
