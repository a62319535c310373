import type { CreateUserPoolClientRequest, UpdateUserPoolClientRequest, UserPoolClientType } from '../../contract/types.ts'
import type { Client } from '../../records.ts'
import { filled } from '../pools/settings.ts'

/** What an update replaces (cognito-behaviour C7); the rest is fixed when the client is made. */
export type ClientSettings = Omit<
  Client,
  'ClientId' | 'UserPoolId' | 'ClientName' | 'ClientSecret' | 'Secrets' | 'CreationDate' | 'LastModifiedDate'
>

const REFRESH_TOKEN_DAYS = 30
const SESSION_MINUTES = 3

/** The settings of a client as asked for, each absent one at its default or left out as the service leaves it out (C1 to C5). */
export function clientSettings(input: CreateUserPoolClientRequest | UpdateUserPoolClientRequest): ClientSettings {
  return {
    // 0 means 30 days (cognito-facts 46).
    RefreshTokenValidity: input.RefreshTokenValidity || REFRESH_TOKEN_DAYS,
    AccessTokenValidity: input.AccessTokenValidity,
    IdTokenValidity: input.IdTokenValidity,
    TokenValidityUnits: units(input),
    ReadAttributes: filled(input.ReadAttributes),
    WriteAttributes: filled(input.WriteAttributes),
    ExplicitAuthFlows: filled(input.ExplicitAuthFlows),
    SupportedIdentityProviders: filled(input.SupportedIdentityProviders),
    CallbackURLs: filled(input.CallbackURLs),
    LogoutURLs: filled(input.LogoutURLs),
    DefaultRedirectURI: input.DefaultRedirectURI,
    AllowedOAuthFlows: filled(input.AllowedOAuthFlows),
    AllowedOAuthScopes: filled(input.AllowedOAuthScopes),
    AllowedOAuthFlowsUserPoolClient: input.AllowedOAuthFlowsUserPoolClient ?? false,
    AnalyticsConfiguration: input.AnalyticsConfiguration,
    PreventUserExistenceErrors: input.PreventUserExistenceErrors,
    EnableTokenRevocation: input.EnableTokenRevocation ?? true,
    EnablePropagateAdditionalUserContextData: input.EnablePropagateAdditionalUserContextData ?? false,
    AuthSessionValidity: input.AuthSessionValidity ?? SESSION_MINUTES,
    // Without a grace period there is none, and the answer says so (terraform-provider-aws#45646).
    RefreshTokenRotation: input.RefreshTokenRotation && { RetryGracePeriodSeconds: 0, ...input.RefreshTokenRotation },
  }
}

/** One unit given brings the other two (C3). */
function units({ TokenValidityUnits: asked }: CreateUserPoolClientRequest | UpdateUserPoolClientRequest): Client['TokenValidityUnits'] {
  if (asked === undefined) return undefined
  return { AccessToken: asked.AccessToken ?? 'hours', IdToken: asked.IdToken ?? 'hours', RefreshToken: asked.RefreshToken ?? 'days' }
}

/** A client as answers show it. */
export function clientView({ Secrets, ...client }: Client): UserPoolClientType {
  return client
}
