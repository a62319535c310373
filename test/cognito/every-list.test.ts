import { test } from 'tap'
import { contract, type Name } from '../../src/cognito/contract/index.ts'
import type { Document } from '../../src/cognito/contract/types.ts'
import { Authenticator } from '../support/authenticator.ts'
import { makeClient, refuses } from '../support/cognito.ts'
import { emulator, type TestEmulator } from '../support/emulator.ts'
import { makeUser, makeWorld, tokensOf } from '../support/sign-in.ts'

/** What holds for every operation that answers in pages: the whole list comes, each item once, and a token is good for its question alone. */

const PROVIDER = { client_id: 'id', client_secret: 'secret', authorize_scopes: 'openid' }
const COUNT = 3

interface Side {
  UserPoolId: string
  Username: string
  AccessToken: string
  ClientId: string
  GroupName: string
}

/** A pool with three of everything that is listed. */
async function fill(idp: TestEmulator): Promise<Side> {
  const { cognito } = idp
  const world = await makeWorld(
    idp,
    {
      UserPoolTier: 'PLUS',
      UserPoolAddOns: { AdvancedSecurityMode: 'AUDIT' },
      DeviceConfiguration: { DeviceOnlyRememberedOnUserPrompt: false },
      Policies: { SignInPolicy: { AllowedFirstAuthFactors: ['PASSWORD', 'WEB_AUTHN'] } },
    },
    { GenerateSecret: false },
  )
  const UserPoolId = world.pool
  await cognito.SetUserPoolMfaConfig({ UserPoolId, WebAuthnConfiguration: { RelyingPartyId: 'example.com' } })
  await cognito.SetUserPoolSessionConfiguration({ UserPoolId, UserSessionTracking: 'ENABLED', TokenSession: { MaxPerUser: 10 } })
  const clients = [world.client, (await makeClient(idp, UserPoolId)).id, (await makeClient(idp, UserPoolId)).id]
  for (const [index, ProviderName] of (['Google', 'Facebook', 'LoginWithAmazon'] as const).entries()) {
    await cognito.CreateIdentityProvider({ UserPoolId, ProviderName, ProviderType: ProviderName, ProviderDetails: PROVIDER })
    await cognito.CreateResourceServer({ UserPoolId, Identifier: `server${index}`, Name: 'x' })
    await cognito.CreateTerms({
      UserPoolId,
      ClientId: clients[index] as string,
      TermsName: 'terms-of-use',
      TermsSource: 'LINK',
      Enforcement: 'NONE',
      Links: { 'cognito:default': 'https://example.com/terms' },
    })
    await cognito.CreateUserImportJob({ UserPoolId, JobName: 'job', CloudWatchLogsRoleArn: 'arn:aws:iam::000000000000:role/logs' })
    await makeUser(idp, world, `user${index}`)
  }
  const { Groups = [] } = await cognito.ListGroups({ UserPoolId })
  for (const { GroupName = '' } of Groups) await cognito.AdminAddUserToGroup({ UserPoolId, Username: 'user0', GroupName })
  const GroupName = Groups[0]?.GroupName ?? ''
  for (const Username of ['user1', 'user2']) await cognito.AdminAddUserToGroup({ UserPoolId, Username, GroupName })
  let AccessToken = ''
  for (let i = 0; i < COUNT; i++) {
    idp.clock.advance(1000)
    AccessToken = (await tokensOf(idp, world, 'user0')).AccessToken
    const DeviceKey = JSON.parse(Buffer.from(AccessToken.split('.')[1] ?? '', 'base64url').toString()).device_key as string
    await cognito.ConfirmDevice({ AccessToken, DeviceKey, DeviceSecretVerifierConfig: { PasswordVerifier: 'YWJj', Salt: 'YWJj' } })
    const { CredentialCreationOptions } = await cognito.StartWebAuthnRegistration({ AccessToken })
    const credential = new Authenticator('https://app.example.com').create(CredentialCreationOptions as never)
    await cognito.CompleteWebAuthnRegistration({ AccessToken, Credential: credential as Document })
  }
  const { UserPoolClient } = await cognito.CreateUserPoolClient({ UserPoolId, ClientName: 'secretive', GenerateSecret: true })
  const { ClientId = '' } = UserPoolClient ?? {}
  await cognito.AddUserPoolClientSecret({ UserPoolId, ClientId })
  return { UserPoolId, Username: 'user0', AccessToken, ClientId, GroupName }
}

interface List {
  asks: readonly (keyof Side)[]
  /** The member that says how long a page may be; without one a list comes whole, but its tokens are looked at all the same. */
  limit?: 'Limit' | 'MaxResults'
  items: string
  wrong?: string
  /** What its answer holds, where it cannot be looked at page by page: so many, told apart by this member. */
  whole?: { count: number; by: string }
}

const POOL = ['UserPoolId'] as const
const USER = ['UserPoolId', 'Username'] as const
const OWN = ['AccessToken'] as const

const LISTS: Partial<Record<Name, List>> = {
  AdminListDevices: { asks: USER, limit: 'Limit', items: 'Devices' },
  AdminListGroupsForUser: { asks: USER, limit: 'Limit', items: 'Groups' },
  AdminListUserAuthEvents: { asks: USER, limit: 'MaxResults', items: 'AuthEvents' },
  AdminListUserSessions: { asks: USER, items: 'Sessions', whole: { count: COUNT, by: 'SessionId' } },
  ListDevices: { asks: OWN, limit: 'Limit', items: 'Devices' },
  ListGroups: { asks: POOL, limit: 'Limit', items: 'Groups' },
  ListIdentityProviders: { asks: POOL, limit: 'MaxResults', items: 'Providers' },
  ListResourceServers: { asks: POOL, limit: 'MaxResults', items: 'ResourceServers' },
  ListTerms: { asks: POOL, limit: 'MaxResults', items: 'Terms' },
  ListUserImportJobs: { asks: POOL, limit: 'MaxResults', items: 'UserImportJobs' },
  ListUserPoolClientSecrets: { asks: ['UserPoolId', 'ClientId'], items: 'ClientSecrets', whole: { count: 2, by: 'ClientSecretId' } },
  ListUserPoolClients: { asks: POOL, limit: 'MaxResults', items: 'UserPoolClients' },
  ListUserPoolReplicas: { asks: POOL, items: 'UserPoolReplicas', whole: { count: 1, by: 'RegionName' } },
  ListUserPools: { asks: [], limit: 'MaxResults', items: 'UserPools' },
  ListUserSessions: { asks: OWN, items: 'Sessions', whole: { count: COUNT, by: 'SessionId' } },
  ListUsers: { asks: POOL, limit: 'Limit', items: 'Users', wrong: 'Paging Marker is Invalid for Request' },
  ListUsersInGroup: { asks: ['UserPoolId', 'GroupName'], limit: 'Limit', items: 'Users' },
  ListWebAuthnCredentials: { asks: OWN, limit: 'MaxResults', items: 'Credentials' },
}

const TOKENS = ['NextToken', 'PaginationToken']

test('every list', async (t) => {
  const idp = await emulator(t)
  const [here, there] = [await fill(idp), await fill(idp)]
  await idp.cognito.CreateUserPool({ PoolName: 'third' })

  const tokenOf = (name: string) =>
    Object.keys(contract.shapes[contract.operations[name]?.input ?? '']?.members ?? {}).find((member) => TOKENS.includes(member))
  const inPages = Object.keys(contract.operations).filter((name) => tokenOf(name) !== undefined)
  t.strictSame(Object.keys(LISTS).sort(), inPages.sort(), 'is looked at')

  const call = (name: string, side: Side, more: object) => {
    const asked = Object.fromEntries((LISTS[name as Name]?.asks ?? []).map((member) => [member, side[member]]))
    const operation = idp.cognito[name as Name] as (input: unknown) => Promise<unknown>
    return operation({ ...asked, ...more }) as Promise<Record<string, unknown>>
  }
  const firstToken = async (name: string, side: Side) => {
    const { limit } = LISTS[name as Name] as List
    return limit === undefined ? undefined : (await call(name, side, { [limit]: 1 }))[tokenOf(name) as string]
  }
  const foreign = { ListGroups: await firstToken('ListGroups', here), ListUsers: await firstToken('ListUsers', here) }

  for (const [name, { limit, items, asks, whole: complete, wrong = 'Invalid pagination token provided' }] of Object.entries(LISTS) as [
    string,
    List,
  ][]) {
    const member = tokenOf(name) as string
    await t.test(`${name} gives each item once, page by page`, async (t) => {
      const whole = (await call(name, here, limit === undefined ? {} : { [limit]: 20 }))[items] as unknown[]
      if (limit === undefined) {
        const keys = new Set((whole as Record<string, unknown>[]).map((item) => item[complete?.by ?? '']))
        t.strictSame([whole.length, keys.size, keys.has(undefined)], [complete?.count, complete?.count, false])
        t.notOk(member in (await call(name, here, {})), 'and there is no more')
        return
      }
      t.ok(whole.length >= COUNT, `${whole.length} of at least ${COUNT}`)
      for (const size of [1, 2]) {
        const found: unknown[] = []
        let token: unknown
        do {
          const page = await call(name, here, { [limit]: size, ...(token === undefined ? {} : { [member]: token }) })
          t.ok((page[items] as unknown[]).length <= size)
          found.push(...(page[items] as unknown[]))
          token = page[member]
        } while (token !== undefined)
        t.strictSame(found, whole)
      }
    })

    await t.test(`${name} refuses a token that is bent, of another list, or of another question`, async (t) => {
      const length = limit === undefined ? {} : { [limit]: 1 }
      const refused = (side: Side, token: unknown) =>
        refuses(t, call(name, side, { ...length, [member]: token }), 'InvalidParameterException', wrong)
      await refused(here, 'nonsense')
      await refused(here, name === 'ListGroups' ? foreign.ListUsers : foreign.ListGroups)
      const token = await firstToken(name, here)
      if (token === undefined) return
      await refused(here, `${String(token).slice(0, -2)}zz`)
      if (asks.length > 0) await refused(there, token)
    })
  }

  await t.test('ListUsers binds its tokens to the filter, ListUserPoolClients to the type (A20)', async (t) => {
    const { UserPoolId } = here
    const { PaginationToken } = await idp.cognito.ListUsers({ UserPoolId, Limit: 1, Filter: 'username ^= "user"' })
    const words = 'Paging Marker is Invalid for Request'
    await refuses(t, idp.cognito.ListUsers({ UserPoolId, PaginationToken }), 'InvalidParameterException', words)
    const { NextToken } = await idp.cognito.ListUserPoolClients({ UserPoolId, MaxResults: 1 })
    const typed = idp.cognito.ListUserPoolClients({ UserPoolId, NextToken, ClientType: 'REGULAR' })
    await refuses(t, typed, 'InvalidParameterException', 'Invalid pagination token provided')
  })
})
